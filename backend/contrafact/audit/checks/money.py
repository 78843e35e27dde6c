"""Where did every unit of money go?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcome, Outcomes, Severity, missing
from contrafact.audit.totals import TokenHistory
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed, Funded, Raised, Refunded
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.settlement import Settlement, downstream, raised, refund_penalty
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput

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
    yield from _credits(evidence, funded[0], committed.commit, expected, judge)
    yield _amount(judge, quote.token, f"operator {quote.operator}", committed.operator_fee, expected.operator_fee)
    yield _amount(judge, quote.token, f"maker {quote.maker}", committed.refunded, expected.refunded)


def refund(evidence: Evidence, refunded: Refunded, judge: Judge) -> Outcomes:
    funded = evidence.chain.funded_of[refunded.order_id]
    if not funded:
        yield judge.that("money.refund", False, "An order that was never funded was refunded.", units=refunded.amount)
        return
    quote, escrowed, message = funded[0].quote, funded[0].escrowed, "The refund is not the whole escrow."
    maker = f"maker {quote.maker}"
    yield judge.paid("money.refund", refunded.amount, escrowed, message, quote.token, maker)
    penalty, message = refund_penalty(escrowed), "The maker did not get the penalty from the operator's bond."
    yield judge.paid("money.refund", refunded.penalty, penalty, message, quote.token, maker)


def origin(evidence: Evidence, order: bytes, judge: Judge) -> Outcomes:
    """No order credits without a commit, and no account twice."""
    chain = evidence.chain
    credited = chain.credited_of[order]
    stray = [event.account for event in credited if not chain.committed_of[order]]
    yield judge.that(
        "money.origin", not stray, "Royalties were credited for an order without a commit.", accounts=stray
    )


def balance(evidence: Evidence, of: TokenHistory, judge: Judge) -> Outcomes:
    """Balance = what came in for orders and bonds − what left + what is owed for failed transfers."""
    expected = _of_orders(of) + _of_bonds(of) - of.paid + evidence.storage.owed[of.token]
    found = evidence.storage.balance[of.token]
    message = "The balance is lower than it must be."
    severity = Severity.ERROR
    if found > expected:
        message, severity = "The contract holds money that no order explains.", Severity.WARNING
    loss = missing(of.token, expected - found, EVERYBODY)
    amounts = {"found_units": found, "expected_units": expected}
    yield judge.that("money.balance", found == expected, message, severity=severity, loss=loss, **amounts)


def conserved(evidence: Evidence, of: TokenHistory, judge: Judge) -> Outcomes:
    """What came in for orders, and from bonds by rulings and fines, was credited, given out, or lies in escrow."""
    came_in = of.funded + of.raised + of.downstream + of.ruled + of.fined
    went = of.credited + of.settled_out + of.refunded + of.waiting
    message = "What orders brought in is not what was credited, given out, and left in escrow."
    yield judge.that("money.conserved", went == came_in, message, came_in_units=came_in, went_units=went)


def solvent(evidence: Evidence, of: TokenHistory, judge: Judge) -> Outcomes:
    """Balance ≥ open escrows + bonds + what accounts have not paid out + what is owed for failed transfers."""
    stored = evidence.storage
    bonds = sum(bond.amount + stored.withdrawal[key] for key, bond in stored.bond.items() if key[1] == of.token)
    accounts = [account for account, opened in evidence.chain.accounts.items() if opened.token == of.token]
    royalties = sum(stored.received[account] - stored.drawn.get(account, 0) for account in accounts)
    due, found = of.open + bonds + royalties + stored.owed[of.token], stored.balance[of.token]
    loss = missing(of.token, due - found, EVERYBODY)
    message = "The contract owes more than it holds."
    yield judge.that("money.solvent", found >= due, message, loss=loss, balance_units=found, owed_units=due)


def _of_orders(of: TokenHistory) -> int:
    """What orders brought in, less what their operators and makers got of it."""
    return of.funded + of.raised + of.downstream - of.settled_out - of.refunded


def _of_bonds(of: TokenHistory) -> int:
    """What is left of bonds, with what rulings and fines paid from them into royalty accounts."""
    return of.bonds + of.ruled + of.fined - of.penalties


def settled(funded: Funded, committed: Committed) -> Settlement:
    """The settlement that follows from an order and its commit. Raises InvalidInput where none does."""
    commit = committed.commit
    return funded.quote.settle(commit.base_share, commit.shares, commit.duration)


def _credits(evidence: Evidence, funded: Funded, commit: Commit, expected: Settlement, judge: Judge) -> Outcomes:
    due, credited = _due(evidence, funded, commit, expected), Counter[Payee]()
    for event in evidence.chain.credited_of[funded.order_id]:
        credited[event.beneficiary, event.split_root, event.token] += event.amount
    for payee in dict.fromkeys((*due, *credited)):
        beneficiary, _, token = payee
        yield _amount(judge, token, f"account of {to_hex(beneficiary)}", credited[payee], due[payee])


def _due(evidence: Evidence, funded: Funded, commit: Commit, expected: Settlement) -> Counter[Payee]:
    """What each account gets of an order: at its commit, and by all that came after it."""
    quote, order = funded.quote, funded.order_id
    due = Counter[Payee]({(quote.model_id, quote.pool_root, quote.token): expected.pool})
    later = [
        *(_raise(evidence, quote, commit, event) for event in evidence.chain.raised_of[order]),
        *(_revenue(quote, commit, event.amount) for event in evidence.chain.downstream_of[order]),
        *(event.to_sources for event in evidence.chain.rulings_of[order]),
    ]
    for amounts in (expected.sources, *later):
        for source, amount in zip(quote.sources, amounts, strict=True):
            due[source.work_id, source.split_root, quote.token] += amount
    return due


def _revenue(quote: Quote, commit: Commit, amount: int) -> tuple[int, ...]:
    percentages = [source.downstream for source in quote.sources]
    return downstream(amount, commit.shares, percentages, quote.through).sources


def _raise(evidence: Evidence, quote: Quote, commit: Commit, event: Raised) -> tuple[int, ...]:
    """What the sources got when the order was raised, at their pinned terms. Raises NotPermitted or StopIteration."""
    before, after = (_prices(evidence, quote, use) for use in (event.before, event.use))
    return raised(replace(quote.rates, prices=before), after, commit.duration, commit.shares)


def _prices(evidence: Evidence, quote: Quote, use: Use) -> tuple[int, ...]:
    pinned = [
        next(v for v in evidence.chain.terms_of[source.work_id] if v.version == source.terms_version)
        for source in quote.sources
    ]
    return tuple(version.terms.price(use, quote.token) for version in pinned)


def _amount(judge: Judge, token: str, payee: str, found: int, expected: int) -> Outcome:
    message = f"The {payee} got another amount than the order settles."
    return judge.paid("money.settlement", found, expected, message, token, payee)
