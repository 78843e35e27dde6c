"""Certificates in FLAC, WAV and MP3: they are read as they were written, and every way to fake one is told apart."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from contrafact.certificates import MEDIA_TYPES
from contrafact.certificates.formats import converted
from contrafact.certificates.manifest import ATTRIBUTION, manifest
from contrafact.certificates.reading import BindingFault, Presence, Reading, read
from contrafact.certificates.signing import sign
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate
from contrafact.errors import InvalidInput, NotPermitted

from .pieces import KINDS, OPERATOR, PCM, RATE, SOMEBODY, account, claims, heard, new_credential, piece

CREDENTIAL = new_credential()
SHIFTED_CLOCK = Path(__file__).parents[1] / "faults/shifted_clock.c"


def certified(kind: str, said: Certificate | None = None) -> bytes:
    return sign(piece(kind), MEDIA_TYPES[kind], said or claims(), CREDENTIAL)


def read_as(kind: str, audio: bytes) -> Reading:
    return read(audio, MEDIA_TYPES[kind])


def with_changed_sound(kind: str, signed: bytes) -> bytes:
    """The file with one bit of its sound changed; the manifest stands before it, or behind it in a WAV."""
    at = 4_000 if kind == "wav" else len(signed) - 500
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_plays_as_before_and_says_what_was_claimed(kind: str) -> None:
    signed = certified(kind)
    found = read_as(kind, signed)
    assert found.claims == claims()
    assert (found.presence, found.is_sound, found.is_in_date) == (Presence.PRESENT, True, True)
    assert found.binding == CREDENTIAL.binding
    assert found.certificate == CREDENTIAL.certificate
    assert np.array_equal(heard(signed), heard(piece(kind)))
    assert kind == "mp3" or np.array_equal(heard(signed), PCM)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_of_sound_and_a_changed_claim_are_told_apart(kind: str) -> None:
    signed = certified(kind)
    sound = read_as(kind, with_changed_sound(kind, signed))
    assert (sound.is_untouched, sound.is_signed, sound.claims) == (False, True, claims())
    claim = read_as(kind, signed.replace(b"Reel", b"Jigg"))
    assert (claim.is_untouched, claim.is_signed, claim.is_sound) == (True, False, False)
    assert claim.claims is not None
    assert claim.claims.sources[1].title == "Jigg"


@pytest.mark.parametrize("kind", ["flac", "mp3"])
def test_a_manifest_that_was_moved_to_another_piece_does_not_fit_it(kind: str) -> None:
    signed, plain = certified(kind), piece(kind)
    manifest = signed[: len(signed) - len(plain)]
    assert manifest + plain == signed
    found = read_as(kind, manifest + piece(kind, backwards=True))
    assert (found.presence, found.is_untouched, found.is_signed) == (Presence.PRESENT, False, True)


@pytest.mark.parametrize("kind", KINDS)
def test_no_certificate_and_a_damaged_one_are_told_apart(kind: str) -> None:
    assert read_as(kind, piece(kind)).presence is Presence.NONE
    signed = certified(kind)
    broken = signed.replace(b"c2pa.signature\0", b"c2pa.signaturx\0")
    assert read_as(kind, broken).presence is Presence.MALFORMED


def test_a_foreign_key_under_a_copied_binding_is_found() -> None:
    """Somebody signs with a key of their own, and copies the operator's binding out of a genuine file."""
    forged = replace(new_credential(account(SOMEBODY)), binding=CREDENTIAL.binding)
    found = read_as("flac", sign(piece("flac"), "audio/flac", claims(), forged))
    assert (found.is_untouched, found.is_signed, found.is_sound) == (True, True, False)
    assert BindingFault.OTHER_KEY in found.binding_faults


def test_a_binding_by_another_address_is_found() -> None:
    """Somebody binds their certificate to the operator: as if it had signed, and in their own name."""
    pretending = replace(account(SOMEBODY, OPERATOR), signer=OPERATOR.address)
    found = read_as("flac", sign(piece("flac"), "audio/flac", claims(), new_credential(pretending)))
    assert found.binding_faults == (BindingFault.OTHER_SIGNER,)
    as_named = new_credential(account(SOMEBODY, OPERATOR))
    openly = read_as("flac", sign(piece("flac"), "audio/flac", claims(), as_named))
    assert openly.binding is not None
    assert openly.binding.signer == SOMEBODY.address  # whether the operator has named that key, the chain says
    assert openly.binding_faults == ()


def test_a_binding_of_strangers_is_refused_or_signed_by_nobody() -> None:
    bound = CREDENTIAL.binding
    assert bound.recovered() == OPERATOR.address
    whole = bound.signature
    for signature in (b"", whole[:64], whole + b"\0", whole[:64] + b"\x63", b"\xff" * 64 + b"\x1b", bytes(65)):
        assert replace(bound, signature=signature).recovered() is None
    for name, value in (("chain_id", 2**256), ("valid_until", 2**64), ("operator", "0x12"), ("spki_sha256", 7)):
        with pytest.raises(InvalidInput):
            Binding.from_dict({**bound.to_dict(), name: value})


