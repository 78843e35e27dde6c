"""What the commands print: tables for people, JSON for machines, errors for both."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contrafact.errors import ContrafactError

console = Console(highlight=False)
aside = Console(stderr=True, highlight=False)
"""For progress, warnings and errors, so that standard output holds the result alone."""


def show(document: object, as_json: bool, *parts: Table | str) -> None:
    """Prints `document` as JSON, or `parts` one below the other for a person."""
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for part in parts:
        if isinstance(part, str):
            console.print(_text(part), soft_wrap=True)
        elif part.row_count:
            console.print(part)


def show_error(error: ContrafactError, as_json: bool) -> None:
    """Prints an error to standard error, as `{code, message, hint}` or in words."""
    if as_json:
        print(json.dumps(error.to_dict(), ensure_ascii=False), file=sys.stderr)
        return
    aside.print(_text(f"Error: {error.message}"), style="bold red", soft_wrap=True)
    if error.hint:
        aside.print(_text(f"→ {error.hint}"), soft_wrap=True)


def tell(message: str) -> None:
    """Prints something worth knowing to standard error."""
    aside.print(_text(message), soft_wrap=True)


def warn(message: str) -> None:
    """Prints a warning to standard error."""
    aside.print(_text(f"Warning: {message}"), style="yellow", soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table; columns of shares, amounts and rates are right-aligned."""
    made = Table()
    for column in columns:
        made.add_column(column, justify="right" if column.endswith(("%", "amount", "price", "/s", "ratio")) else "left")
    for row in rows:
        made.add_row(*(_text(cell) for cell in row))
    return made


def details(rows: Iterable[tuple[str, object]]) -> Table:
    """Names and values of one thing, a line each."""
    made = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    made.add_column(no_wrap=True, style="bold")
    made.add_column(overflow="fold")
    for name, value in rows:
        made.add_row(_text(name), _text(value))
    return made


def counted(count: int, noun: str) -> str:
    """`1 work`, `2 works`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def short(identifier: str) -> str:
    """An id or address short enough to read: `0x1234abcd…9876`."""
    return identifier if len(identifier) <= 16 else f"{identifier[:10]}…{identifier[-4:]}"


def line(words: str, most: int = 300) -> str:
    """A stranger's words on one line, so that they cannot pass for lines of ours; cut where they are too many."""
    cut = words if len(words) <= most else f"{words[: most - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)


def _text(value: object) -> Text:
    """`value` as it is: titles come from strangers, and may hold rich's markup or a terminal's control sequences."""
    return Text("".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(value)))
