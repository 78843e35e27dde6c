"""Royalty accounts: what came in, and whether only its holders drew on it, each no more than their share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from contrafact.audit.evidence import Evidence, grouped
from contrafact.audit.outcomes import Judge, Loss, Outcomes, missing
from contrafact.domain.history import Credited, Paid
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id

HOLDERS = "the account's holders"


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """The events of one account."""

    account: bytes
    credited: tuple[Credited, ...]
    paid: tuple[Paid, ...]

    @property
    def token(self) -> str:
        tokens = [event.token for event in self.credited] + [event.token for event in self.paid]
        return tokens[0]

    @property
    def income(self) -> int:
        return sum(event.amount for event in self.credited)

    @property
    def payouts(self) -> int:
        return sum(event.amount for event in self.paid)


def histories(evidence: Evidence) -> Iterator[AccountHistory]:
    """Every account that an event names."""
    credited = grouped(evidence.chain.credited, lambda event: event.account)
    paid = grouped(evidence.chain.paid, lambda event: event.account)
    for account in dict.fromkeys((*credited, *paid)):
        yield AccountHistory(account, tuple(credited.get(account, ())), tuple(paid.get(account, ())))


def received(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    for event in account.credited:
        expected = account_id(event.beneficiary, event.split_root, event.token)
        yield judge.equal(
            "money.received", event.account, expected, "The account is not that of its beneficiary and split."
        )
    found = evidence.storage.received[account.account]
    message = "The account has received another amount than it was credited."
    yield judge.paid("money.received", found, account.income, message, account.token, HOLDERS)


def paid(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    found = evidence.storage.paid_out[account.account]
    message = "The account has paid another amount than its holders got."
    yield judge.paid("money.paid", account.payouts, found, message, account.token, HOLDERS)
    over = account.payouts - evidence.storage.received[account.account]
    loss = missing(account.token, over, "everybody whose money the contract holds")
    yield judge.that("money.paid", over <= 0, "The account has paid more than it ever received.", loss=loss)


def holders(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """drawn = Σ paid ≤ floor(received × share / 10⁶), for every leaf of the split."""
    split = _split(evidence, account)
    if split is None:
        yield judge.skip("money.holder", "The account's rights split is not published.")
        return
    got, income = Counter[int](), evidence.storage.received[account.account]
    for event in account.paid:
        got[event.index] += event.amount
    for leaf in split.leaves:
        drawn, entitled = evidence.storage.drawn[account.account, leaf.index], income * leaf.share // PPM
        message = f"The contract counts another amount as drawn by {leaf.holder} than was paid."
        yield judge.equal("money.holder", drawn, got[leaf.index], message)
        loss = missing(account.token, drawn - entitled, "the account's other holders")
        message = f"{leaf.holder} was paid more than its share."
        yield judge.that("money.holder", drawn <= entitled, message, loss=loss, drawn=drawn, entitled=entitled)


def payees(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    split = _split(evidence, account)
    if split is None:
        yield judge.skip("money.payee", "The account's rights split is not published.")
        return
    named = {(leaf.index, leaf.holder.lower()) for leaf in split.leaves}
    for event in account.paid:
        holds, message = (event.index, event.holder.lower()) in named, f"{event.holder} is not in the account's split."
        loss = None if holds else Loss(event.token, event.amount, HOLDERS)
        yield judge.that("money.payee", holds, message, loss=loss, transaction=event.transaction)


def _split(evidence: Evidence, account: AccountHistory) -> Split | None:
    roots = {event.split_root for event in account.credited}
    return evidence.catalogue.splits.get(roots.pop()) if len(roots) == 1 else None
