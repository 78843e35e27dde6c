"""What became of an order's money, by its shares."""

from __future__ import annotations

from rich.table import Table

from contrafact.cli import naming, output
from contrafact.domain.digests import to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.domain.settlement import settle
from contrafact.domain.shares import PPM
from contrafact.wiring import Site


def receipt(site: Site, signed: SignedQuote, record: AttributionRecord) -> tuple[dict[str, object], Table]:
    """The receipt of a settled order, for machines (amounts in units, as strings) and for people."""
    quote = signed.quote
    ids = [source.work_id for source in record.sources]
    shares = [source.share for source in record.sources]
    due = settle(quote.prices, quote.base_rate, quote.operator_fee, quote.duration, shares, record.base_share)
    found = {
        "record": to_hex(record.digest()),
        "shares": {to_hex(work_id): share for work_id, share in zip(ids, shares, strict=True)},
        "base_share": record.base_share,
        "token": quote.token,
        "escrow": str(quote.escrow),
        "paid": {to_hex(work_id): str(paid) for work_id, paid in zip(ids, due.sources, strict=True)},
        "training_pool": str(due.pool),
        "operator_fee": str(due.operator_fee),
        "refunded": str(due.refunded),
    }
    money = site.currency(quote.token).format
    rows = [
        (title, output.short(to_hex(work_id)), f"{share / PPM:.2%}", money(paid))
        for title, work_id, share, paid in zip(naming.titles(site, ids), ids, shares, due.sources, strict=True)
    ]
    rows.append(("the model itself → training pool", "", f"{record.base_share / PPM:.2%}", money(due.pool)))
    rows.append(("operator's fee", "", "", money(due.operator_fee)))
    rows.append(("back to you", "", "", money(due.refunded)))
    rows.append(("you had paid in", "", "", money(quote.escrow)))
    return found, output.table(("title", "work", "share %", "amount"), rows)
