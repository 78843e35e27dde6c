"""Challenges of commits: the evidence (`contrafact/challenge/1`), what the desk's events say of them, and an award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from contrafact.domain.decoding import Event
from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import file_reference, natural, parse, referenced, text
from contrafact.domain.history import Committed, Funded
from contrafact.domain.terms import Use

SCHEMA = "contrafact/challenge/1"
CHALLENGE_EVENTS = ("ChallengeOpened", "ChallengeJoined", "ChallengeRuled", "ChallengeLapsed", "ChallengeBondPaid")


@dataclass(frozen=True, slots=True)
class CommittedOrder:
    """An order as it was paid and committed, and the use that it is paid for now."""

    funded: Funded
    committed: Committed
    use: Use


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that an operator signed and that does not hold: the audit's rule, a sentence, and the values."""

    check: str
    message: str
    evidence: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        return {"check": self.check, "message": self.message, "evidence": dict(self.evidence)}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Contradiction:
        return cls(text(d["check"]), text(d["message"]), {text(k): text(v) for k, v in d["evidence"].items()})


@dataclass(frozen=True, slots=True)
class ChallengeEvidence:
    """Why a commit is challenged; its SHA-256 goes on the chain with the challenge.

    `record` and `committed_notes` are the digests that the operator signed; `notes` is that of the event ledger which
    the same request gives here, by the `generator` and the model with these `weights`; None where none can be made.
    `event` is the first draw or note that differs.
    """

    order_id: bytes
    chain_id: int
    contract: str
    record: bytes
    committed_notes: bytes
    findings: tuple[Contradiction, ...]
    generator: Mapping[str, Any]
    weights: bytes
    notes: bytes | None = None
    event: int | None = None

    def to_bytes(self) -> bytes:
        """The canonical document; it names no challenger and no time, so that it is the same whoever makes it."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "order": {"id": to_hex(self.order_id), "chain_id": self.chain_id, "contract": self.contract},
                "record": file_reference(self.record),
                "committed_notes": file_reference(self.committed_notes),
                "findings": [one.to_dict() for one in self.findings],
                "replay": {
                    "generator": dict(self.generator),
                    "weights": to_hex(self.weights),
                    "notes": file_reference(self.notes) if self.notes else None,
                    "first_difference": self.event,
                },
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> ChallengeEvidence:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> ChallengeEvidence:
        order, replay = d["order"], d["replay"]
        return cls(
            order_id=from_hex(order["id"]),
            chain_id=natural(order["chain_id"]),
            contract=text(order["contract"]),
            record=referenced(d["record"]),
            committed_notes=referenced(d["committed_notes"]),
            findings=tuple(Contradiction.from_dict(row) for row in d["findings"]),
            generator=dict(replay["generator"]),
            weights=from_hex(replay["weights"]),
            notes=referenced(replay["notes"]) if replay["notes"] is not None else None,
            event=None if replay["first_difference"] is None else natural(replay["first_difference"]),
        )

    def digest(self) -> bytes:
        return sha256(self.to_bytes())


class Outcome(StrEnum):
    """How a challenge stands, or ended."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Filing:
    """Somebody's part in a challenge: its bond in units of the order's token, and the digest of its evidence."""

    challenger: str
    bond: int
    evidence: bytes
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge of an order, the first by `number` 1; `filings` are the first challenger's and of who joined.

    `ruling_until` is the last second for a ruling, `to_sources` and `to_maker` are what it gave from the operator's
    bond, `paid_back` the bonds that left the desk, and to whom.
    """

    order_id: bytes
    number: int
    operator: str
    locked: int
    ruling_until: int
    filings: tuple[Filing, ...]
    outcome: Outcome = Outcome.OPEN
    to_sources: tuple[int, ...] = ()
    to_maker: int = 0
    paid_back: tuple[tuple[str, int], ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who joined and can take its bond back."""
        if self.outcome not in (Outcome.UPHELD, Outcome.LAPSED):
            return ()
        had = {to for to, _ in self.paid_back}
        return tuple(filing.challenger for filing in self.filings[1:] if filing.challenger not in had)

    def of(self, who: str) -> Filing | None:
        """What an account filed here."""
        return next((filing for filing in self.filings if filing.challenger.lower() == who.lower()), None)


def challenges(events: Iterable[Event]) -> list[Challenge]:
    """The challenges that `events`, which are all `CHALLENGE_EVENTS` of one order or of all, tell; oldest first."""
    found: dict[tuple[bytes, int], Challenge] = {}
    latest: dict[bytes, int] = {}
    for event in events:
        a, order = event.arguments, event.arguments["orderId"]
        if event.name == "ChallengeOpened":
            latest[order] = latest.get(order, 0) + 1
            parties = (order, latest[order], a["operator"], a["locked"], a["rulingUntil"])
            found[order, latest[order]] = Challenge(*parties, (_filing(event),))
            continue
        key = (order, a.get("number", latest[order]))
        found[key] = _after(found[key], event)
    return list(found.values())


def _after(before: Challenge, event: Event) -> Challenge:
    a = event.arguments
    if event.name == "ChallengeJoined":
        return replace(before, filings=(*before.filings, _filing(event)))
    if event.name == "ChallengeLapsed":
        return replace(before, outcome=Outcome.LAPSED)
    if event.name == "ChallengeBondPaid":
        return replace(before, paid_back=(*before.paid_back, (a["to"], a["amount"])))
    outcome = Outcome.UPHELD if a["upheld"] else Outcome.REJECTED
    return replace(before, outcome=outcome, to_sources=tuple(a["toSources"]), to_maker=a["toMaker"])


def _filing(event: Event) -> Filing:
    a = event.arguments
    return Filing(a["challenger"], a["bond"], a["evidenceDigest"], event.block, event.transaction)


@dataclass(frozen=True, slots=True)
class Award:
    """What a ruling gives from the operator's bond: an amount for each of the order's sources, and the maker's."""

    to_sources: tuple[int, ...]
    to_maker: int

    @property
    def total(self) -> int:
        return sum(self.to_sources) + self.to_maker


def award(order: CommittedOrder, shares: tuple[int, Sequence[int]] | None) -> Award:
    """What puts right a commit that does not hold, where `shares` (the base's, the sources') are the true ones.

    Each source gets what it had too little; the maker what it was given back too little, and the operator's fee. Where
    no true shares can be known (None), the maker gets all that the order cost it, and the sources keep what they have.
    """
    quote, commit = order.funded.quote, order.committed.commit
    had = quote.settle(commit.base_share, commit.shares, commit.duration)
    if shares is None:
        return Award((0,) * len(had.sources), order.funded.escrowed - had.refunded)
    due = quote.settle(shares[0], shares[1], commit.duration)
    more = tuple(max(0, right - wrong) for right, wrong in zip(due.sources, had.sources, strict=True))
    return Award(more, max(0, due.refunded - had.refunded) + quote.operator_fee)
