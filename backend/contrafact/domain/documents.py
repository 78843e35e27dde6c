"""Canonical documents: how every JSON document of the project is read, strictly, and refused with one kind of error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from contrafact.domain.digests import cid, from_hex, to_hex
from contrafact.errors import InvalidInput


class Document(Protocol):
    def to_bytes(self) -> bytes:
        """The canonical bytes of the document."""


D = TypeVar("D", bound=Document)
MAX_DEPTH = 32
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string, also one that does not end, which is no JSON: it must not be looked for again from each quotation mark in
it. It never goes back (`++`), so that time and memory do not grow with what it matched."""


def parse(data: bytes, schema: str, build: Callable[[dict[str, Any]], D], *later: str) -> D:
    """The document in `data`, made by `build` from its fields; of `schema`, or of a `later` one.

    Raises InvalidInput when the bytes are not JSON, not of `schema`, miss a field, hold a value of another
    kind, or are not the canonical (RFC 8785) bytes of what they say.
    """
    try:
        fields = read_json(data)
        if fields["schema"] not in (schema, *later):
            raise ValueError(f"its schema is {fields['schema']!r}")
        document = build(fields)
        canonical = document.to_bytes()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        reason = f"{error!r}"[:200]  # it may quote what was read, which may be long
        raise InvalidInput(f"The document cannot be read: {reason}.", f"Expected a {schema} document.") from error
    if canonical != data:
        raise InvalidInput(f"The {schema} document is not canonical.", "It must be the RFC 8785 bytes of its content.")
    return document


def read_json(data: bytes) -> Any:
    """The value in UTF-8 JSON from anybody. Raises ValueError for other bytes and for nesting beyond 32 levels.

    Libraries below lift Python's recursion limit so far that the JSON reader, left alone, overflows the
    stack on a few hundred kilobytes of brackets and takes the process with it.
    """
    source = data.decode()
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", _STRING.sub("", source)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested deeper than {MAX_DEPTH}")
    return json.loads(source)


def file_reference(digest: bytes) -> dict[str, str]:
    """How a document names a file: by SHA-256 and by the CID of the same digest."""
    return {"sha256": to_hex(digest), "cid": cid(digest)}


def referenced(value: dict[str, str]) -> bytes:
    """The digest in a file reference. Raises InvalidInput when it is malformed."""
    return from_hex(value["sha256"])


def text(value: object) -> str:
    """`value`, which must be a string. Raises TypeError."""
    if type(value) is not str:
        raise TypeError(f"{value!r} is not a string")
    return value


def natural(value: object) -> int:
    """`value`, which must be an integer that is not negative. Raises TypeError."""
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is not a natural number")
    return value


def amount(value: object) -> int:
    """The integer in a decimal string. Raises ValueError or TypeError."""
    digits = text(value)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is not a whole number of units")
    return int(digits)


def flag(value: object) -> bool:
    """`value`, which must be a boolean. Raises TypeError."""
    if type(value) is not bool:
        raise TypeError(f"{value!r} is not true or false")
    return value


def hex_bytes(value: object) -> bytes:
    """The bytes in a `0x…` string of any length. Raises ValueError or TypeError."""
    prefix, digits = text(value)[:2], text(value)[2:]
    if prefix != "0x" or digits != digits.lower():
        raise ValueError(f"{value!r} is not lower-case hex with 0x before it")
    return bytes.fromhex(digits)
