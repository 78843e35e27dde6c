"""What became of an order's money, by its shares, and whose of it waits."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from contrafact.cli import naming, output
from contrafact.domain.digests import to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM
from contrafact.order.payouts import Waiting
from contrafact.wiring import Site


def receipt(site: Site, signed: SignedQuote, record: AttributionRecord) -> tuple[dict[str, object], Table]:
    """The receipt of a settled order, for machines (amounts in units, as strings) and for people."""
    quote = signed.quote
    shares = [source.share for source in record.sources]
    due = quote.settle(record.base_share, shares)
    ids, through = [source.work_id for source in quote.sources], [place - 1 for place in quote.through]
    found = {
        "record": to_hex(record.digest()),
        "licence": to_hex(record.licence),
        "shares": {to_hex(source.work_id): source.share for source in record.sources},
        "base_share": record.base_share,
        "token": quote.token,
        "escrow": str(quote.escrow),
        "paid": _sums(ids, due.sources),
        "training_pool": str(due.pool),
        "operator_fee": str(due.operator_fee),
        "refunded": str(due.refunded),
    }
    money, all_shares = site.currency(quote.token).format, [*shares, *(shares[place] for place in through)]
    rows = [
        (title, output.short(to_hex(work_id)), f"{share / PPM:.2%}", money(paid))
        for title, work_id, share, paid in zip(naming.titles(site, ids), ids, all_shares, due.sources, strict=True)
    ]
    rows.append(("the model itself → training pool", "", f"{record.base_share / PPM:.2%}", money(due.pool)))
    rows.append(("operator's fee", "", "", money(due.operator_fee)))
    rows.append(("back to you", "", "", money(due.refunded)))
    rows.append(("you had paid in", "", "", money(quote.escrow)))
    return found, output.table(("title", "work", "share %", "amount"), rows)


def left_over(site: Site, waiting: Sequence[Waiting]) -> tuple[list[dict[str, str]], list[str]]:
    """Whose money could not be sent yet, for machines and for people."""
    rows = [
        {
            "beneficiary": to_hex(one.claim.beneficiary),
            "holder": one.claim.leaf.holder,
            "amount": str(one.amount),
            "token": one.claim.token,
            "reason": one.reason,
        }
        for one in waiting
    ]
    said = [f"{site.currency(one.claim.token).format(one.amount)} wait: {one.reason}." for one in waiting]
    return rows, said


def _sums(ids: Sequence[bytes], amounts: Sequence[int]) -> dict[str, str]:
    """What each work got: one can stand in an order as itself and as the composition of a recording."""
    sums: dict[bytes, int] = {}
    for work_id, amount in zip(ids, amounts, strict=True):
        sums[work_id] = sums.get(work_id, 0) + amount
    return {to_hex(work_id): str(amount) for work_id, amount in sums.items()}
