"""Royalty accounts: what came in, and whether only its holders drew on it, each no more than their share."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Loss, Outcomes, missing
from contrafact.audit.totals import AccountHistory
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id
from contrafact.ports import PlaceStatus

HOLDERS = "the account's holders"


def received(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    known, message = evidence.chain.accounts.get(account.account), "The account was never described."
    found = evidence.storage.received[account.account]
    untouched = not (found or account.income or account.payouts)  # an order names it, and credited it nothing
    yield judge.that("money.received", known is not None or untouched, message)
    if known is not None:
        expected = account_id(known.beneficiary, known.split_root, known.token)
        message = "The account is not that of its beneficiary and split."
        yield judge.equal("money.received", account.account, expected, message)
    message = "The account has received another amount than it was credited."
    yield judge.paid("money.received", found, account.income, message, account.token, HOLDERS)


def paid(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """What the contract counts as drawn, over all places, is what was paid, and no more than came in."""
    drawn = evidence.storage.drawn.get(account.account, 0)
    message = "The account has paid another amount than its holders got."
    yield judge.paid("money.paid", account.payouts, drawn, message, account.token, HOLDERS)
    over = account.payouts - evidence.storage.received[account.account]
    loss = missing(account.token, over, "everybody whose money the contract holds")
    yield judge.that("money.paid", over <= 0, "The account has paid more than it ever received.", loss=loss)


def holders(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """drawn = Σ paid ≤ floor(received × share / 10⁶), for every leaf of the split."""
    split = split_of(evidence, account)
    if split is None:
        yield judge.skip("money.holder", "The account's rights split is not published.")
        return
    income = evidence.storage.received[account.account]
    for leaf in split.leaves:
        drawn, entitled = evidence.storage.place[account.account, leaf.index].drawn, income * leaf.share // PPM
        message = f"The contract counts another amount as drawn by {leaf.holder} than was paid."
        yield judge.equal("money.holder", drawn, account.got.get(leaf.index, 0), message)
        loss = missing(account.token, drawn - entitled, "the account's other holders")
        message = f"{leaf.holder} was paid more than its share."
        yield judge.that("money.holder", drawn <= entitled, message, loss=loss, drawn=drawn, entitled=entitled)


def payees(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """Each payment went to the holder named at its place, or to the address that the place was given later."""
    split = split_of(evidence, account)
    if split is None:
        yield judge.skip("money.payee", "The account's rights split is not published.")
        return
    named = {(leaf.index, leaf.holder.lower()) for leaf in split.leaves}
    for event in account.paid:
        successor = evidence.storage.payee[event.account, event.index].lower()
        holds = (event.index, event.holder.lower()) in named or event.holder.lower() == successor
        loss = None if holds else Loss(event.token, event.amount, HOLDERS)
        message = f"{event.holder} is not in the account's split."
        yield judge.that("money.payee", holds, message, loss=loss, transaction=event.transaction)


def confirmed(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    for event in account.paid:
        status = evidence.storage.place[event.account, event.index].status
        message = f"{event.holder} was paid, and has never confirmed its place."
        yield judge.that("money.confirmed", status is not PlaceStatus.UNCONFIRMED, message, place=event.index)


def split_of(evidence: Evidence, account: AccountHistory) -> Split | None:
    """The account's rights split, where it is published."""
    return evidence.catalogue.splits.get(account.split_root) if account.split_root else None
