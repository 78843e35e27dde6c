"""Pages of long lists: a cursor names the last row that was seen, so that further rows disturb nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_

from contrafact.errors import InvalidInput
from contrafact.read_model import MAX_PAGE, Page

Key = tuple[int | bytes, ...]
T = TypeVar("T")


def page_of(query: Select[Any], page: Page, kind: str, columns: Sequence[Any], *, newest_first: bool) -> Select[Any]:
    """The query, in the order of `columns`, from after the page's cursor on; it has one row more than the page.

    Raises InvalidInput for a limit outside of 1 to `MAX_PAGE`, and for a cursor that is not of a list of this `kind`.
    """
    _require_limit(page)
    if page.after is not None:
        query = query.where(_beyond(columns, _decoded(page.after, kind, len(columns)), newest_first))
    order = [column.desc() if newest_first else column.asc() for column in columns]
    return query.order_by(*order).limit(page.limit + 1)


def following(rows: Sequence[Any], page: Page, kind: str, columns: Sequence[Any]) -> str | None:
    """The cursor of the page after this one, of whose `rows` one is the next page's; None at the end."""
    if len(rows) <= page.limit:
        return None
    last = rows[page.limit - 1]
    return _encoded(kind, tuple(getattr(last, column.key) for column in columns))


def _beyond(columns: Sequence[Any], key: Key, newest_first: bool) -> ColumnElement[bool]:
    place = tuple_(*columns)
    return place < key if newest_first else place > key


def _encoded(kind: str, key: Key) -> str:
    written = [value.hex() if isinstance(value, bytes) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps([kind, *written]).encode()).decode().rstrip("=")


def _decoded(text: str, kind: str, count: int) -> Key:
    try:
        given, *key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = tuple(bytes.fromhex(value) if isinstance(value, str) else value for value in key)
    except (ValueError, TypeError, binascii.Error):
        given, values = None, ()
    fits = all(isinstance(value, bytes) or (type(value) is int and abs(value) < 2**63) for value in values)
    if given != kind or len(values) != count or not fits:
        raise _no_cursor()
    return values


def _require_limit(page: Page) -> None:
    if not 1 <= page.limit <= MAX_PAGE:
        raise InvalidInput(f"A page has 1 to {MAX_PAGE} rows, not {page.limit}.")


def _no_cursor() -> InvalidInput:
    return InvalidInput("This is no cursor of this list.", "Take the one that the page before gave.")


def slice_of(rows: Sequence[T], page: Page, kind: str, number: Callable[[T], int]) -> tuple[Sequence[T], str | None]:
    """A page of rows that are all there, by falling number, and the next page's cursor. Raises InvalidInput."""
    _require_limit(page)
    if page.after is not None:
        (last,) = _decoded(page.after, kind, 1)
        if isinstance(last, bytes):
            raise _no_cursor()
        rows = [row for row in rows if number(row) < last]
    chosen = rows[: page.limit]
    return chosen, _encoded(kind, (number(chosen[-1]),)) if len(rows) > page.limit else None
