"""The studio: songs are chosen and weighed, a piece is priced and paid. The scripts do what moves."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain import pitch
from contrafact.domain.instruments import PROGRAMS
from contrafact.domain.source_tokens import METRES, MODES
from contrafact.domain.steering import DEFAULT_DRIFT
from contrafact.read_model import Page, WorkQuery
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.work_views import work_of
from contrafact.web.routes.quotes import get_quote
from contrafact.web.schemas.fields import Digest
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
DEVELOPMENT_CHAIN = 31337
SHOWN = 24


@router.get("/studio")
def studio(request: Request, services: Given) -> Response:
    """Search, listen, weigh, see what it costs, pay."""
    found = services.read_model.works(WorkQuery(available=True), Page(SHOWN))
    return page(
        request, "studio/studio.html.j2", area="studio", title="Studio", wide=True,
        works=[work_of(row, services.currency) for row in found.rows], more=found.following is not None,
        facts=_facts(services), choices=_choices(),
    )  # fmt: skip


@router.get("/studio/approve/{order}")
def approve(order: Digest, request: Request, services: Given) -> Response:
    """Where the owner of a song approves a piece of it."""
    offer = get_quote(order, services, request, Response())
    asked = offer.document["quote"]
    return page(
        request, "studio/approve.html.j2", area="studio", title="Approve a piece",
        offer=offer, use=asked["use"], seconds=asked["duration"],
    )  # fmt: skip


def _facts(services: Services) -> dict[str, str]:
    """What the scripts must know of this service before anybody asks."""
    currency, chain = services.currency(services.token), services.ledger.domain.chain_id
    return {
        "token": services.token,
        "symbol": currency.symbol,
        "decimals": str(currency.decimals),
        "relay": "yes" if services.relay else "",
        "offers": "yes" if services.desk else "",
        "faucet": services.token if _is_test_money(services) and chain == DEVELOPMENT_CHAIN else "",
        "chain": str(chain),
        "drift": str(DEFAULT_DRIFT),
        "encrypts": "yes" if services.desk and services.desk.encrypts else "",
        "seals": "yes" if services.desk and services.desk.policy.seals_private else "",
    }


def _is_test_money(services: Services) -> bool:
    return services.token == services.preparer.deployment.test_dollar


def _choices() -> dict[str, object]:
    """What may be chosen of the music; each metre with its usual tempo, and those it meets."""
    from contrafact.music.metres import meeting

    def named(metre: tuple[int, int]) -> str:
        return "{}/{}".format(*metre)

    metres = [(named(one), pitch.usual_tempo(one), " ".join(map(named, meeting(one)))) for one in METRES]
    return {"metres": metres, "modes": MODES, "tonics": pitch.NAMES, "instruments": list(PROGRAMS)}
