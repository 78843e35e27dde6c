"""Pages of rows, by opaque cursor."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from contrafact.read_model import MAX_PAGE, Page


def _page(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="At most so many rows.", examples=[20])] = 20,
    after: Annotated[
        str | None, Query(max_length=512, description="The cursor `following` of the page before.", examples=[None])
    ] = None,
) -> Page:
    return Page(limit, after or None)


Paged = Annotated[Page, Depends(_page)]
"""How an operation asks for its page."""
