"""What the service says of an order, for the reader's browser to hold against the bytes and the chain."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contrafact.domain.digests import cid, to_hex
from contrafact.domain.orders import Source
from contrafact.read_model import OrderRow
from contrafact.web.orders import settlement
from contrafact.web.pages.order.receipt import Receipt
from contrafact.web.services import Services
from contrafact.web.works import pinned_document, row_of


@dataclass(frozen=True, slots=True)
class Claims:
    """`text` is a JSON object, amounts and shares as decimal strings; `order` and `record` for the commands."""

    order: str
    record: str
    text: str


EVENTS = (
    "OrderFunded", "OrderCommitted", "OrderRefunded", "OrderRaised", "DownstreamPaid",
    "ChallengeOpened", "ChallengeJoined", "ChallengeRuled", "ChallengeLapsed", "ChallengeBondPaid",
)  # fmt: skip
"""Whose first topic is an order's id."""


def claims(row: OrderRow, paid: Receipt, services: Services) -> Claims:
    """Of a committed order and its receipt."""
    commit, quote = row.commit, row.quote
    assert commit is not None
    order, record = to_hex(row.order_id), to_hex(commit.record_digest)
    currency = services.currency(quote.token)
    contracts, model = services.preparer.deployment.contracts, services.read_model
    read, happened = model.status().block, model.happenings_about([row.order_id], EVENTS)
    said = {
        "order": order,
        "record": record,
        "escrow": contracts["GenerationEscrow"],
        "desk": contracts["DisputeDesk"],
        "block": read,
        "transactions": [event.transaction for event in happened if event.block <= read],
        "chain_id": services.preparer.deployment.chain_id,
        "funded_in": row.funded_in,
        "committed_in": row.closed_in,
        "works": [to_hex(source.work_id) for source in quote.sources],
        "model": to_hex(quote.model_id),
        "shares": [str(share) for share in (commit.base_share, *commit.shares)],
        "splits": [_split(source, services) for source in quote.sources],
        "currency": {"symbol": currency.symbol, "decimals": currency.decimals},
        "names": [{part.holder: part.name.text for part in line.holders if part.name} for line in paid.sources],
        "parts": [[part.amount.units for part in line.holders] for line in paid.sources],
        "before": [str(line.before) for line in paid.sources],
        "paid": [str(amount) for amount in _paid(row)],
        "terms": {
            "prices": [str(source.price) for source in quote.sources],
            "through": [source.through for source in quote.sources],
            "base_rate": str(quote.base_rate),
            "operator_fee": str(quote.operator_fee),
            "duration": quote.duration,
        },
        "duration": commit.duration,
        "escrowed": str(row.escrowed),
    }
    return Claims(order, record, json.dumps(said))


def _paid(row: OrderRow) -> list[int]:
    """What the receipt says: each work once, in the order's sequence, then the pool, the operator, and the maker."""
    due = settlement(row)
    assert due is not None
    works = [source.work_id for source in row.quote.sources]
    paid = [sum(a for w, a in zip(works, due.sources, strict=True) if w == work) for work in dict.fromkeys(works)]
    return [*paid, due.pool, due.operator_fee, due.refunded]


def _split(source: Source, services: Services) -> dict[str, str | None]:
    """The split that the order pins, and the CID of the work's document that names its holders."""
    work = row_of(services, source.work_id)
    document = pinned_document(services, work, source.split_root) if work else None
    return {"root": to_hex(source.split_root), "document": cid(document) if document else None}
