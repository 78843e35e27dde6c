"""Were holders sent what was told? A contract can emit an event and send another amount, or to somebody else.

The token's own events say what left the escrow. The chain's coin has none, so that there only the balance tells.
"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, missing
from contrafact.audit.totals import AccountHistory
from contrafact.domain.history import Paid
from contrafact.domain.terms import NATIVE

COIN = "The chain's coin leaves no event when it is sent."
GONE = "The node has no receipt of the transaction."


def paid(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """Each holder was sent what all payments to it in that transaction come to."""
    for event in account.paid:
        yield from _sent(evidence, event, judge)


def _sent(evidence: Evidence, event: Paid, judge: Judge) -> Outcomes:
    """At least, for a transaction may pay for other things, too; what one had too much, the balance shows."""
    if event.token == NATIVE:
        yield judge.excused("money.sent", COIN)
        return
    sendings = evidence.storage.sendings(event.transaction)
    if sendings is None:
        yield judge.skip("money.sent", GONE)
        return
    sent, told = sendings.to(event.holder, event.token), _told(evidence, event)
    message = f"{event.holder} was sent less than the events of the transaction say."
    loss = missing(event.token, told - sent, event.holder)
    yield judge.that(
        "money.sent", sent >= told, message, loss=loss, transaction=event.transaction, sent=sent, told=told
    )


def _told(evidence: Evidence, event: Paid) -> int:
    """All that the transaction's events say the holder was paid in that token, by whatever accounts."""
    sendings, accounts = evidence.storage.sendings(event.transaction), evidence.chain.accounts
    told = sendings.told if sendings else {}
    mine = {account: units for (account, holder), units in told.items() if holder == event.holder.lower()}
    known = {account: accounts[account].token for account in mine if account in accounts}
    return max(event.amount, sum(mine[account] for account, token in known.items() if token == event.token))
