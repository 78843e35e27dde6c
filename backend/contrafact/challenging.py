"""Challenging a commit that a replay contradicts, and following the ruling.

Nothing is sent before it is sure that the desk would take it, and before the evidence lies in the store. The evidence
is the same document whenever it is made, so a challenge that was interrupted anywhere is simply filed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contrafact.domain.challenges import Award, Challenge, ChallengeEvidence, CommittedOrder, Filing, Outcome
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.history import Committed, Funded, Raised
from contrafact.domain.orders import Quote
from contrafact.errors import ContentMismatch, NotFound, NotPermitted, OrderClosed
from contrafact.ports import ContentStore


class ChallengeLedger(Protocol):
    """Reads of orders and their challenges. Raises ChainError when the chain cannot be reached."""

    def funded(self, order_id: bytes | None = None) -> Sequence[Funded]: ...
    def committed(self, order_id: bytes | None = None) -> Sequence[Committed]: ...
    def raised(self, order_id: bytes | None = None) -> Sequence[Raised]: ...
    def timestamp(self) -> int: ...
    def challenge_bond(self, quote: Quote) -> int: ...
    def challenge_window(self) -> int: ...
    def challenges(self, order_id: bytes | None = None) -> Sequence[Challenge]: ...


class Challenger(Protocol):
    """Transactions of one account at the desk; each returns its hash and raises ContractError for a revert."""

    @property
    def address(self) -> str: ...

    def challenge(self, order: CommittedOrder, evidence: bytes, bond: int) -> str: ...
    def rule(self, quote: Quote, award: Award) -> str: ...
    def lapse(self, quote: Quote) -> str: ...
    def take_back(self, quote: Quote, number: int, challenger: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Case:
    """An order that an account may challenge: the bond in units of its token, and the last second for it.

    `own` is what the account filed in the challenge that is open: then there is nothing more to file.
    """

    order: CommittedOrder
    bond: int
    until: int
    past: tuple[Challenge, ...]
    own: Filing | None


def committed_order(ledger: ChallengeLedger, order_id: bytes) -> CommittedOrder:
    """The order with its commit. Raises NotFound where it has none on this chain."""
    funded, committed = ledger.funded(order_id), ledger.committed(order_id)
    if not (funded and committed):
        text = f"Order {to_hex(order_id)} is not committed on this chain."
        raise NotFound(text, "Only what an operator has signed can be challenged; a late order is refunded.")
    raised = ledger.raised(order_id)
    return CommittedOrder(funded[0], committed[0], raised[-1].use if raised else funded[0].quote.use)


def open_case(ledger: ChallengeLedger, order_id: bytes, who: str) -> Case:
    """What `who` can do about an order. Raises NotFound for one without a commit, and OrderClosed where the time is
    over or a challenge was upheld before: no other is taken.
    """
    order, past = committed_order(ledger, order_id), tuple(ledger.challenges(order_id))
    quote = order.funded.quote
    until = quote.deadline + ledger.challenge_window()
    own = past[-1].of(who) if past and past[-1].outcome is Outcome.OPEN else None
    case = Case(order, ledger.challenge_bond(quote), until, past, own)
    if own is not None:
        return case
    if any(one.outcome is Outcome.UPHELD for one in past):
        raise OrderClosed(f"A challenge of order {to_hex(order_id)} was upheld.", "No other one is taken.")
    if (now := ledger.timestamp()) > until:
        text = f"Order {to_hex(order_id)} could be challenged until {until} (seconds since the epoch); it is {now}."
        raise OrderClosed(text, "It can no longer be challenged.")
    return case


def file_challenge(
    case: Case, evidence: ChallengeEvidence, notes: bytes | None, store: ContentStore, desk: Challenger
) -> str:
    """Puts the evidence into the store, then challenges with its digest. Returns the transaction.

    `notes` are the event ledger that the evidence names, where it may be published. Raises NotPermitted where a
    challenge of this account with this very evidence was rejected, and what store and desk raise.
    """
    for before in case.past:
        mine = before.of(desk.address)
        if before.outcome is Outcome.REJECTED and mine and mine.evidence == evidence.digest():
            text = "A challenge of yours with this very evidence was rejected."
            raise NotPermitted(text, "It would cost its bond again; challenge with something new, or not at all.")
    for data in (*([notes] if notes else []), evidence.to_bytes()):
        store.put(data)
    return desk.challenge(case.order, evidence.digest(), case.bond)


def read_evidence(store: ContentStore, filing: Filing, order: CommittedOrder) -> ChallengeEvidence:
    """The document that a challenge was filed with, which must be about this order and what was committed.

    Raises NotFound or StoreError where it cannot be had, InvalidInput for another kind of document, ContentMismatch for
    the evidence of another commit.
    """
    evidence = ChallengeEvidence.from_bytes(store.get(cid(filing.evidence)))
    commit = order.committed.commit
    about = (evidence.order_id, evidence.record, evidence.committed_notes)
    if about != (commit.order_id, commit.record_digest, commit.evidence_root):
        raise ContentMismatch("This evidence is about another commit.", "Reject the challenge, or ask its challenger.")
    return evidence


def open_challenge(ledger: ChallengeLedger, order_id: bytes) -> Challenge:
    """The order's challenge that is open. Raises NotFound."""
    past = ledger.challenges(order_id)
    if not past or past[-1].outcome is not Outcome.OPEN:
        raise NotFound(f"Order {to_hex(order_id)} is not challenged, or no longer.", "See: contrafact challenge status")
    return past[-1]


def take_back(ledger: ChallengeLedger, order_id: bytes, who: str, desk: Challenger) -> list[str]:
    """Sends `who` its bonds in the order's challenges that were upheld or lapsed. Returns the transactions.

    Raises NotFound where there is none to take back: an open challenge keeps its bonds, a rejected one lost them, and
    the first challenger is paid at once.
    """
    order = committed_order(ledger, order_id)
    numbers = [
        one.number for one in ledger.challenges(order_id) if who.lower() in {waiting.lower() for waiting in one.waiting}
    ]
    if not numbers:
        text = f"{who} has no bond to take back from order {to_hex(order_id)}."
        raise NotFound(text, "The first challenger is paid at once; an open challenge keeps bonds, a rejected one did.")
    return [desk.take_back(order.funded.quote, number, who) for number in numbers]
