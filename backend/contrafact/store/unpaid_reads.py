"""What of an operator's rights holders' money lies in royalty accounts, for whoever pays it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from contrafact.domain.addresses import checksummed
from contrafact.domain.history import Claim
from contrafact.domain.shares import PPM
from contrafact.store.earning_reads import places
from contrafact.store.tables import accounts, credits, holders, order_works, orders, payments
from contrafact.store.work_reads import splits_by_root

_AT_ONCE = 1_000


def unpaid(session: Session, operator: str) -> Sequence[Claim]:
    """Claims of confirmed places with money, on the works of the operator's orders. Holds are not looked at."""
    rows = session.execute(_money(operator).execution_options(yield_per=_AT_ONCE))
    return [claim for some in rows.partitions(_AT_ONCE) for claim in _claims(session, some)]


def _claims(session: Session, rows: Sequence[Any]) -> Iterator[Claim]:
    due = [row for row in rows if int(row.received or 0) * row.ppm // PPM > int(row.drawn or 0)]
    known = places(session, [row.account for row in due])
    ready = [row for row in due if (row.account, row.place) in known]
    splits = splits_by_root(session, {row.split_root for row in ready})
    for row in ready:
        split = splits[row.split_root]
        yield Claim(row.beneficiary, row.split_root, row.token, split.leaves[row.place], split.proof(row.place))


def _money(operator: str) -> Select[Any]:
    """Each place of the accounts, with what the account received and what was drawn there; None for never."""
    ordered = (
        select(order_works.c.work_id)
        .join(orders, orders.c.order_id == order_works.c.order_id)
        .where(orders.c.operator == checksummed(operator))
    )
    here = (payments.c.account == accounts.c.account, payments.c.place == holders.c.place)
    return (
        select(
            accounts,
            holders.c.place,
            holders.c.ppm,
            _newest(credits, credits.c.received, credits.c.account == accounts.c.account).label("received"),
            _newest(payments, payments.c.drawn, *here).label("drawn"),
        )
        .join(holders, holders.c.split_root == accounts.c.split_root)
        .where(accounts.c.beneficiary.in_(ordered))
        .order_by(accounts.c.account, holders.c.place)
    )


def _newest(table: Any, column: Any, *conditions: Any) -> ScalarSelect[Any]:
    query = select(column).where(*conditions).order_by(table.c.block.desc(), table.c.log_index.desc()).limit(1)
    return query.correlate(accounts, holders).scalar_subquery()
