"""`audit.json`, written entry by entry, so that a report of many orders is never in memory at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TextIO

from contrafact.audit.report import Report


def write_json(report: Report, to: TextIO, *, ascii_only: bool = True) -> None:
    """Writes what `Report.to_dict` gives."""
    for text in _texts(report, ascii_only):
        to.write(text)


def _texts(report: Report, ascii_only: bool) -> Iterator[str]:
    lists = report.lists()
    opening = "{\n"
    for name, value in report.head().items():
        yield f'{opening}  "{name}": '
        opening = ",\n"
        if name in lists:
            yield from _array(lists[name], ascii_only)
        else:
            yield _indented(value, 2, ascii_only)
    yield "\n}\n"


def _array(rows: Iterator[dict[str, object]], ascii_only: bool) -> Iterator[str]:
    opening = "["
    for row in rows:
        yield f"{opening}\n    {_indented(row, 4, ascii_only)}"
        opening = ","
    yield "[]" if opening == "[" else "\n  ]"


def _indented(value: object, by: int, ascii_only: bool) -> str:
    return json.dumps(value, indent=2, ensure_ascii=ascii_only).replace("\n", "\n" + " " * by)
