"""What the desk's events tell of challenges, and what puts a false commit right."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from contrafact.domain.challenges import (
    Challenge,
    ChallengeEvidence,
    CommittedOrder,
    Outcome,
    award,
    challenges,
)
from contrafact.domain.commits import Commit
from contrafact.domain.history import Committed, Funded
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput

from .documents import ALICE, BOB, CHALLENGE, QUOTED, digest

ORDER, EVIDENCE = digest("order"), ChallengeEvidence.from_bytes(CHALLENGE)


@dataclass(frozen=True)
class FakeEvent:
    name: str
    arguments: dict[str, Any]
    block: int = 1
    transaction: str = "0x1"


@dataclass
class Desk:
    events: list[FakeEvent] = field(default_factory=list)

    def say(self, name: str, **arguments: Any) -> Desk:
        self.events.append(FakeEvent(name, {"orderId": ORDER, **arguments}))
        return self

    def opened(self, who: str = ALICE) -> Desk:
        parties = {"challenger": who, "operator": BOB, "bond": 5, "locked": 100}
        return self.say("ChallengeOpened", **parties, evidenceDigest=digest("evidence"), rulingUntil=9)

    def joined(self, who: str) -> Desk:
        return self.say("ChallengeJoined", challenger=who, bond=5, evidenceDigest=digest("more"))

    def paid(self, to: str, number: int = 1) -> Desk:
        return self.say("ChallengeBondPaid", to=to, token=ALICE, number=number, amount=5)

    def told(self) -> list[Challenge]:
        return challenges(self.events)


def test_who_joined_has_a_bond_to_take_back_until_it_has_it() -> None:
    desk = Desk().opened().joined(BOB)
    assert desk.told()[0].waiting == ()
    desk.say("ChallengeRuled", upheld=True, toSources=[1, 2], toMaker=3).paid(ALICE)
    (upheld,) = desk.told()
    assert (upheld.outcome, upheld.to_sources, upheld.to_maker) == (Outcome.UPHELD, (1, 2), 3)
    assert upheld.waiting == (BOB,)
    assert desk.paid(BOB).told()[0].waiting == ()


def test_a_rejected_challenge_gives_nothing_back_and_another_can_follow() -> None:
    desk = Desk().opened().joined(BOB).say("ChallengeRuled", upheld=False, toSources=[0, 0], toMaker=0).paid(BOB)
    desk.opened(BOB).joined(ALICE).say("ChallengeLapsed").paid(BOB, number=2)
    rejected, lapsed = desk.told()
    assert (rejected.outcome, rejected.waiting) == (Outcome.REJECTED, ())
    assert (lapsed.number, lapsed.outcome, lapsed.waiting) == (2, Outcome.LAPSED, (ALICE,))


def test_evidence_is_one_document_and_nothing_else_is_read_as_one() -> None:
    assert ChallengeEvidence.from_bytes(EVIDENCE.to_bytes()) == EVIDENCE
    bare = replace(EVIDENCE, notes=None, event=None)
    assert ChallengeEvidence.from_bytes(bare.to_bytes()) == bare
    with pytest.raises(InvalidInput):
        ChallengeEvidence.from_bytes(EVIDENCE.to_bytes().replace(b'"events.shares"', b"7"))


def order(shares: tuple[int, int], base: int) -> CommittedOrder:
    """45 seconds, two units, of two sources and a composition used through the second."""
    prices = zip(QUOTED.sources, (100, 300, 50), strict=True)
    sources = tuple(replace(source, price=price) for source, price in prices)
    quote = replace(QUOTED, use=Use.PRIVATE, drift=0, base_rate=40, operator_fee=9, sources=sources)
    commit = Commit(ORDER, digest("record"), digest("pcm"), digest("events"), 45, base, shares)
    funded = Funded(ORDER, quote, bytes(32), quote.escrow, 1, "0x1")
    return CommittedOrder(funded, Committed(commit, 9, 0, 2, "0x2"), Use.PRIVATE)


def test_an_award_gives_each_what_it_had_too_little_and_the_maker_the_fee() -> None:
    lied = order((800_000, 100_000), 100_000)
    given = award(lied, (100_000, (400_000, 500_000)))
    assert given.to_sources == (0, 2 * 300 * 400_000 // PPM, 2 * 50 * 400_000 // PPM)
    assert given.to_maker == 9  # the true piece would have cost it more
    assert given.total <= lied.funded.escrowed


def test_the_maker_gets_back_what_it_paid_for_too_much() -> None:
    lied = order((100_000, 800_000), 100_000)
    had, due = (lied.funded.quote.settle(100_000, shares) for shares in ((100_000, 800_000), (800_000, 100_000)))
    given = award(lied, (100_000, (800_000, 100_000)))
    assert given.to_maker == due.refunded - had.refunded + 9
    assert given.to_sources == (2 * 100 * 700_000 // PPM, 0, 0)


def test_without_a_record_the_maker_gets_back_all_that_the_order_cost() -> None:
    unknown = order((800_000, 100_000), 100_000)
    given = award(unknown, None)
    cost = unknown.funded.escrowed - unknown.funded.quote.settle(100_000, (800_000, 100_000)).refunded
    assert (given.to_sources, given.to_maker) == ((0, 0, 0), cost)
