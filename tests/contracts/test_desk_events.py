"""What the dispute desk and the training pool hold follows from their events: see desk_events.tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from .chain import NATIVE, Event, Receipt
from .fuzz.machine import CHOICES, Ledger
from .fuzz.people import FuzzWorld

DISPUTES = [
    name for name in CHOICES
    if name in ("contest", "hold", "end_contest", "challenge", "challenge_by_many", "end_challenge", "take_back_bond",
                "contest_in_turn", "rule_on_what_earns", "collect", "earn_for_pool", "claim_epoch", "withdraw_owed",
                "consent", "consent_to_the_end")
]  # fmt: skip
STEPS, WALKS = 80, 40
NO_CONTEST: tuple[Any, ...] = (NATIVE, bytes(32), bytes(32), 0, 0)
QUESTIONED, ANSWERED, MISSING = 1, 2, 3


@dataclass
class Challenge:
    first: str
    until: int
    joined: set[str] = field(default_factory=set)
    count: int = 0
    outcome: str = ""


@dataclass
class Epoch:
    root: bytes
    total: int
    left: int
    until: int
    claimed: set[int] = field(default_factory=set)


@dataclass
class Told:
    """Both contracts as their events tell them."""

    contests: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    holds: dict[int, dict[tuple[bytes, str], int]] = field(default_factory=lambda: defaultdict(dict))
    challenges: dict[bytes, list[Challenge]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[bytes, tuple[int, str, int]] = field(default_factory=dict)  # status, who, until when
    bonded: set[bytes] = field(default_factory=set)  # questions whose bond is at the desk
    fined: dict[bytes, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    owed: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    pots: dict[tuple[bytes, str], int] = field(default_factory=lambda: defaultdict(int))
    epochs: dict[tuple[bytes, str], list[Epoch]] = field(default_factory=lambda: defaultdict(list))

    def apply(self, event: Event) -> None:
        if handler := getattr(self, f"_{event.name}", None):
            handler(**event.args)

    def _ContestOpened(self, contestId: int, claimant: str, **e: Any) -> None:
        self.contests[contestId] = (claimant.lower(), e["workId"], e["claimantSplit"], e["bond"], e["rulingUntil"])

    def _HoldBonded(self, contestId: int, splitRoot: bytes, token: str, bond: int) -> None:
        held = self.holds[contestId]
        held[splitRoot, token] = held.get((splitRoot, token), 0) + bond

    def _HoldEnded(self, contestId: int, splitRoot: bytes, token: str, awarded: int) -> None:
        del self.holds[contestId][splitRoot, token]

    def _closed(self, contestId: int, **_: Any) -> None:
        self.contests[contestId] = NO_CONTEST

    _ContestRuled = _ContestWithdrawn = _ContestLapsed = _closed

    def _ChallengeOpened(self, orderId: bytes, challenger: str, **e: Any) -> None:
        self.challenges[orderId].append(Challenge(challenger, e["rulingUntil"]))

    def _ChallengeJoined(self, orderId: bytes, challenger: str, **_: Any) -> None:
        self.challenges[orderId][-1].joined.add(challenger)
        self.challenges[orderId][-1].count += 1

    def _ChallengeRuled(self, orderId: bytes, upheld: bool, **_: Any) -> None:
        self.challenges[orderId][-1].outcome = "upheld" if upheld else "rejected"
        if not upheld:
            self.challenges[orderId][-1].joined.clear()

    def _ChallengeLapsed(self, orderId: bytes) -> None:
        self.challenges[orderId][-1].outcome = "lapsed"

    def _ChallengeBondPaid(self, orderId: bytes, to: str, number: int, **_: Any) -> None:
        self.challenges[orderId][number - 1].joined.discard(to)

    def _ConsentQuestioned(self, consentId: bytes, asker: str, answerUntil: int, **_: Any) -> None:
        self.consents[consentId] = (QUESTIONED, asker.lower(), answerUntil)
        self.bonded.add(consentId)

    def _ConsentAnswered(self, consentId: bytes, **_: Any) -> None:
        self.consents[consentId] = (ANSWERED, self.consents[consentId][1], 0)

    def _ConsentMissing(self, consentId: bytes, finder: str, **_: Any) -> None:
        self.consents[consentId] = (MISSING, finder.lower(), 0)

    def _ConsentBondPaid(self, consentId: bytes, **_: Any) -> None:
        self.bonded.remove(consentId)

    def _ConsentFined(self, consentId: bytes, operator: str, token: str, **_: Any) -> None:
        self.fined[consentId].add((operator, token))

    def _Owed(self, to: str, token: str, amount: int, **_: Any) -> None:
        self.owed[to, token] += amount

    def _OwedWithdrawn(self, to: str, token: str, amount: int) -> None:
        self.owed[to, token] -= amount

    def _Collected(self, modelId: bytes, token: str, amount: int) -> None:
        self.pots[modelId, token] += amount

    def _EpochClosed(self, modelId: bytes, token: str, **e: Any) -> None:
        self.pots[modelId, token] -= e["total"]
        self.epochs[modelId, token].append(Epoch(e["root"], e["total"], e["total"], e["openUntil"]))

    def _EpochClaimed(self, modelId: bytes, token: str, epoch: int, index: int, amount: int, **_: Any) -> None:
        one = self.epochs[modelId, token][epoch - 1]
        one.left -= amount
        one.claimed.add(index)

    def _EpochCarried(self, modelId: bytes, token: str, epoch: int, amount: int) -> None:
        one = self.epochs[modelId, token][epoch - 1]
        one.root, one.left = bytes(32), 0
        self.pots[modelId, token] += amount

    def differs(self, world: FuzzWorld) -> list[str]:
        """The views that say otherwise."""
        get = world.desk.get
        rows = [*self._desk_rows(world, get), *self._consent_rows(world, get), *self._pool_rows(world.training.get)]
        return [name for name, told, asked in rows if told != asked]

    def _desk_rows(self, world: FuzzWorld, get: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
        yield "contestCount", len(self.contests), get("contestCount")
        for number, told in self.contests.items():
            yield "contestOf", told, tuple(get("contestOf", number))
            accounts, bonds = get("heldBy", number)
            asked = {(bytes(split), token): bond for (_, split, token), bond in zip(accounts, bonds, strict=True)}
            yield "heldBy", {(s, t.lower()): bond for (s, t), bond in self.holds[number].items()}, asked
        for order_id, all_ in self.challenges.items():
            latest = all_[-1]
            present = (NATIVE, 0, 0) if latest.outcome else (latest.first.lower(), latest.until, latest.count)
            state = (*present, len(all_), latest.outcome == "upheld")
            yield "challengeOf", state, tuple(get("challengeOf", order_id))
            people = [world.claimant, world.rival, world.rogue]
            for number, one in enumerate(all_, 1):
                asked = {who for who in people if get("hasJoined", order_id, number, who)}
                yield "hasJoined", one.joined, asked
        for (to, token), amount in self.owed.items():
            yield "owed", amount, get("owed", to, token)

    def _consent_rows(self, world: FuzzWorld, get: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
        places = [(operator, token) for operator in world.operators for token in world.tokens]
        for consent_id, told in self.consents.items():
            asked = tuple(get("consentOf", consent_id))
            yield "consentOf", told, asked
            yield "bond of a question", consent_id in self.bonded, asked[0] == QUESTIONED
            yield "isFined", self.fined[consent_id], {place for place in places if get("isFined", consent_id, *place)}

    def _pool_rows(self, get: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
        for key in {*self.pots, *self.epochs}:
            yield "potOf", (self.pots[key], len(self.epochs[key])), tuple(get("potOf", *key))
            for number, one in enumerate(self.epochs[key], 1):
                told = (one.root, one.total, one.left, one.until)
                yield "epochOf", told, tuple(get("epochOf", *key, number))
                yield "isClaimed", one.claimed, {i for i in range(8) if get("isClaimed", *key, number, i)}


class Disputed(Ledger):
    """The fuzzer's machine, with more disputes than it has by chance; keeps the events."""

    def play(self, rng: Random) -> None:
        self.events: list[Event] = []
        self.start()
        for _ in range(STEPS):
            self.act(rng.choice([*CHOICES, *DISPUTES * 2]), rng)

    def attempt(self, *arguments: Any, **named: Any) -> Receipt | None:
        receipt = super().attempt(*arguments, **named)
        if receipt:
            places = {self.world.desk.address.lower(), self.world.training.address.lower()}
            logs = [log for log in receipt["logs"] if str(log["address"]).lower() in places]
            self.events += self.world.chain.events({"logs": logs})
        return receipt