def test_a_file_is_not_signed_for_another_operator_or_place_or_as_something_else() -> None:
    others = (replace(claims(), operator=SOMEBODY.address), replace(claims(), chain_id=1))
    for said in (*others, replace(claims(), contract=SOMEBODY.address)):
        with pytest.raises(NotPermitted, match="another chain, contract or operator"):
            sign(piece("flac"), "audio/flac", said, CREDENTIAL)
    with pytest.raises(InvalidInput, match="audio/midi"):
        sign(piece("flac"), "audio/midi", claims(), CREDENTIAL)
    with pytest.raises(InvalidInput, match="cannot be given a certificate"):
        sign(b"no sound", "audio/flac", claims(), CREDENTIAL)


def test_whoever_trusts_the_operators_authority_is_told_so() -> None:
    signed = certified("flac")
    assert not read_as("flac", signed).is_trusted
    assert read(signed, "audio/flac", CREDENTIAL.authority).is_trusted
    assert not read(signed, "audio/flac", new_credential().authority).is_trusted


def test_a_binding_whose_operator_was_changed_is_found() -> None:
    somebody = new_credential(account(SOMEBODY))
    changed = replace(somebody, binding=replace(somebody.binding, operator=OPERATOR.address))
    found = read_as("flac", sign(piece("flac"), "audio/flac", claims(), changed))
    assert found.binding_faults == (BindingFault.OTHER_SIGNER,)


def test_a_certificate_that_has_ended_is_told_from_one_that_holds(tmp_path: Path) -> None:
    """Signed by a machine whose clock stands 40 days back: nobody can say now when that was."""
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("no C compiler is installed, which makes the library that moves the clock")
    clock, signed = tmp_path / "clock.so", tmp_path / "piece.flac"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", clock, SHIFTED_CLOCK, "-ldl"], check=True)
    moved = {**os.environ, "LD_PRELOAD": str(clock), "CLOCK_SHIFT": str(-40 * 86_400)}
    subprocess.run([sys.executable, "-m", "tests.certificates.sign_in_the_past", signed], env=moved, check=True)
    found = read(signed.read_bytes(), "audio/flac")
    assert (found.is_in_date, found.is_untouched, found.is_signed, found.binding_faults) == (False, True, True, ())
    assert {"signingCredential.expired"} & set(found.codes)


def test_nothing_is_signed_with_a_certificate_that_has_ended() -> None:
    ended = new_credential(days=30, now=datetime.now(UTC) - timedelta(days=40))
    with pytest.raises(NotPermitted, match="has ended"):
        sign(piece("flac"), "audio/flac", claims(), ended)


def test_a_damaged_certificate_is_told_and_never_taken_for_another_ones_claims() -> None:
    """A few hundred files with some bytes of their manifest changed, left out or added."""
    rng, signed = random.Random(29), {kind: certified(kind) for kind in KINDS}
    for _ in range(300):
        kind = rng.choice(KINDS)
        file = bytearray(signed[kind])
        begin = file.find(b"jumdc2pa") - 70
        at, width = rng.randrange(begin, begin + 7_000), rng.randrange(1, 40)
        file[at : at + rng.choice((0, width, width + 9))] = rng.randbytes(rng.choice((0, width)))
        found = read_as(kind, bytes(file))
        assert not found.is_sound or found.claims == claims()


def test_a_certificate_that_says_two_things_is_refused_whichever_stands_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def twofold(said: Certificate, *rest: object) -> dict[str, Any]:
        definition: dict[str, Any] = manifest(said, *rest)  # type: ignore[arg-type]
        untrue = {"label": ATTRIBUTION, "data": replace(said, base_share=1).to_dict(), "created": True}
        return {**definition, "assertions": [untrue, *definition["assertions"]]}

    monkeypatch.setattr("contrafact.certificates.signing.manifest", twofold)
    found = read_as("flac", certified("flac"))
    assert (found.presence, found.claims) == (Presence.MALFORMED, None)
    assert "two places" in found.problem


def test_mp3_sounds_as_the_piece() -> None:
    """The noise that the other tests take for a piece is no measure: MP3 leaves noise out."""
    time = np.arange(RATE) / RATE
    tone = (8000 * np.sin(2 * np.pi * np.outer(time, [440.0, 550.0]))).astype(np.int16)
    flac = io.BytesIO()
    soundfile.write(flac, tone, RATE, format="FLAC", subtype="PCM_16")
    difference = heard(converted(flac.getvalue(), "mp3")).astype(float) - tone
    assert np.sqrt(np.mean(difference**2)) < 0.05 * np.sqrt(np.mean(tone.astype(float) ** 2))
