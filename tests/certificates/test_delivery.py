"""A maker's files with the operator's certificate: made once, described beside, and never a reason not to deliver."""

from __future__ import annotations

import io
import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from contrafact import certificates
from contrafact.certificates import MEDIA_TYPES, credential
from contrafact.certificates.reading import read
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord, RecordAudio
from contrafact.domain.typed_data import Eip712Domain
from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.signer import ExternalSigner
from contrafact.order import certifying
from contrafact.order.delivery import deliver, is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.records.folder import FolderStore
from contrafact.wiring.certifying import OperatorCertificate
from tests.domain import documents

from .pieces import OPERATOR, PCM, SOMEBODY, account, heard, piece

QUOTE = replace(SignedQuote.from_bytes(documents.QUOTE).quote, operator=OPERATOR.address)
DOMAIN = Eip712Domain(31337, documents.ALICE)
TITLES = ["The Lass of Peatie’s Mill"]


class Order:
    """A committed order whose files lie in a content store, and the folder that they are delivered to."""

    def __init__(self, home: Path) -> None:
        self.home, self.store = home, FolderStore(home / "store")
        for data in (piece("flac"), documents.EVENTS, b"midi", b"a stem", b"A licence."):
            self.store.put(data)
        stem = RecordAudio(bytes(32), sha256(b"a stem"))
        self.record = replace(
            AttributionRecord.from_bytes(documents.RECORD),
            mix=RecordAudio(sha256(PCM.tobytes()), sha256(piece("flac"))),
            stems=(stem, stem),
            midi=sha256(b"midi"),
            licence=sha256(b"A licence."),
        )
        self.store.put(self.record.to_bytes())
        self.folder = OrderFolder(home, self.record.order_id)
        self.claims = certifying.claims_of(self.record, QUOTE, TITLES)

    def deliver(self, certificate: OperatorCertificate | None) -> dict[str, bytes]:
        """The files that the maker has afterwards."""
        certifying.remember(self.folder, self.claims)
        deliver(self.folder, self.record, TITLES, self.store, certificate)
        made = self.folder.path / "delivery"
        return {str(path.relative_to(made)): path.read_bytes() for path in made.rglob("*") if path.is_file()}

    def certificate(self, is_wanted: bool = True) -> OperatorCertificate:
        return OperatorCertificate(self.home / "certificate", OPERATOR, OPERATOR.address, DOMAIN, is_wanted)

    def beside(self, kind: str = "flac") -> dict[str, object]:
        return certifying.described(self.folder, kind)


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(tmp_path)


def test_the_delivered_piece_carries_the_records_claims_and_another_run_changes_nothing(order: Order) -> None:
    files = order.deliver(order.certificate())
    found = read(files["piece.flac"], "audio/flac")
    assert found.is_sound
    assert found.claims == order.claims
    assert found.claims.record == sha256(files["record.json"])
    assert np.array_equal(heard(files["piece.flac"]), PCM)
    assert order.beside()["sha256"] == to_hex(sha256(files["piece.flac"]))
    assert order.beside()["made_from"]["sha256"] == to_hex(order.record.mix.flac)  # type: ignore[index]
    assert order.deliver(order.certificate()) == files
    assert is_delivered(order.folder)


def test_a_piece_is_exported_in_other_formats_once(order: Order) -> None:
    with pytest.raises(NotFound):
        certifying.export(order.folder, "wav", order.store, order.certificate())
    files = order.deliver(order.certificate())
    for kind in ("wav", "mp3"):
        path = order.folder.path / certifying.export(order.folder, kind, order.store, order.certificate())
        first = path.read_bytes()
        found = read(first, MEDIA_TYPES[kind])
        assert (found.is_sound, found.claims) == (True, order.claims)
        assert soundfile.info(io.BytesIO(first)).frames == len(PCM)
        certifying.export(order.folder, kind, order.store, order.certificate())
        assert path.read_bytes() == first
        assert order.beside(kind)["sha256"] == to_hex(sha256(first))
    assert np.array_equal(heard((order.folder.path / "delivery/piece.wav").read_bytes()), PCM)
    with pytest.raises(InvalidInput, match="ogg"):
        certifying.export(order.folder, "ogg", order.store, order.certificate())
    assert order.deliver(order.certificate())["piece.flac"] == files["piece.flac"]


@pytest.mark.parametrize("case", ["no certificate", "switched off", "not installed", "readable by others"])
def test_without_a_certificate_a_piece_is_delivered_as_it_is_and_says_why(
    order: Order, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = None if case == "no certificate" else order.certificate(is_wanted=case != "switched off")
    if case == "not installed":
        monkeypatch.setattr(certificates, "find_spec", lambda name: None)
    if case == "readable by others":
        order.certificate().credential()
        (order.home / "certificate" / credential.CREDENTIAL).chmod(0o644)
    assert order.deliver(certificate)["piece.flac"] == piece("flac")
    assert order.beside()["certified"] is False
    said = {"no certificate": "no certificate", "switched off": "CONTRAFACT_CERTIFY", "not installed": "pip install",
            "readable by others": "chmod 600"}  # fmt: skip
    assert said[case] in str(order.beside()["reason"])
    assert is_delivered(order.folder)


def test_a_certificate_is_made_when_needed_kept_from_others_and_renewed_in_time(order: Order) -> None:
    made = order.certificate().credential()
    assert made.binding.is_signed
    assert order.certificate().credential() == made
    folder = order.home / "certificate"
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.*")}
    secret = dict.fromkeys((credential.AUTHORITY, credential.CREDENTIAL), 0o600)
    assert kept == {".lock": kept[".lock"], credential.PUBLIC: 0o644, **secret}
    shown = json.loads((folder / credential.CREDENTIAL).read_text())
    nearly_over = credential.renew(folder, account_here(), days=0)
    renewed = order.certificate().credential()
    assert renewed not in (made, nearly_over)
    assert renewed.authority == made.authority == shown["authority"]


def test_another_account_gets_a_certificate_of_its_own(order: Order) -> None:
    made = order.certificate().credential()
    named = OperatorCertificate(order.home / "certificate", SOMEBODY, OPERATOR.address, DOMAIN).credential()
    assert (named.binding.operator, named.binding.signer) == (OPERATOR.address, SOMEBODY.address)
    assert named.binding.spki != made.binding.spki


def test_a_signer_that_may_ask_somebody_is_asked_by_the_command_only(order: Order) -> None:
    """Its URL leads nowhere: asking it would fail otherwise."""
    outside = ExternalSigner("http://127.0.0.1:9", OPERATOR.address)
    files = order.deliver(OperatorCertificate(order.home / "certificate", outside, OPERATOR.address, DOMAIN))
    assert files["piece.flac"] == piece("flac")
    assert "operator certificate new" in str(order.beside()["reason"])
    made = order.certificate().renew(days=30)
    assert OperatorCertificate(order.home / "certificate", outside, OPERATOR.address, DOMAIN).credential() == made


def account_here() -> credential.Account:
    return replace(account(), contract=DOMAIN.contract)
