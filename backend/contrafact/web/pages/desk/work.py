"""A work as the desk shows it: everything that its page says, from the index, the content store and the chain."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from contrafact.domain.addresses import NATIVE
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.terms import Terms, Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import ContrafactError
from contrafact.read_model import OrderQuery, Page, WorkRow
from contrafact.web.documents import Documents
from contrafact.web.orders import summaries
from contrafact.web.pages.desk.history import history
from contrafact.web.pages.desk.mine import is_licensor, places, share_of
from contrafact.web.pages.desk.terms_words import lines
from contrafact.web.pages.desk.training import learnt
from contrafact.web.pages.named import named_holders
from contrafact.web.reads.places import places_of, token_of
from contrafact.web.reads.transfers import offered
from contrafact.web.schemas.fields import time
from contrafact.web.schemas.works import Places
from contrafact.web.services import Services

ORDERS = 10
"""Orders that are shown; the others are in the explorer."""


def shown(services: Services, work: str, wallet: str) -> dict[str, Any]:
    """What the template of a work's page is given. `wallet` is empty where nobody has signed in. Raises NotFound."""
    documents = Documents(services.published)
    row = documents.told(services.read_model.work(from_hex(work)))
    held, offer = places_of(services, row), offered(services.read_model).get(row.work_id)
    found = services.read_model.orders(OrderQuery(work_id=row.work_id), Page(ORDERS))
    return {
        "row": row,
        "work": work,
        "registered_at": time(row.registered_at),
        "document": documents.work(row.metadata),
        "licensed": bool(wallet) and is_licensor(row, wallet),
        "share": share_of(row, wallet) if wallet else 0,
        "to_confirm": _to_confirm(row, held, wallet),
        "held": held,
        "offer": offer,
        "offered_here": bool(wallet) and (offer or "").lower() == wallet.lower(),
        "terms": lines(row.current.terms, services.currency) if row.current else None,
        "composition": _title(services, row.recording_of),
        "history": history(services, documents, row),
        "learnt": learnt(services, documents, row, wallet),
        "orders": summaries(found.rows, services),
        "more_orders": found.following is not None,
        "told": _told(services, row, held, documents.work(row.metadata)),
    }


def _to_confirm(row: WorkRow, held: Places, wallet: str) -> bool:
    own = places(row, wallet) if wallet else []
    return any(held.places[place].status == "unconfirmed" and not held.places[place].signed for place in own)


def _title(services: Services, work_id: bytes | None) -> str | None:
    """The title of the composition that a recording is of; None for a composition, and where it is not indexed."""
    with suppress(ContrafactError):
        return services.read_model.work(work_id).title or "Untitled" if work_id else None
    return None


def _told(services: Services, row: WorkRow, held: Places, document: WorkMetadata | None) -> dict[str, object]:
    """What the page's scripts work with."""
    terms = row.current.terms if row.current else None
    own = [price.token for price in terms.prices] if terms else []
    tokens = list({token.lower(): token for token in [*own, services.token]}.values())
    return {
        "work": to_hex(row.work_id),
        "title": row.title or "Untitled",
        "token": token_of(row, services.token),
        "tokens": [_token(services, token) for token in tokens],
        "terms": form_of(terms) if terms else None,
        "listed": bool(terms and terms.allow.listed),
        "places": [one.model_dump(mode="json") for one in held.places],
        "names": named_holders(document),
        "nobody": NATIVE,
    }


def _token(services: Services, token: str) -> dict[str, object]:
    currency = services.currency(token)
    return {"token": token, "symbol": currency.symbol, "decimals": currency.decimals}


def form_of(terms: Terms) -> dict[str, object]:
    """Terms as `POST /v1/transactions/set-terms` takes them; the members of a list are not known here."""
    return {
        "training": terms.training,
        "inference": terms.inference,
        "uses": [use.name.lower() for use in sorted(terms.uses)],
        "combinable": terms.combinable,
        "max_weight": terms.max_weight,
        "approval": terms.approval,
        "downstream": terms.downstream,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
        "sunset": terms.sunset,
        "training_price": str(terms.training_price),
        "prices": [
            {"token": row.token, **{use.name.lower(): str(row.prices[use]) for use in Use}} for row in terms.prices
        ],
        "operators": [],
        "models": [],
    }
