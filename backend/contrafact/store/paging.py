"""Pages of long lists: a cursor names the last row that was seen, so that further rows disturb nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_

from contrafact.errors import InvalidInput
from contrafact.read_model import MAX_PAGE, Page

Key = tuple[int | bytes, ...]


def page_of(query: Select[Any], page: Page, kind: str, columns: Sequence[Any], *, newest_first: bool) -> Select[Any]:
    """The query, in the order of `columns`, from after the page's cursor on; it has one row more than the page.

    Raises InvalidInput for a limit outside of 1 to `MAX_PAGE`, and for a cursor that is not of a list of this `kind`.
    """
    if not 1 <= page.limit <= MAX_PAGE:
        raise InvalidInput(f"A page has 1 to {MAX_PAGE} rows, not {page.limit}.")
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
        raise InvalidInput("This is no cursor of this list.", "Take the one that the page before gave.")
    return values
