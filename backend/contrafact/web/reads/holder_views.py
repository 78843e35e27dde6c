"""A holder's money as documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from contrafact.domain.digests import to_hex
from contrafact.domain.money import Currency
from contrafact.read_model import BalanceRow, EarningRow, PaymentRow
from contrafact.statements.lines import NO_ORDER
from contrafact.web.schemas import holders as doc
from contrafact.web.schemas.fields import time

Pay = Callable[[int, str], doc.Amount]
"""Units and token as an amount."""
Titles = Mapping[bytes, str]
"""How works and models are called, where that is known."""


def amounts(currency: Callable[[str], Currency]) -> Pay:
    """Writes amounts; each token is asked about once."""
    known: dict[str, Currency] = {}

    def amount(units: int, token: str) -> doc.Amount:
        if token not in known:
            known[token] = currency(token)
        return doc.Amount(units=str(units), token=token, text=known[token].format(units))

    return amount


def earning(row: EarningRow, pay: Pay, titles: Titles) -> doc.Earning:
    return doc.Earning(
        account=to_hex(row.account),
        work=to_hex(row.beneficiary),
        title=titles.get(row.beneficiary),
        order=_order(row.order_id),
        use=row.use.name.lower() if row.use is not None else None,
        kind=row.kind,
        operator=row.operator,
        amount=pay(row.amount, row.token),
        share=row.ppm,
        due=pay(row.due, row.token),
        block=row.block,
        at=time(row.at),
        transaction=row.transaction,
        confirmed=row.confirmed,
    )


def payment(row: PaymentRow, pay: Pay, titles: Titles) -> doc.Payment:
    return doc.Payment(
        account=to_hex(row.account),
        work=to_hex(row.beneficiary),
        title=titles.get(row.beneficiary),
        training=row.account == row.beneficiary,
        amount=pay(row.amount, row.token),
        block=row.block,
        at=time(row.at),
        transaction=row.transaction,
        confirmed=row.confirmed,
    )


def balances(
    rows: Iterable[BalanceRow], pending: Iterable[EarningRow], block: int, pay: Pay, titles: Titles
) -> doc.Balances:
    """Balances at `block`; `pending` are the holder's earnings without confirmations."""
    waits: dict[tuple[bytes, int], int] = defaultdict(int)
    for row in pending:
        waits[row.account, row.ppm] += row.due
    places = [(row, waits.pop((row.account, row.ppm), 0)) for row in rows]
    tokens = sorted({row.token for row, _ in places}, key=str.lower)
    return doc.Balances(
        block=block,
        totals=[_sum([pair for pair in places if pair[0].token == token], token, pay) for token in tokens],
        places=[_place(row, unsure, pay, titles) for row, unsure in places],
    )


def _place(row: BalanceRow, pending: int, pay: Pay, titles: Titles) -> doc.Balance:
    return doc.Balance(
        account=to_hex(row.account),
        work=to_hex(row.beneficiary),
        title=titles.get(row.beneficiary),
        split_root=to_hex(row.split_root),
        place=row.index,
        share=row.ppm,
        earned=pay(row.earned - pending, row.token),
        pending=pay(pending, row.token),
        drawn=pay(row.drawn, row.token),
        held=pay(row.held, row.token),
        claimable=pay(row.claimable, row.token),
        status=row.status.value,
    )


def _sum(places: list[tuple[BalanceRow, int]], token: str, pay: Pay) -> doc.TokenSum:
    def total(of: Callable[[BalanceRow], int]) -> doc.Amount:
        return pay(sum(of(row) for row, _ in places), token)

    pending = sum(unsure for _, unsure in places)
    return doc.TokenSum(
        earned=pay(sum(row.earned for row, _ in places) - pending, token),
        pending=pay(pending, token),
        drawn=total(lambda row: row.drawn),
        held=total(lambda row: row.held),
        claimable=total(lambda row: row.claimable),
    )


def _order(order_id: bytes) -> str | None:
    return None if order_id == NO_ORDER else to_hex(order_id)
