"""Metadata of works, and music requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.digests import canonical_json, cid, sha256
from contrafact.domain.generation import MusicRequest
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, InvalidOrder

from .documents import ALICE, MUSIC, WORK
from .strategies import digests, music_requests, splits, texts

works = st.builds(
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
)


@given(works)
def test_a_works_metadata_comes_back_from_its_document(work: WorkMetadata) -> None:
    data = work.to_bytes()
    assert WorkMetadata.from_bytes(data) == work
    assert work.digest() == sha256(data)


@given(works)
def test_the_document_names_each_file_by_both_forms_of_one_digest(work: WorkMetadata) -> None:
    document = json.loads(work.to_bytes())
    assert document["content"] == {"sha256": "0x" + work.content.hex(), "cid": cid(work.content)}
    assert document["source_form"]["cid"] == cid(work.source_form)


@given(works, works)
def test_different_metadata_have_different_digests(a: WorkMetadata, b: WorkMetadata) -> None:
    assert (a.digest() == b.digest()) == (a == b)


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
        {"rights_holders": [{"holder": ALICE, "share": 999_999}]},
        {"rights_holders": [{"holder": ALICE, "share": 1_000_000, "name": "A"}]},
        {"rights_holders": [{"holder": ALICE.lower(), "share": 1_000_000}]},
        {"rights_holders": [{"holder": "alice", "share": 1_000_000}]},
        {"rights_holders": [{"share": 1_000_000}]},
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


@given(music_requests)
def test_a_music_request_comes_back_from_its_document(request: MusicRequest) -> None:
    assert MusicRequest.from_dict(request.to_dict()) == request
    assert request.digest() == sha256(canonical_json(request.to_dict()))


@given(music_requests, music_requests)
def test_different_requests_have_different_digests(a: MusicRequest, b: MusicRequest) -> None:
    assert (a.digest() == b.digest()) == (a == b)


@pytest.mark.parametrize("wrong", [None, "4", 4.0, True, [], [4], [4, 4, 4], "44", {"4": 4}])
@pytest.mark.parametrize("field", ["seconds", "tempo", "tonic", "mode", "metre", "schema"])
def test_a_request_with_a_field_of_another_kind_is_refused(field: str, wrong: object) -> None:
    if field == "mode" and isinstance(wrong, str):
        wrong = 7
    with pytest.raises(InvalidOrder):
        MusicRequest.from_dict({**MUSIC.to_dict(), field: wrong})


@pytest.mark.parametrize("field", ["seconds", "tempo", "tonic", "mode", "metre", "schema"])
def test_a_request_without_a_field_is_refused(field: str) -> None:
    document = MUSIC.to_dict()
    del document[field]
    with pytest.raises(InvalidOrder):
        MusicRequest.from_dict(document)
