"""Bytes from anybody: every reader of documents refuses them with an error of the project, and never crashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain import challenges, collections, events, manifest_proofs, manifests, models, quotes, record, works
from contrafact.domain.generation import MusicRequest
from contrafact.errors import InvalidInput

from .documents import CHALLENGE, EVENTS, MODEL, QUOTE, RECORD, WORK
from .test_collections import AIRS, MANIFEST

Reader = Callable[[bytes], Any]
READERS: dict[str, tuple[Reader, bytes]] = {
    "events": (events.from_bytes, EVENTS),
    "work": (works.WorkMetadata.from_bytes, WORK),
    "collection": (collections.Collection.from_bytes, AIRS.to_bytes()),
    "manifest": (manifests.Manifest.from_bytes, MANIFEST.to_bytes()),
    "manifest proof": (manifest_proofs.from_bytes, manifest_proofs.prove(bytes(32), MANIFEST, bytes(32)).to_bytes()),
    "model": (models.ModelMetadata.from_bytes, MODEL),
    "record": (record.AttributionRecord.from_bytes, RECORD),
    "challenge": (challenges.ChallengeEvidence.from_bytes, CHALLENGE),
    "quote": (quotes.SignedQuote.from_bytes, QUOTE),
}
readers = pytest.mark.parametrize("kind", READERS)


def refuse_or_keep(kind: str, data: bytes) -> None:
    """Either InvalidInput, or a document whose bytes are exactly the given ones."""
    read, _ = READERS[kind]
    try:
        document = read(data)
    except InvalidInput:
        return
    assert (events.to_bytes(document) if kind == "events" else document.to_bytes()) == data


@readers
def test_the_sample_itself_is_read(kind: str) -> None:
    read, data = READERS[kind]
    assert read(data) == read(data)


@readers
@given(data=st.binary() | st.text().map(str.encode))
def test_any_bytes_are_refused(kind: str, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        READERS[kind][0](data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, item in inner for path in paths(item, (*here, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


@readers
@given(data=st.data())
def test_any_value_in_any_place_is_refused_or_kept(kind: str, data: st.DataObject) -> None:
    document = json.loads(READERS[kind][1])
    path = data.draw(st.sampled_from(paths(document)))
    changed = put(document, path, data.draw(json_values))
    text = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=data.draw(st.booleans()))
    refuse_or_keep(kind, text.encode("utf-8", "surrogatepass"))


@readers
@given(data=st.data())
def test_any_missing_part_is_refused_or_kept(kind: str, data: st.DataObject) -> None:
    document = json.loads(READERS[kind][1])
    path = data.draw(st.sampled_from([path for path in paths(document) if path]))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    del parent[path[-1]]
    refuse_or_keep(kind, json.dumps(document, sort_keys=True, separators=(",", ":")).encode())


@readers
@given(data=st.data())
def test_any_altered_bytes_are_refused_or_kept(kind: str, data: st.DataObject) -> None:
    original = bytearray(READERS[kind][1])
    for _ in range(data.draw(st.integers(1, 3))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    refuse_or_keep(kind, bytes(original))


HOSTILE = {
    "nothing": b"",
    "not utf-8": b"\xff\xfe{}",
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "a string without an end": b'"' + b'\\"' * 500_000,
    "a huge integer": b"1" * 5_000,
    "a huge float": b"1e999999",
    "not a number": b"NaN",
    "a lone surrogate": b'"\\ud800"',
    "a raw surrogate": b'"\xed\xa0\x80"',
    "a string": b'"schema"',
    "a list": b"[]",
    "null": b"null",
}
SPELLED: dict[str, Callable[[bytes], bytes]] = {
    "with a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "in utf-16": lambda text: text.decode().encode("utf-16"),
    "in utf-32": lambda text: text.decode().encode("utf-32"),
    "with a repeated key": lambda text: b'{"schema":"x",' + text[1:],
    "with the schema repeated": lambda text: text[:-1] + b',"schema":"' + json.loads(text)["schema"].encode() + b'"}',
    "indented": lambda text: json.dumps(json.loads(text), indent=1).encode(),
    "with a space after it": lambda text: text + b" ",
    "with a line break after it": lambda text: text + b"\n",
    "with an escaped letter": lambda text: text.replace(b"contrafact/", b"\\u0063ontrafact/", 1),
    "with an escaped slash": lambda text: text.replace(b"contrafact/", b"contrafact\\/", 1),
    "twice": lambda text: text + text,
}  # fmt: skip


@readers
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused(kind: str, name: str) -> None:
    with pytest.raises(InvalidInput) as error:
        READERS[kind][0](HOSTILE[name])
    assert len(str(error.value)) < 1000


@readers
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_inside_a_document_are_refused_or_kept(kind: str, name: str) -> None:
    document = json.loads(READERS[kind][1])
    for key in document:
        text = json.dumps({**document, key: "HERE"}, sort_keys=True, separators=(",", ":")).encode()
        refuse_or_keep(kind, text.replace(b'"HERE"', HOSTILE[name]))


@readers
@pytest.mark.parametrize("name", SPELLED)
def test_the_same_content_in_another_spelling_is_refused(kind: str, name: str) -> None:
    read, sample = READERS[kind]
    with pytest.raises(InvalidInput):
        read(SPELLED[name](sample))


def test_brackets_in_a_string_are_no_nesting() -> None:
    title = "[" * 1000 + '\\"' + "{" * 1000
    work = replace(works.WorkMetadata.from_bytes(WORK), title=title)
    assert works.WorkMetadata.from_bytes(work.to_bytes()).title == title


@readers
def test_an_unknown_field_is_refused(kind: str) -> None:
    read, sample = READERS[kind]
    changed = json.dumps({**json.loads(sample), "zzz": 1}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(InvalidInput, match="canonical"):
        read(changed.encode())


@given(json_values)
def test_any_value_is_refused_as_a_music_request(value: Any) -> None:
    with pytest.raises(InvalidInput):
        MusicRequest.from_dict(value)
