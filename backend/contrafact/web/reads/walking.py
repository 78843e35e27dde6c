"""All rows of a listing, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from contrafact.read_model import MAX_PAGE, Listing, Page

T = TypeVar("T")


def walked(read: Callable[[Page], Listing[T]]) -> Iterator[T]:
    """Every row that `read` has, in its order."""
    after: str | None = None
    while True:
        found = read(Page(MAX_PAGE, after))
        yield from found.rows
        if (after := found.following) is None:
            return
