"""The rights desk: what a rights holder does about works. What it does about money is in `money`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.web.pages.serving import page

router = APIRouter(include_in_schema=False)


@router.get("/desk")
def overview(request: Request) -> Response:
    """A holder's works, and what is to be done about them."""
    return page(request, "desk/overview.html.j2", area="desk", title="Rights desk", section="overview", wide=True)
