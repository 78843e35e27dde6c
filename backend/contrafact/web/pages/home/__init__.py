"""The first page: what this is, something to hear at once, and where to go from there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import cid, to_hex
from contrafact.domain.job_state import JobStatus
from contrafact.domain.terms import Use
from contrafact.errors import ContrafactError, NotFound
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderQuery, OrderRow, Page, WorkQuery
from contrafact.web.documents import Documents
from contrafact.web.hearing import files_for
from contrafact.web.held import HeldStore
from contrafact.web.orders import summary
from contrafact.web.pages.explorer.home import in_one_line
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.work_views import work_of
from contrafact.web.schemas.works import Work
from contrafact.web.services import Given, Services

router = APIRouter(route_class=PageRoute)
LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A finished piece that anybody may hear: its order's id, and the titles of its songs."""

    order: str
    titles: tuple[str, ...]


@router.get("/")
def home(request: Request, services: Given) -> Response:
    """Where to go from here, and what there is already."""
    return page(
        request, "home/home.html.j2", title="Contrafact",
        so_far=in_one_line(services), song=first_song(services), piece=newest_piece(services),
    )  # fmt: skip


def first_song(services: Services) -> Work | None:
    """One to begin with: anybody may hear it here, and have a piece made of it, alone or with others."""
    if services.desk is None or services.songs is None:
        return None
    fit = WorkQuery(available=True, combinable=True, use=Use.PRIVATE, token=services.token)
    documents = Documents(services.published)
    with suppress(NotFound):
        for row in services.read_model.works(fit, Page(LOOKED_AT)).rows:
            described = documents.work(row.metadata)
            if row.title and row.metre and described and described.protection is None:
                return work_of(row, services.currency)
    return None


def newest_piece(services: Services) -> Piece | None:
    """The one that was made here last, for other than private use."""
    with suppress(NotFound):
        rows = services.read_model.orders(OrderQuery(status=OrderStatus.COMMITTED), Page(LOOKED_AT)).rows
        for row in rows:
            if row.quote.use is not Use.PRIVATE and _is_here(row, services):
                titles = summary(row, services).titles
                return Piece(to_hex(row.order_id), tuple(title or "Untitled" for title in titles))
    return None


def _is_here(row: OrderRow, services: Services) -> bool:
    """Whether this service made it, and can hand it out: it was not taken down since."""
    job = services.jobs.get(row.order_id)
    if services.delivered is None or job is None or job.status is not JobStatus.FINISHED:
        return False
    with suppress(ContrafactError):
        sound, store = cid(files_for(services, row, None).digests["piece.flac"]), HeldStore(services.store)
        return store.notice(sound) is None and store.has(sound)
    return False
