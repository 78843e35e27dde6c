"""Metadata of works and models, and music requests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.digests import canonical_json, cid, sha256
from contrafact.domain.generation import MusicRequest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.errors import InvalidInput, InvalidOrder

from .documents import ALICE, BOB, MODEL, MUSIC, SPLIT, WORK, digest
from .strategies import confirmations, digests, music_requests, of_holders, splits, texts

IPI = ["00052210040", "00014107338", "00045620792"]
described = st.builds(
    WorkMetadata,
    title=texts,
    catalogue_id=texts,
    collection=texts,
    credits=st.lists(texts, max_size=3).map(tuple),
    media_type=texts,
    content=digests,
    source_form=digests,
    split=splits,
    note=texts,
    recording_of=st.none() | digests,
)


@st.composite
def works(draw: st.DrawFn) -> WorkMetadata:
    work = draw(described)
    names = [*work.credits, *(leaf.holder for leaf in work.split.leaves)]
    ipi = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(IPI), max_size=2))
    isrc = draw(st.sampled_from(["", "USRC17607839"])) if work.recording_of else ""
    numbers = Identifiers(isrc, draw(st.sampled_from(["", "T0345246801"])), ipi)
    return replace(work, identifiers=numbers, confirmations=of_holders(draw(confirmations), work.split))


@given(works())
def test_a_works_metadata_comes_back_from_its_document(work: WorkMetadata) -> None:
    data = work.to_bytes()
    assert WorkMetadata.from_bytes(data) == work
    assert work.digest() == sha256(data)


@given(works())
def test_the_document_names_each_file_by_both_forms_of_one_digest(work: WorkMetadata) -> None:
    document = json.loads(work.to_bytes())
    assert document["content"] == {"sha256": "0x" + work.content.hex(), "cid": cid(work.content)}
    assert document["source_form"]["cid"] == cid(work.source_form)


@given(works(), works())
def test_different_metadata_have_different_digests(a: WorkMetadata, b: WorkMetadata) -> None:
    assert (a.digest() == b.digest()) == (a == b)


def numbers(**changes: object) -> dict[str, object]:
    return {"isrc": "", "iswc": "", "ipi": {}} | changes


def altered(**fields: Any) -> bytes:
    return canonical_json({**json.loads(WORK), **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": "contrafact/work/2"},
        {"title": 5},
        {"title": None},
        {"credits": "one"},
        {"credits": [1]},
        {"credits": {"a": 1}},
        {"content": cid(bytes(32))},
        {"content": {"sha256": "0x" + "00" * 32, "cid": cid(b"\1" * 32)}},
        {"content": {"sha256": "0x" + "00" * 32}},
        {"content": {"sha256": "00" * 32, "cid": cid(bytes(32))}},
        {"rights_holders": []},
        {"rights_holders": [{"holder": ALICE, "share": 999_999, "confirmation": ""}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "confirmation": "", "name": "A"}]},
        {"rights_holders": [{"holder": ALICE.lower(), "share": 1_000_000, "confirmation": ""}]},
        {"rights_holders": [{"holder": "alice", "share": 1_000_000, "confirmation": ""}]},
        {"rights_holders": [{"share": 1_000_000, "confirmation": ""}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "confirmation": None}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "confirmation": "0x"}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "confirmation": "0xAB"}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "confirmation": "ab"}]},
        {"kind": "composition"},
        {"kind": "song"},
        {"recording_of": ""},
        {"recording_of": "0x12"},
        {"recording_of": None},
        {"identifiers": {}},
        {"identifiers": numbers(isrc="US-RC1-76-07839")},
        {"identifiers": numbers(isrc="USRC1760783")},
        {"identifiers": numbers(iswc="T0345246802")},
        {"identifiers": numbers(iswc="T-034.524.680-1")},
        {"identifiers": numbers(ipi={ALICE: "00052210041"})},
        {"identifiers": numbers(ipi={ALICE: "052210040"})},
        {"identifiers": numbers(ipi={"nobody": "00052210040"})},
        {"identifiers": numbers(ipi={ALICE.lower(): "00052210040"})},
        {"identifiers": numbers(ipi=[])},
        {"identifiers": numbers(ean="4006381333931")},
        {"rights_holders": [[ALICE, 1_000_000]]},
        {"note": []},
        {"year": 1800},
    ],
)
def test_metadata_that_say_something_else_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        WorkMetadata.from_bytes(altered(**fields))


@pytest.mark.parametrize("missing", sorted(json.loads(WORK)))
def test_metadata_without_a_field_are_refused(missing: str) -> None:
    document = json.loads(WORK)
    del document[missing]
    with pytest.raises(InvalidInput):
        WorkMetadata.from_bytes(canonical_json(document))


def test_an_isrc_is_for_recordings_only() -> None:
    composition = {"kind": "composition", "recording_of": ""}
    with pytest.raises(InvalidInput, match="ISRC"):
        WorkMetadata.from_bytes(altered(**composition, identifiers=numbers(isrc="USRC17607839")))
    assert WorkMetadata.from_bytes(altered(**composition, identifiers=numbers())).kind == "composition"


def test_a_holder_without_a_confirmation_is_written_with_an_empty_one() -> None:
    rows = json.loads(WORK)["rights_holders"]
    assert rows == [
        {"holder": ALICE, "share": 700_000, "confirmation": ""},
        {"holder": BOB, "share": 300_000, "confirmation": "0x" + bytes(range(65)).hex()},
    ]


@given(texts, digests, st.integers(0, 2**53 - 1), st.sampled_from(Rule), st.integers(1, 10**6))
def test_a_models_metadata_comes_back_from_its_document(
    name: str, root: bytes, count: int, rule: Rule, cap: int
) -> None:
    model = ModelMetadata(name, root, root, root, root, count, PoolRule(rule, cap, root), name)
    assert ModelMetadata.from_bytes(model.to_bytes()) == model


@pytest.mark.parametrize("pool", [{"rule": "luck"}, {"owner_cap": 0}, {"owner_cap": 1_000_001}, {"evidence": "0x"}])
def test_a_pool_rule_that_no_contract_takes_is_refused(pool: dict[str, object]) -> None:
    document = json.loads(MODEL)
    document["pool"] |= pool
    with pytest.raises(InvalidInput):
        ModelMetadata.from_bytes(canonical_json(document))


MODEL_ON_CHAIN = Model(
    digest("id"), ALICE, digest("w"), digest("m"), SPLIT.root, {ALICE: 5, BOB: 7}, digest("d"), 1, 100
)


def test_a_model_has_a_base_rate_in_each_token_it_takes() -> None:
    assert MODEL_ON_CHAIN.base_rate(ALICE.lower()) == 5
    assert MODEL_ON_CHAIN.base_rate(BOB) == 7
    with pytest.raises(InvalidOrder, match=BOB):
        MODEL_ON_CHAIN.base_rate("0x" + "11" * 20)


@pytest.mark.parametrize(("sunset", "now", "open_"), [(0, 2**60, True), (100, 99, True), (100, 100, False)])
def test_a_model_takes_orders_until_its_sunset(sunset: int, now: int, open_: bool) -> None:
    assert replace(MODEL_ON_CHAIN, sunset=sunset).takes_orders(ALICE, now) == open_


def test_a_sunset_that_terms_enforced_counts_in_its_token_only() -> None:
    model = replace(MODEL_ON_CHAIN, sunset=100, sunsets={ALICE: 50})
    assert (model.takes_orders(ALICE.lower(), 50), model.takes_orders(BOB, 50)) == (False, True)


@given(music_requests)
def test_a_music_request_comes_back_from_its_document(request: MusicRequest) -> None:
    assert MusicRequest.from_dict(request.to_dict()) == request
    assert request.digest() == sha256(canonical_json(request.to_dict()))


@given(music_requests, music_requests)
def test_different_requests_have_different_digests(a: MusicRequest, b: MusicRequest) -> None:
    assert (a.digest() == b.digest()) == (a == b)


@pytest.mark.parametrize("wrong", [None, "4", 4.0, True, [], [4], [4, 4, 4], "44", {"4": 4}])
@pytest.mark.parametrize("field", ["seconds", "tempo", "tonic", "mode", "metre", "voices", "schema"])
def test_a_request_with_a_field_of_another_kind_is_refused(field: str, wrong: object) -> None:
    if field == "mode" and isinstance(wrong, str):
        wrong = 7
    with pytest.raises(InvalidOrder):
        MusicRequest.from_dict({**MUSIC.to_dict(), field: wrong})


@pytest.mark.parametrize("field", ["seconds", "tempo", "tonic", "mode", "metre", "voices", "schema"])
def test_a_request_without_a_field_is_refused(field: str) -> None:
    document = MUSIC.to_dict()
    del document[field]
    with pytest.raises(InvalidOrder):
        MusicRequest.from_dict(document)
