"""Pages of works: the catalogue, and all that is known of one work."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import from_hex
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput
from contrafact.read_model import Listing, OrderQuery, Page, WorkQuery, WorkRow
from contrafact.registration import MEDIA_TYPES
from contrafact.statement_reads import ContestQuery
from contrafact.statements.figures import Figures
from contrafact.web.documents import Documents
from contrafact.web.pages.desk.history import history
from contrafact.web.pages.explorer.money import earned_by_holder, work_flows
from contrafact.web.pages.explorer.views import filled, moneys, names, order_line
from contrafact.web.pages.named import names_in, own_names
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.contests import contest_of
from contrafact.web.reads.learning import learnt_by
from contrafact.web.reads.work_views import fields_of, work_of
from contrafact.web.schemas.contests import Contest
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.works import Identifiers, Work
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
ROWS, ORDERS, CONTESTS = 24, 10, 5
MOST_NAME = 60
"""Letters of a title in a file's name."""


@router.get("/works")
def works(request: Request, services: Given) -> Response:
    """The catalogue, by what the form asks for."""
    asked, problem = filled(request.query_params), None
    found: Listing[WorkRow] = Listing((), None)
    try:
        found = services.read_model.works(_query(services, asked), Page(ROWS, asked.get("after")))
    except InvalidInput as error:
        problem = error
    return page(
        request, "explorer/works.html.j2", area="explorer", title="Works", wide=True,
        works=[work_of(row, services.currency) for row in found.rows],
        asked=asked, following=found.following, problem=problem, uses=list(Use),
        token=services.currency(services.token).symbol,
    )  # fmt: skip


def _query(services: Services, asked: dict[str, str]) -> WorkQuery:
    """Raises InvalidInput for a use, an address or an amount that is none."""
    price, symbol = asked.get("max_price"), services.currency(services.token)
    return WorkQuery(
        text=asked.get("text"),
        use=Use.parse(asked["use"]) if "use" in asked else None,
        token=services.token if price else None,
        max_price=symbol.parse(price.replace(",", ".")) if price else None,
        metres=(asked["metre"],) if "metre" in asked else (),
        key=_key(asked["key"]) if "key" in asked else None,
        collection=asked.get("collection"),
        holder=asked.get("holder"),
        licensor=asked.get("licensor"),
        available="available" in asked,
    )


def _key(text: str) -> str:
    """`g MINOR` as the catalogue writes it: `G minor`."""
    tonic, _, mode = " ".join(text.split()).partition(" ")
    is_mode = len(tonic) > 2
    return tonic.lower() if is_mode else f"{tonic[:1].upper()}{tonic[1:]} {mode.lower()}".strip()


@router.get("/works/{work}")
def work(work: Digest, request: Request, services: Given) -> Response:
    """A work: whose it is, what may be done with it, what it earned, and what was made of it."""
    model = services.read_model
    documents = Documents(services.published)
    row = documents.told(model.work(from_hex(work)))
    said = documents.work(row.metadata)
    learnt, unknown = learnt_by(services, documents, row)
    orders = model.orders(OrderQuery(work_id=row.work_id), Page(ORDERS))
    named = {**names_in(said), **own_names(services)}
    shown = Work(**fields_of(row, services.currency))
    with services.figures.read(model) as as_of:
        earned = _earned(services, as_of.figures, row, {who: name.text for who, name in named.items()})
    return page(
        request, "explorer/work.html.j2", area="explorer", title=row.title or "A work without a published title",
        work=shown, file_name=_file_name(row.title, shown), contests=_contests(services, row),
        identifiers=said.identifiers if said else Identifiers(isrc="", iswc=""),
        history=history(services, documents, row),
        learnt=learnt, unknown=len(unknown), model_names=names(services, [from_hex(one.model) for one in learnt]),
        from_hex=from_hex, named=named,
        orders=[order_line(one, services) for one in orders.rows], more=orders.following is not None,
        earned=earned, point=as_of.point,
        can_hear=services.songs is not None and said is not None and said.protection is None,
    )  # fmt: skip


def _file_name(title: str | None, work: Work) -> str:
    """The registered file as it is downloaded: called as the work, with the ending that programs go by."""
    endings = {kind: ending for ending, kind in reversed(MEDIA_TYPES.items())}
    name = "-".join(re.findall(r"[^\W_]+", (title or "").lower()))[:MOST_NAME].strip("-")
    return f"{name or f'work-{work.work[2:10]}'}{endings.get(work.media_type or '', '')}"


def _contests(services: Services, row: WorkRow) -> list[Contest]:
    """The open contests of the work, newest first."""
    if not row.contested:
        return []
    found = services.read_model.contests(ContestQuery(row.work_id, None, True), Page(CONTESTS))
    return [contest_of(services, one, row.title) for one in found.rows]


def _earned(services: Services, figures: Figures, row: WorkRow, named: Mapping[str, str]) -> list[dict[str, object]]:
    """What the work earned, one entry a token: the amount, its holders' parts and the picture."""
    found = []
    for amount in moneys(services, figures.earned(row.work_id)):
        parts = earned_by_holder(services, figures, row.work_id, amount.token)
        flows = work_flows(services, figures, row.work_id, row.title or "This work", amount.token, named)
        shown = [(who, moneys(services, {amount.token: units})[0]) for who, units in parts.items()]
        found.append({"amount": amount, "parts": shown, "flows": flows})
    return found
