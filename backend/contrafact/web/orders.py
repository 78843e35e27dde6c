"""Orders as people see them: what the chain says, and the operator's job beside it. Pure, but for titles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobState
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.settlement import Settlement, refund_penalty
from contrafact.domain.terms import Use
from contrafact.errors import NotFound
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.issues import issue
from contrafact.web.money import Purse
from contrafact.web.progress import stages
from contrafact.web.schemas.fields import moment, time
from contrafact.web.schemas.orders import JobView, Order, OrderSource, OrderSummary, RefundPath, Settled
from contrafact.web.services import Desk, Services
from contrafact.web.works import row_of


def order_row(services: Services, order_id: bytes) -> OrderRow:
    """An order of the chain, or one that was quoted here and is not funded. Raises NotFound."""
    try:
        return services.read_model.order(order_id)
    except NotFound:
        if services.desk is None:
            raise
    return unfunded(order_id, quoted(services.desk, order_id))


def quoted(desk: Desk, order_id: bytes) -> SignedQuote:
    """An offer that was made here. Raises NotFound, without the place where offers lie."""
    with suppress(NotFound):
        return desk.quoted(order_id)
    text = f"Order {to_hex(order_id)} is neither on the chain, as far as it is indexed, nor was it offered here."
    raise NotFound(text, "Check the id; an order is known here once its block is indexed.")


def unfunded(order_id: bytes, signed: SignedQuote) -> OrderRow:
    return OrderRow(order_id, signed.quote, bytes(32), 0, OrderStatus.NONE, 0, "", 0, confirmed=False)


def summary(row: OrderRow, services: Services) -> OrderSummary:
    return summaries([row], services)[0]


def summaries(rows: Sequence[OrderRow], services: Services) -> list[OrderSummary]:
    """Orders for a list. All titles are asked for at once."""
    chosen = {row.order_id: [one.work_id for one in row.quote.sources if not one.through] for row in rows}
    titles = services.read_model.titles({work for works in chosen.values() for work in works})
    return [
        OrderSummary(
            **_head(row, Purse(row.quote.token, services.currency)),
            titles=[titles.get(work) for work in chosen[row.order_id]],
        )
        for row in rows
    ]


def whole(row: OrderRow, services: Services) -> Order:
    """Everything of one order; `refund` while money can still come back."""
    money, now = Purse(row.quote.token, services.currency), services.clock()
    due, job = settlement(row), services.jobs.get(row.order_id)
    return Order(
        **_head(row, money),
        sources=_sources(row, due, money, services),
        settled=_settled(row, due, money),
        refund=_refund(row, money, now) if row.status is OrderStatus.FUNDED else None,
        penalty=money(row.penalty) if row.status is OrderStatus.REFUNDED else None,
        stage=stages(row, job, now)[-1],
        job=job_view(job),
    )


def settlement(row: OrderRow) -> Settlement | None:
    """Where the escrow of a committed order went."""
    if row.commit is None:
        return None
    return row.quote.settle(row.commit.base_share, row.commit.shares, row.commit.duration)


def _head(row: OrderRow, money: Purse) -> dict[str, object]:
    quote, is_paid = row.quote, row.status is not OrderStatus.NONE
    return {
        "order": to_hex(row.order_id),
        "status": row.status.value,
        "confirmed": row.confirmed,
        "maker": quote.maker,
        "operator": quote.operator,
        "model": to_hex(quote.model_id),
        "use": quote.use.name.lower(),
        "seconds": quote.duration,
        "played": row.commit.duration if row.commit and quote.use is Use.LIVE else None,
        "escrow": money(row.escrowed if is_paid else quote.escrow),
        "funded_at": time(row.funded_at) if is_paid else None,
        "deadline": time(quote.deadline),
        "closed_at": moment(row.closed_at),
        "record": to_hex(row.commit.record_digest) if row.commit else None,
    }


def _sources(row: OrderRow, due: Settlement | None, money: Purse, services: Services) -> list[OrderSource]:
    shares = shares_of(row)
    works = [row_of(services, source.work_id) for source in row.quote.sources]
    return [
        OrderSource(
            work=to_hex(source.work_id),
            title=work.title if work else None,
            terms_version=source.terms_version,
            weight=source.weight,
            min_share=source.min_share,
            price=money(source.price),
            through=source.through,
            share=shares[i] if shares else None,
            paid=money(due.sources[i]) if due else None,
        )
        for i, (source, work) in enumerate(zip(row.quote.sources, works, strict=True))
    ]


def shares_of(row: OrderRow) -> list[int]:
    """The share of each source, a composition's being its recording's; empty before the commit."""
    if row.commit is None:
        return []
    own = list(row.commit.shares)
    return [*own, *(own[place - 1] for place in row.quote.through)]


def _settled(row: OrderRow, due: Settlement | None, money: Purse) -> Settled | None:
    if row.commit is None or due is None:
        return None
    return Settled(
        base_share=row.commit.base_share,
        pool=money(due.pool),
        operator_fee=money(due.operator_fee),
        refunded=money(due.refunded),
        transaction=row.closed_in or "0x" + "0" * 64,
    )


def _refund(row: OrderRow, money: Purse, now: float) -> RefundPath:
    deadline = row.quote.deadline
    return RefundPath(
        possible_from=time(deadline + 1),
        open=now > deadline,
        amount=money(row.escrowed),
        penalty=money(refund_penalty(row.escrowed)),
    )


def job_view(job: JobState | None) -> JobView | None:
    if job is None:
        return None
    return JobView(
        status=job.status.value,
        step=job.step,
        bar=job.bar,
        bars=job.bars,
        tries=job.tries,
        next_try=moment(job.next_try),
        error=issue(job.error),
        updated=time(job.updated),
    )
