"""Digests, CIDs and canonical JSON, against independent implementations."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multiformats import CID, multihash

from contrafact.domain.digests import canonical_json, cid, digest_of_cid, from_hex, sha256, to_hex
from contrafact.errors import InvalidInput

from .strategies import digests

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
A_CID = cid(sha256(b""))


@given(st.binary())
def test_a_cid_is_the_raw_cidv1_of_the_bytes(data: bytes) -> None:
    assert cid(sha256(data)) == str(CID("base32", 1, "raw", multihash.digest(data, "sha2-256")))


@given(st.binary())
def test_the_digest_in_a_cid_is_the_sha256_of_the_bytes(data: bytes) -> None:
    assert digest_of_cid(cid(sha256(data))) == hashlib.sha256(data).digest()


@given(digests, st.integers(0, len(A_CID) - 1), st.sampled_from(ALPHABET + ALPHABET.upper() + "01=.-/ \n"))
def test_changing_one_character_of_a_cid_names_other_content_or_nothing(digest: bytes, at: int, new: str) -> None:
    name = cid(digest)
    changed = name[:at] + new + name[at + 1 :]
    if changed == name:
        return
    with contextlib.suppress(InvalidInput):
        assert digest_of_cid(changed) != digest


@given(st.text())
def test_any_other_text_is_refused_as_a_cid(text: str) -> None:
    with pytest.raises(InvalidInput):
        digest_of_cid(text)


@given(st.binary(min_size=1, max_size=64), st.sampled_from(["raw", "dag-pb", "dag-json"]))
def test_only_raw_sha256_cids_are_taken(data: bytes, codec: str) -> None:
    for hash_name in ("sha2-256", "sha2-512", "sha3-256", "identity"):
        text = str(CID("base32", 1, codec, multihash.digest(data, hash_name)))
        if (codec, hash_name) == ("raw", "sha2-256"):
            assert digest_of_cid(text) == sha256(data)
        else:
            with pytest.raises(InvalidInput):
                digest_of_cid(text)


@given(digests)
def test_hex_comes_back(digest: bytes) -> None:
    assert from_hex(to_hex(digest)) == digest


@pytest.mark.parametrize(
    "value", ["", "0x", "ab" * 32, "0X" + "ab" * 32, "0x" + "AB" * 32, "0x" + "ab" * 31, "0x" + "ab" * 33]
)
def test_other_hex_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        from_hex(value)


@pytest.mark.parametrize("value", [None, 5, b"", [], {"a": 1}])
def test_what_is_not_text_is_refused_as_hex(value: Any) -> None:
    with pytest.raises(InvalidInput):
        from_hex(value)


def test_hex_with_a_line_break_is_refused() -> None:
    with pytest.raises(InvalidInput):
        from_hex(to_hex(bytes(32)) + "\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [  # the examples of RFC 8785, sections 3.2.2 to 3.2.4
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ([1e30, 4.50, 2e-3, 1e-27, 333333333.33333329], "[1e+30,4.5,0.002,1e-27,333333333.3333333]"),
        ({"string": '€$\x0f\nA\'B"\\\\"/'}, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'),
        ({"€": "Euro", "\r": "CR", "\ufb33": "Dalet", "1": "One", "😀": "Smile", "\x80": "Ctl", "ö": "O"},
         '{"\\r":"CR","1":"One","\x80":"Ctl","ö":"O","€":"Euro","😀":"Smile","\ufb33":"Dalet"}'),
        ([None, True, False, -0.0, 0], "[null,true,false,0,0]"),
    ],
)  # fmt: skip
def test_canonical_json_is_that_of_rfc_8785(value: object, expected: str) -> None:
    assert canonical_json(value) == expected.encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text("abcdef", max_size=3), st.integers(0, 9)), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, int], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, 2**53, -(2**53), {1: 2}, "\ud800", {"\ud800": 1}, object(), b"bytes", {1, 2}]
)
def test_what_json_cannot_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        canonical_json(value)


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    try:
        with pytest.raises(InvalidInput):
            canonical_json(value)
    finally:
        while value:  # or Python recurses when it frees the list
            value = value[0]
