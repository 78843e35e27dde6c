"""Whether what the operator signed of an order was challenged, and what came of it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contrafact.read_model import OrderRow
from contrafact.web.schemas.fields import time
from contrafact.web.services import Services

_EVENTS = ("ChallengeOpened", "ChallengeRuled", "ChallengeLapsed")
_OPEN = "Somebody says that what the operator signed of this piece is not so, and has put up a deposit for it."
_UPHELD = (
    "This order was challenged, and the arbiter upheld that: what its operator signed of its songs or its sound does"
    " not hold. The operator’s deposit paid for it."
)
_REJECTED = "This order was challenged, and the arbiter did not uphold that."
_LAPSED = "This order was challenged, but the arbiter did not rule in time: that says nothing for or against it."


@dataclass(frozen=True, slots=True)
class Challenged:
    """The latest challenge: how it looks, a sentence, the transaction that says so, and until when one may rule."""

    look: str
    sentence: str
    transaction: str
    until: datetime | None = None


def challenged(row: OrderRow, services: Services) -> Challenged | None:
    """None for an order that nobody has challenged."""
    happened = services.read_model.happenings_about([row.order_id], _EVENTS)
    if not happened:
        return None
    latest = happened[-1]
    if latest.name == "ChallengeOpened":
        return Challenged("warn", _OPEN, latest.transaction, time(latest.arguments["rulingUntil"]))
    if latest.name == "ChallengeLapsed":
        return Challenged("", _LAPSED, latest.transaction)
    is_upheld = latest.arguments["upheld"]
    return Challenged("bad" if is_upheld else "", _UPHELD if is_upheld else _REJECTED, latest.transaction)
