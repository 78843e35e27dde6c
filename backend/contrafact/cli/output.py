"""What the commands print: tables for people, JSON for machines, errors for both."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from contrafact.errors import ContrafactError

console = Console()
_errors = Console(stderr=True)


def show(document: object, as_json: bool, table: Table | str) -> None:
    """Prints `document` as JSON, or `table` for a person."""
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console.print(table)


def show_error(error: ContrafactError, as_json: bool) -> None:
    """Prints an error to standard error, as `{code, message, hint}` or in words."""
    if as_json:
        print(json.dumps(error.to_dict(), ensure_ascii=False), file=sys.stderr)
        return
    _errors.print(f"Error: {error.message}", style="bold red", markup=False)
    if error.hint:
        _errors.print(f"→ {error.hint}", markup=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; numbers are right-aligned when their column's name ends with a blank-separated unit."""
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, justify="right" if column.endswith(("%", "amount", "price", "#")) else "left")
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    return made


def short(identifier: str) -> str:
    """An id or address short enough to read: `0x1234abcd…9876`."""
    return identifier if len(identifier) <= 16 else f"{identifier[:10]}…{identifier[-4:]}"