def told_by(events: Iterable[Event], without: str = "") -> Told | None:
    """None where nothing can be told."""
    told = Told()
    try:
        for event in events:
            if event.name != without:
                told.apply(event)
    except (KeyError, IndexError):
        return None
    return told


@pytest.mark.slow
def test_the_events_alone_tell_disputes_and_pools() -> None:
    seen = set()
    for seed in range(WALKS):  # until everything has happened
        if seen == set(MATTERS):
            break
        machine = Disputed()
        try:
            machine.play(Random(seed))
            told = told_by(machine.events)
            assert told is not None
            assert told.differs(machine.world) == []
            for name in ({event.name for event in machine.events} & set(MATTERS)) - seen:
                poorer = told_by(machine.events, without=name)
                if poorer is None or poorer.differs(machine.world):
                    seen.add(name)
        finally:
            machine.undone.close()
    assert seen == set(MATTERS)


MATTERS = (
    "ContestOpened", "HoldBonded", "HoldEnded", "ContestRuled", "ContestWithdrawn", "ContestLapsed",
    "ChallengeOpened", "ChallengeJoined", "ChallengeRuled", "ChallengeLapsed", "ChallengeBondPaid", "Owed",
    "OwedWithdrawn", "ConsentQuestioned", "ConsentAnswered", "ConsentMissing", "ConsentBondPaid", "ConsentFined",
    "Collected", "EpochClosed", "EpochClaimed", "EpochCarried",
)  # fmt: skip
"""Without any of these something is told wrongly."""
