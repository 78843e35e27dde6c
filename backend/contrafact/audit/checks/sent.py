"""Was sent what was told? A contract can emit an event and send another amount, or to somebody else.

The token's own events say what left the escrow. The chain's coin has none, so that there only the balance tells.
"""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, missing
from contrafact.audit.totals import AccountHistory
from contrafact.domain.history import Committed, Paid, Refunded
from contrafact.domain.terms import NATIVE

COIN = "The chain's coin leaves no event when it is sent."
GONE = "The node has no receipt of the transaction."


def settled(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """At least, for others may be paid in the same transaction; what one had too much, the balance shows."""
    funded = evidence.chain.funded_of[committed.commit.order_id]
    if not funded:
        yield judge.skip("money.sent", "The order was never funded.")
        return
    quote = funded[0].quote
    due = {quote.maker: committed.refunded}
    due[quote.operator] = due.get(quote.operator, 0) + quote.operator_fee
    yield from _sent(evidence, committed.transaction, quote.token, due, judge)


def refunded(evidence: Evidence, event: Refunded, judge: Judge) -> Outcomes:
    funded = evidence.chain.funded_of[event.order_id]
    if not funded:
        yield judge.skip("money.sent", "The order was never funded.")
        return
    quote = funded[0].quote
    yield from _sent(evidence, event.transaction, quote.token, {quote.maker: event.amount + event.penalty}, judge)


def paid(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """Each holder was sent what all payments to it in that transaction come to."""
    for event in account.paid:
        yield from _sent(evidence, event.transaction, event.token, {event.holder: _told(evidence, event)}, judge)


def _told(evidence: Evidence, event: Paid) -> int:
    """All that the transaction's events say the holder was paid in that token, by whatever accounts."""
    sendings, accounts = evidence.storage.sendings(event.transaction), evidence.chain.accounts
    told = sendings.told if sendings else {}
    mine = {account: units for (account, holder), units in told.items() if holder == event.holder.lower()}
    known = {account: accounts[account].token for account in mine if account in accounts}
    return max(event.amount, sum(mine[account] for account, token in known.items() if token == event.token))


def _sent(evidence: Evidence, transaction: str, token: str, due: Mapping[str, int], judge: Judge) -> Outcomes:
    if token == NATIVE:
        yield judge.excused("money.sent", COIN)
        return
    sendings = evidence.storage.sendings(transaction)
    if sendings is None:
        yield judge.skip("money.sent", GONE)
        return
    for receiver, units in due.items():
        sent = sendings.to(receiver, token)
        message = f"{receiver} was sent less than the events of the transaction say."
        loss = missing(token, units - sent, receiver)
        holds = sent >= units
        yield judge.that("money.sent", holds, message, loss=loss, transaction=transaction, sent=sent, told=units)
