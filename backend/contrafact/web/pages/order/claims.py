"""What the service says of an order, for the reader's browser to hold against the bytes and the chain."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.read_model import OrderRow
from contrafact.web.orders import settlement
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Claims:
    """`text` is a JSON object, amounts and shares as decimal strings; `order` and `record` for the commands."""

    order: str
    record: str
    text: str


def claims(row: OrderRow, services: Services) -> Claims:
    """Of a committed order."""
    commit, quote = row.commit, row.quote
    assert commit is not None
    order, record = to_hex(row.order_id), to_hex(commit.record_digest)
    said = {
        "order": order,
        "record": record,
        "escrow": services.preparer.deployment.contracts["GenerationEscrow"],
        "chain_id": services.preparer.deployment.chain_id,
        "funded_in": row.funded_in,
        "committed_in": row.closed_in,
        "works": [to_hex(source.work_id) for source in quote.sources],
        "model": to_hex(quote.model_id),
        "shares": [str(share) for share in (commit.base_share, *commit.shares)],
        "accounts": [{"account": to_hex(c.account), "beneficiary": to_hex(c.beneficiary)} for c in row.credits],
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
