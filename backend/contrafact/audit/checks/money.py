"""Where did every unit of money go?"""

from __future__ import annotations

from collections import Counter

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcome, Outcomes, Severity, missing
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed, Funded, Refunded
from contrafact.domain.settlement import Settlement, settle
from contrafact.errors import InvalidInput
from contrafact.ports import OrderStatus

EVERYBODY = "holders and makers"

Payee = tuple[bytes, bytes, str]
"""(beneficiary, split root, token) of a royalty account."""


def settlement(evidence: Evidence, committed: Committed, judge: Judge) -> Outcomes:
    """Credits, fee and refund of a commit, against the formula, to the unit."""
    order = committed.commit.order_id
    funded = evidence.chain.funded_of[order]
    if not funded:
        yield judge.that("money.settlement", False, "Money was paid for an order that was never funded.")
        return
    try:
        expected = settled(funded[0], committed)
    except InvalidInput as error:
        yield judge.that("money.settlement", False, f"No settlement follows from the commit. {error}")
        return
    quote = funded[0].quote
    yield from _credits(evidence, funded[0], expected, judge)
    yield _amount(judge, quote.token, f"operator {quote.operator}", committed.operator_fee, expected.operator_fee)
    yield _amount(judge, quote.token, f"maker {quote.maker}", committed.refunded, expected.refunded)


def refund(evidence: Evidence, refunded: Refunded, judge: Judge) -> Outcomes:
    funded = evidence.chain.funded_of[refunded.order_id]
    if not funded:
        yield judge.that("money.refund", False, "An order that was never funded was refunded.", units=refunded.amount)
        return
    quote, message = funded[0].quote, "The refund is not the whole escrow."
    yield judge.paid("money.refund", refunded.amount, funded[0].escrowed, message, quote.token, f"maker {quote.maker}")


def origin(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    """No order credits without a commit, and no account twice."""
    chain = evidence.chain
    credited = chain.credited_of[order]
    stray = [event.account for event in credited if not chain.committed_of[order]]
    yield judge.that(
        "money.origin", not stray, "Royalties were credited for an order without a commit.", accounts=stray
    )


def balance(evidence: Evidence, token: str, judge: Judge) -> Outcomes:
    """Balance = Σ escrowed − Σ operator fees − Σ refunds − Σ payouts + what is owed for failed transfers."""
    chain, stored = evidence.chain, evidence.storage
    token_of = {event.order_id: event.quote.token for event in chain.funded}
    came_in = sum(e.escrowed for e in chain.funded if e.quote.token == token)
    settled_out = sum(e.operator_fee + e.refunded for e in chain.committed if token_of.get(e.commit.order_id) == token)
    refunds = sum(e.amount for e in chain.refunded if token_of.get(e.order_id) == token)
    payouts = sum(e.amount for e in chain.paid if e.token == token)
    expected = came_in - settled_out - refunds - payouts + _owed(evidence, token)
    found = stored.balance[token]
    message = "The balance is lower than it must be."
    severity = Severity.ERROR
    if found > expected:
        message, severity = "The contract holds money that no order explains.", Severity.WARNING
    loss = missing(token, expected - found, EVERYBODY)
    amounts = {"found_units": found, "expected_units": expected}
    yield judge.that("money.balance", found == expected, message, severity=severity, loss=loss, **amounts)


def solvent(evidence: Evidence, token: str, judge: Judge) -> Outcomes:
    """Balance ≥ open escrows + what accounts have not paid out + what is owed for failed transfers."""
    chain, stored = evidence.chain, evidence.storage
    open_orders = [e for e in chain.funded if stored.status[e.order_id] is OrderStatus.FUNDED]
    escrows = sum(e.escrowed for e in open_orders if e.quote.token == token)
    accounts = {e.account for e in chain.credited if e.token == token} | {
        e.account for e in chain.paid if e.token == token
    }
    royalties = sum(stored.received[account] - stored.paid_out[account] for account in accounts)
    due, found = escrows + royalties + _owed(evidence, token), stored.balance[token]
    loss = missing(token, due - found, EVERYBODY)
    message = "The contract owes more than it holds."
    yield judge.that("money.solvent", found >= due, message, loss=loss, balance_units=found, owed_units=due)


def settled(funded: Funded, committed: Committed) -> Settlement:
    """The settlement that follows from an order and its commit. Raises InvalidInput where none does."""
    quote, commit = funded.quote, committed.commit
    rates = (quote.prices, quote.base_rate, quote.operator_fee, quote.duration)
    return settle(*rates, commit.shares, commit.base_share)


def _credits(evidence: Evidence, funded: Funded, expected: Settlement, judge: Judge) -> Outcomes:
    due, credited = _due(evidence, funded, expected), Counter[Payee]()
    for event in evidence.chain.credited_of[funded.order_id]:
        credited[event.beneficiary, event.split_root, event.token] += event.amount
    for payee in dict.fromkeys((*due, *credited)):
        beneficiary, _, token = payee
        yield _amount(judge, token, f"account of {to_hex(beneficiary)}", credited[payee], due[payee])


def _due(evidence: Evidence, funded: Funded, expected: Settlement) -> Counter[Payee]:
    quote = funded.quote
    due = Counter[Payee]()
    for source, amount in zip(quote.sources, expected.sources, strict=True):
        due[source.work_id, source.split_root, quote.token] += amount
    if quote.model_id in evidence.chain.model:
        due[quote.model_id, evidence.chain.model[quote.model_id].pool_split_root, quote.token] += expected.pool
    return due


def _amount(judge: Judge, token: str, payee: str, found: int, expected: int) -> Outcome:
    message = f"The {payee} got another amount than the order settles."
    return judge.paid("money.settlement", found, expected, message, token, payee)


def _owed(evidence: Evidence, token: str) -> int:
    return sum(amount for (_, of), amount in evidence.storage.owed.items() if of == token)
