"""What shows only beside other orders, or beside the clock: things committed twice, and money that waits too long."""

from __future__ import annotations

from contrafact.audit.checks.orders import status_by_events
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Loss, Outcomes, Severity
from contrafact.audit.results import Done
from contrafact.domain.commits import Commit
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed
from contrafact.ports import OrderStatus, Verdict

_SECRET = "commitment to the operator's secret"


def committed_once(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """Record, sound and notes are this order's own. Each order has its own seed, so the draws of honest ones differ.

    Two very short pieces of the same sources can come out alike all the same: sound in common is no finding where the
    piece was generated again. Of orders that have one in common, those after the first are found; the first is named.
    """
    of = committed.commit
    mine = {of.record_digest, of.evidence_root} | (set() if _replays(evidence, of) else {of.output_digest})
    repeated = [r for r in evidence.chain.events.repeated if r.what != _SECRET and r.digest in mine]
    for found in repeated:
        message = f"The {found.what} was committed before, for another order."
        yield judge.that("commit.once", False, message, digest=found.digest, orders=found.orders)
    if not repeated:
        yield judge.that("commit.once", True, "")


def _replays(evidence: Evidence, of: Commit) -> bool:
    """Whether generating again gave the same notes, and rendering those the committed sound."""
    files = evidence.orders.get(of.order_id)
    if files is None or not isinstance(files.replay, Done) or not isinstance(files.rerendered, Done):
        return False
    return files.replay.value.verdict == Verdict.IDENTICAL and files.rerendered.value.sound.mix == of.output_digest


def secret_once(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    """A secret is public with the first record that it is in; whoever knows it can choose the salt, and so the seed."""
    repeated = [r for r in evidence.chain.events.repeated if r.what == _SECRET]
    orders = repeated[0].orders if repeated else ()
    message = "The operator promised the secret of another order, which is no secret once that is delivered."
    yield judge.that("order.secret", not repeated, message, severity=Severity.WARNING, orders=orders)


def waits_after_deadline(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    """Money of an order whose deadline has passed belongs to its maker, and waits until somebody asks for it."""
    funded = evidence.chain.funded_of[order]
    if not funded:
        yield judge.skip("order.open", "The order was never funded.")
        return
    quote, now = funded[0].quote, evidence.chain.now
    late = status_by_events(evidence, order) is OrderStatus.FUNDED and now > quote.deadline
    loss = Loss(quote.token, funded[0].escrowed, f"maker {quote.maker}") if late else None
    message = (
        "The order was not delivered in time, and its money still lies in escrow. Anybody can send it back:"
        f" contrafact refund {to_hex(order)}"
    )
    shown = {"deadline": quote.deadline, "now": now}
    yield judge.that("order.open", not late, message, severity=Severity.WARNING, loss=loss, **shown)
