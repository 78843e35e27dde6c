"""Rows that are made from all events of one subject: works, orders, royalty accounts, models.

Each is a function of the events that are there, so that it is the same after a rollback as if the events had never
been.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrafact.domain import decoding
from contrafact.domain.orders import Quote
from contrafact.ports import OrderStatus
from contrafact.store.document_rows import model_columns, want
from contrafact.store.facts import Fact, facts_of, replace
from contrafact.store.tables import accounts, events, models, order_works, orders
from contrafact.store.work_rows import refresh_works

ORDER_EVENTS = ("OrderFunded", "OrderCommitted", "OrderRefunded", "OrderRaised")
ACCOUNT_EVENTS = ("AccountOpened", "AccountHeld")


def refresh(session: Session, touched: Mapping[str, Iterable[bytes]]) -> None:
    """Makes the rows anew of the subjects that events with these names name."""

    def subjects(names: Sequence[str]) -> list[bytes]:
        return list(dict.fromkeys(key for name in names for key in touched.get(name, ())))

    refresh_accounts(session, subjects(ACCOUNT_EVENTS))
    refresh_works(session, subjects(decoding.WORK_EVENTS))
    refresh_orders(session, subjects(ORDER_EVENTS))
    refresh_models(session, subjects(decoding.MODEL_EVENTS))


def refresh_orders(session: Session, ids: Sequence[bytes]) -> None:
    found = facts_of(session, ids, ORDER_EVENTS)
    quotes = {key: Quote.from_abi(facts[0].arguments["quote"]) for key, facts in found.items()}
    used = {key: {source.work_id for source in quote.sources} for key, quote in quotes.items()}
    pairs = [{"order_id": key, "work_id": work} for key, works in used.items() for work in sorted(works)]
    replace(session, orders, "order_id", ids, [_order(facts, quotes[key]) for key, facts in found.items()])
    replace(session, order_works, "order_id", ids, pairs)


def _order(facts: Sequence[Fact], quote: Quote) -> dict[str, Any]:
    by_name = {fact.name: fact for fact in reversed(facts)}
    funded, done = by_name["OrderFunded"], by_name.get("OrderCommitted")
    status = OrderStatus.REFUNDED if "OrderRefunded" in by_name else OrderStatus.FUNDED
    return {
        "order_id": funded.arguments["orderId"],
        "block": funded.block,
        "log_index": funded.index,
        "newest": facts[-1].block,
        "status": (OrderStatus.COMMITTED if done else status).value,
        "maker": quote.maker,
        "operator": quote.operator,
        "use": int(quote.use),
        "record": done.arguments["recordDigest"] if done else None,
    }


def refresh_accounts(session: Session, ids: Sequence[bytes]) -> None:
    """An account's hold is of the epoch of contests in which it was last held, see `RoyaltyAccounts.sol`."""
    found = facts_of(session, ids, ACCOUNT_EVENTS)
    opened = {key: _first(facts, "AccountOpened") for key, facts in found.items()}
    rows = [_account(session, fact, found[key]) for key, fact in opened.items() if fact]
    replace(session, accounts, "account", ids, rows)


def _account(session: Session, opened: Fact, facts: Sequence[Fact]) -> dict[str, Any]:
    a = opened.arguments
    epoch, start, cap = hold(session, a["beneficiary"], [fact for fact in facts if fact.name == "AccountHeld"])
    return {
        "account": a["accountId"],
        "beneficiary": a["beneficiary"],
        "split_root": a["splitRoot"],
        "token": a["token"],
        "hold_epoch": epoch,
        "hold_from": start,
        "hold_cap": cap,
    }


def hold(session: Session, beneficiary: bytes, helds: Sequence[Fact]) -> tuple[int, int, int]:
    """Epoch, start and cap of an account's hold after these events `AccountHeld`; zeros where it was never held."""
    last = helds[-1].arguments if helds else {"from": 0, "cap": 0}
    return _epoch(session, beneficiary, helds), last["from"], last["cap"]


def _epoch(session: Session, beneficiary: bytes, helds: Sequence[Fact]) -> int:
    """The epoch of the last hold that began; one that ends says the same, and does not renew it."""
    began = [fact for fact in helds if _begins(session, fact)]
    if not began:
        return 0
    opened = facts_of(session, [beneficiary], ["HoldOpened"]).get(beneficiary, [])
    return max((fact.arguments["epoch"] for fact in opened if fact.at < began[-1].at), default=0)


def _begins(session: Session, held: Fact) -> bool:
    """Whether a claimant's bond stands right before: the desk says so before it has the account held."""
    before = (events.c.block == held.block) & (events.c.log_index == held.index - 1)
    return session.execute(select(events.c.name).where(before)).scalar() == "HoldBonded"


def refresh_models(session: Session, ids: Sequence[bytes]) -> None:
    found = facts_of(session, ids, decoding.MODEL_EVENTS)
    made = [(facts[0], facts[0].arguments) for facts in found.values()]
    want(session, "model", [a["metadataDigest"] for _, a in made])
    described = model_columns(session, [a["metadataDigest"] for _, a in made])
    rows = [
        {"model_id": a["modelId"], "block": fact.block, "log_index": fact.index, "metadata_digest": a["metadataDigest"]}
        | dict(described[a["metadataDigest"]])
        for fact, a in made
    ]
    replace(session, models, "model_id", ids, rows)


def _first(facts: Sequence[Fact], name: str) -> Fact | None:
    return next((fact for fact in facts if fact.name == name), None)
