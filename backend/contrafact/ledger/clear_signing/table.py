"""Reads `table.toml`, which says what is shown of each function and message."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Row:
    """One value that is shown: label, place, format, and for amounts where the token stands."""

    label: str
    path: str
    format: str = "raw"
    token: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown of one function or message: its purpose, then values in order."""

    intent: str
    rows: tuple[Row, ...]


Sheets = Mapping[str, Sheet]
"""By the name of the function or message."""


@cache
def sheets() -> Mapping[str, Sheets]:
    """By contract, and for `messages` (of the escrow) and `token_messages`."""
    table = tomllib.loads(files(__package__).joinpath("table.toml").read_text())
    shared = table.pop("shared")
    return {
        section: {name: _sheet(text, shared) for name, text in entries.items()} for section, entries in table.items()
    }


def _sheet(text: str, shared: Mapping[str, str]) -> Sheet:
    intent, *lines = text.strip().splitlines()
    return Sheet(intent, tuple(_row(line) for line in _expanded(lines, shared)))


def _expanded(lines: list[str], shared: Mapping[str, str]) -> Iterator[str]:
    for line in lines:
        yield from shared[line[2:]].strip().splitlines() if line.startswith("+ ") else [line]


def _row(line: str) -> Row:
    label, path, *written = (part.strip() for part in line.split("|"))
    format_, _, token = (written[0] if written else "raw").partition(" ")
    return Row(label, path, format_, token)
