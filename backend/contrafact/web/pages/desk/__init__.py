"""The rights desk: what a rights holder does about works. What it does about money is in `money`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from contrafact.web.auth import sessions
from contrafact.web.pages.desk import mine
from contrafact.web.pages.desk.work import shown
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.schemas.fields import Digest
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
TODOS = 8
"""Things to do that are shown at a time."""
Text = Annotated[str, Query(max_length=200)]


@router.get("/desk")
def overview(request: Request, services: Given, text: Text = "", after: str | None = None) -> Response:
    """A holder's works, and what is to be done about them."""
    caller = sessions.find(request)
    told = _overview(services, caller.wallet, text.strip(), after) if caller else {}
    return page(
        request, "desk/overview.html.j2", area="desk", title="Rights desk", section="overview", wide=True, **told
    )


def _overview(services: Services, wallet: str, text: str, after: str | None) -> dict[str, Any]:
    todos, all_seen = mine.to_do(services, wallet)
    return {
        "todos": todos,
        "all_seen": all_seen,
        "shown": TODOS,
        "waiting": mine.waiting(services, wallet),
        "minimums": mine.minimums(services, wallet),
        "works": mine.listed(services, wallet, text, after),
        "text": text,
        "after": after,
    }


@router.get("/desk/register")
def register(request: Request) -> Response:
    """Drop a file, see whether it is new, and register it."""
    return page(
        request, "desk/register/register.html.j2", area="desk", title="Register a work", section="register", wide=True
    )


@router.get("/desk/works/{work}")
def work(work: Digest, request: Request, services: Given) -> Response:
    """A work: its terms, its holders, and what became of it. Its licensor and holders act here."""
    caller = sessions.find(request)
    told = shown(services, work, caller.wallet if caller else "")
    name = f"{told['row'].title or 'Untitled'} · Rights desk"
    return page(
        request, "desk/works/work.html.j2", area="desk", title=name, section="overview", open=True, wide=True, **told
    )
