"""Each verdict, on real files of a real order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from eth_account.signers.local import LocalAccount

from contrafact.demo import world
from contrafact.domain.challenges import Award, CommittedOrder
from contrafact.domain.digests import cid, from_hex
from contrafact.errors import InvalidInput
from contrafact.ledger.challenge_desk import ChallengeReader, ChallengeWriter
from contrafact.verifying import Verdict, remarks
from contrafact.wiring.verified_chain import VerifiedChain
from tests.e2e.town import maker, operator

from .finds import Finds, other_music, samples_of, without, written

pytestmark = pytest.mark.slow
"""The town and its order take most of the time; they are made once."""


def test_a_delivered_file_leads_to_its_sources_and_to_what_each_was_paid(finds: Finds) -> None:
    report = finds.verify(finds.certified())
    assert (report.verdict, report.found_by, report.not_checked) == (Verdict.CERTIFIED, "certificate", ())
    order, reader = report.to_dict()["order"], finds.town.site().reader
    assert order["id"] == finds.order
    credited = Counter[str]()
    for event in reader.credited(from_hex(finds.order)):
        credited["0x" + event.beneficiary.hex()] += event.amount
    paid = {row["work"]: int(row["paid"]["units"]) for row in order["sources"]}
    assert paid | {order["model"]: int(order["training_pool"]["units"])} == dict(credited)
    assert all(row["paid"] == row["settled"] for row in order["sources"])
    left = [order["operator_fee"], order["returned"], order["training_pool"]]
    total = sum(paid.values()) + sum(int(amount["units"]) for amount in left)
    assert total == int(order["escrowed"]["units"])
    assert [row["title"] for row in order["sources"]] == [tune.title for tune in finds.town.tunes]
    assert sum(row["share"] for row in order["sources"]) + order["base_share"] == 1_000_000
    assert order["licence_cid"] == cid(finds.record.licence)
    assert (order["use"], order["maker"], order["operator"]) == ("commercial", maker().address, operator().address)
    assert "its certificate, its record and the chain say the same" in report.to_dict()["meaning"]
    told = report.to_dict()["advice"]
    assert f"Only the order's maker, {maker().address}, may use the piece, for commercial use." in told
    assert "If you are not the maker, you get no permission" in told
    assert f"contrafact licence {finds.order}" in told


def test_no_more_is_said_than_was_compared_where_the_record_was_not_seen(finds: Finds, elsewhere: Path) -> None:
    found = finds.verify(finds.certified(), elsewhere, without("store")).to_dict()
    assert found["verdict"] == "certified"
    assert "its certificate and the chain say the same. The record was not seen" in found["meaning"]


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_every_format_is_certified_to_the_sample_or_by_ear(finds: Finds, kind: str) -> None:
    report = finds.verify(finds.certified(kind))
    assert report.verdict is Verdict.CERTIFIED
    assert ("to the sample" in report.judgement.reasons[-1]) == (kind == "wav")


def test_changed_bytes_around_the_same_sound_are_told_from_changed_sound(finds: Finds) -> None:
    signed = finds.certified()
    tagged = finds.verify(finds.manifest + _with_another_tag(finds.plain))
    assert tagged.verdict is Verdict.ALTERED
    assert any("still the recorded one, to the sample" in reason for reason in tagged.judgement.reasons)
    samples, rate = samples_of(finds.plain)
    quiet = samples.copy()
    quiet[: rate // 10] = 0
    sound = finds.verify(finds.manifest + written(quiet, rate))
    assert sound.verdict is Verdict.ALTERED
    assert any("no longer the recorded ones" in reason for reason in sound.judgement.reasons)
    half = finds.verify(finds.manifest + written(np.concatenate([samples[: len(samples) // 2], _noise(samples)]), rate))
    assert half.verdict is Verdict.ALTERED
    assert any("not the recorded one any more" in reason for reason in half.judgement.reasons)
    cut = finds.verify(signed[: len(signed) * 2 // 3])
    assert cut.verdict is Verdict.ALTERED
    assert {report.judgement.order_id for report in (tagged, sound, half, cut)} == {from_hex(finds.order)}


def test_a_file_that_was_encoded_anew_is_told_by_its_sound(finds: Finds) -> None:
    """A program that carries metadata over to what it writes: MP3 has its manifest in the same kind of tag as FLAC."""
    signed = finds.certified("mp3")
    tag = signed[: len(signed) - len(finds.file("mp3"))]
    samples, rate = samples_of(finds.plain)
    again = finds.verify(tag + written(samples, rate, "MP3", bitrate_mode="CONSTANT", compression_level=0.8))
    assert (again.verdict, again.found_by) == (Verdict.RE_ENCODED, "certificate")
    assert not any("excerpt" in reason for reason in again.judgement.reasons)
    end = len(samples) - 2 * rate
    cut = finds.verify(tag + written(samples[:end], rate, "MP3", bitrate_mode="CONSTANT", compression_level=0.8))
    assert any(reason.startswith("It is an excerpt: seconds 0.0 to") for reason in cut.judgement.reasons)


def test_a_certificate_in_another_piece_is_transplanted(finds: Finds) -> None:
    report = finds.verify(finds.manifest + other_music())
    assert (report.verdict, report.order) == (Verdict.TRANSPLANTED, None)
    assert finds.order in report.judgement.reasons[0]


def test_a_stripped_file_is_found_by_its_samples_without_a_store_and_by_its_sound_with_one(
    finds: Finds, elsewhere: Path
) -> None:
    exact = finds.verify(finds.plain, elsewhere, without("store"))
    assert (exact.verdict, exact.found_by) == (Verdict.STRIPPED, "samples")
    assert "the attribution record" in {gap.what for gap in exact.not_checked}
    samples, rate = samples_of(finds.plain)
    lossy = written(samples[rate:] / 4, rate, "MP3", bitrate_mode="CONSTANT", compression_level=(320 - 64) / 288)
    heard = finds.verify(lossy, elsewhere)
    assert (heard.verdict, heard.found_by) == (Verdict.STRIPPED, "sound")
    assert heard.order is not None
    assert heard.order.is_settled
    assert f"seconds 1.0 to {len(samples) / rate:.1f} of the piece's" in heard.judgement.reasons[1]


def test_certificates_of_others_and_untrue_ones_are_forged(finds: Finds) -> None:
    said = finds.claims
    mine = said.sources[0]
    untrue = [
        replace(said, record=b"\x07" * 32),
        replace(said, order_id=b"\x08" * 32),
        replace(said, base_share=said.base_share + 1),
        replace(said, sources=(replace(mine, work_id=said.sources[1].work_id), *said.sources[1:])),
        replace(said, operator=maker().address),
        replace(said, licence=b"\x09" * 32),
        replace(said, base_share="much"),  # type: ignore[arg-type]  # claims that no honest software writes
    ]
    for claims in untrue[:6]:
        assert finds.verify(finds.certified(claims=claims)).verdict is Verdict.FORGED, claims
    others = finds.verify(finds.certified(key=maker()))
    assert others.verdict is Verdict.FORGED
    assert "vouches for who signed" in others.judgement.reasons[0]
    assert finds.verify(finds.retitled).verdict is Verdict.FORGED
    wrong = finds.verify(finds.certified(claims=untrue[6]))
    assert wrong.verdict is Verdict.FORGED
    assert "malformed" in wrong.judgement.reasons[0]


def test_an_operator_who_signs_other_sound_under_a_record_is_found(finds: Finds) -> None:
    from contrafact.certificates.signing import sign

    report = finds.verify(sign(other_music(), "audio/flac", finds.claims, finds.credential()))
    assert report.verdict is Verdict.FORGED
    assert "not those of the committed piece" in report.judgement.reasons[0]


def test_what_was_never_ordered_here_is_unknown(finds: Finds) -> None:
    assert finds.verify(other_music()).verdict is Verdict.UNKNOWN
    foreign = replace(finds.claims, chain_id=1)
    report = finds.verify(finds.manifest_of(foreign) + other_music())
    assert report.verdict is Verdict.UNKNOWN
    assert "chain 1" in report.judgement.reasons[0]


def test_without_a_chain_a_certificate_or_an_ear_nothing_is_said_that_was_not_checked(finds: Finds) -> None:
    signed = finds.certified()
    assert finds.verify(signed, change=without("chain")).verdict is Verdict.UNCHECKED
    assert finds.verify(finds.plain, change=without("certificates")).verdict is Verdict.UNCHECKED
    assert finds.verify(signed, change=without("ear")).verdict is Verdict.UNCHECKED
    assert finds.verify(finds.certified("mp3"), change=without("store")).verdict is Verdict.UNCHECKED
    assert finds.verify(signed, change=without("store")).verdict is Verdict.CERTIFIED


def test_other_titles_than_those_of_the_works_are_named_and_accuse_nobody(finds: Finds) -> None:
    said = finds.claims
    first = replace(said.sources[0], title="My own song\n\x1b[31m" + "x" * 500)
    report = finds.verify(finds.certified(claims=replace(said, sources=(first, *said.sources[1:]))))
    assert report.verdict is Verdict.CERTIFIED
    assert finds.town.tunes[0].title in report.judgement.reasons[-1]
    assert report.judgement.reasons[-1].isprintable()
    assert len(report.judgement.reasons[-1]) < 500


def test_keys_that_an_operator_named_since_the_order_may_sign_for_it_and_those_replaced_before_may_not(
    finds: Finds,
) -> None:
    site, (_, committed) = finds.town.site(), finds.chained
    keys, writer = [world.account(n) for n in (12, 13)], site.writer(operator())
    for key in keys:
        writer.register_operator(key.address)
    try:
        first, second = (finds.verify(finds.certified(key=key)).verdict for key in keys)
        assert (first, second) == (Verdict.CERTIFIED, Verdict.CERTIFIED)
        chain = VerifiedChain(site.connection, site.deployment)
        now = chain.signers_of(operator().address, site.connection.head())
        assert set(now) == {operator().address, keys[1].address}
        assert set(chain.signers_of(operator().address, committed.block)) == {operator().address, *_addresses(keys)}
    finally:
        writer.register_operator()


def test_an_upheld_challenge_is_said_beside_the_verdict(finds: Finds) -> None:
    site, (funded, committed) = finds.town.site(), finds.chained
    before = finds.town.rpc("evm_snapshot")
    try:
        reader, quote = ChallengeReader(site.connection, site.deployment), funded.quote
        bond = reader.challenge_bond(quote)
        site.writer(world.account(world.DEPLOYER)).mint_dollars(world.account(12).address, bond)
        finder = ChallengeWriter(site.connection, site.deployment, world.account(12))
        finder.challenge(CommittedOrder(funded, committed, quote.use), b"\x01" * 32, bond)
        report = finds.verify(finds.certified())
        assert (report.verdict, report.judgement.reasons[-1]) == (Verdict.CERTIFIED, remarks.OPEN)
        arbiter = ChallengeWriter(site.connection, site.deployment, world.account(world.DEPLOYER))
        arbiter.rule(quote, Award((0,) * len(quote.sources), 1))
        assert finds.verify(finds.plain).judgement.reasons[-1] == remarks.UPHELD
    finally:
        finds.town.rpc("evm_revert", before)


def test_hostile_files_get_a_clear_error(finds: Finds) -> None:
    rate = 48_000
    endless = written(np.zeros((700 * rate, 1)), rate)
    assert len(endless) < 1_000_000
    for data, said in [
        (b"", "empty"),
        (b"no audio at all", "none of FLAC"),
        (b"PK\x03\x04" + bytes(100), "none of FLAC"),
        (finds.plain[:30], "cannot be heard"),
        (b"fLaC" + bytes(1000), "cannot be heard"),
        (b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", "cannot be heard"),
        (endless, "lasts longer"),
    ]:
        with pytest.raises(InvalidInput, match=said):
            finds.verify(data)


def test_damage_anywhere_in_a_certified_file_is_no_crash(finds: Finds) -> None:
    signed, rng = finds.certified(), np.random.default_rng(3)
    for at in rng.integers(len(finds.manifest), size=5):
        damaged = bytearray(signed)
        damaged[at] ^= 0xFF
        with suppress(InvalidInput):
            assert finds.verify(bytes(damaged)).verdict is not Verdict.UNCHECKED


def _addresses(keys: Sequence[LocalAccount]) -> list[str]:
    return [key.address for key in keys]


def _noise(samples: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.standard_normal((len(samples) - len(samples) // 2, 2)) * 0.1


def _with_another_tag(flac: bytes) -> bytes:
    """A padding block more, right after the first block."""
    first = 4 + 4 + int.from_bytes(flac[5:8], "big")
    return flac[:first] + bytes([1, 0, 0, 8]) + bytes(8) + flac[first:]
