"""Contests of works, as the dispute desk says them: whoever claims that a work's royalties belong to another split."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from contrafact.domain.decoding import Event

EVENTS = ("ContestOpened", "HoldBonded", "ContestRuled", "ContestWithdrawn", "ContestLapsed", "HoldEnded")
HOLD_RATIO = 10
"""How much of what comes in is held, for each unit of bond (see WorkContests.sol)."""


class ContestState(StrEnum):
    """Where a contest stands. `lapsed`: nobody ruled in time, and the bonds went back."""

    OPEN = "open"
    RULED = "ruled"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_ENDS = {
    "ContestRuled": ContestState.RULED,
    "ContestWithdrawn": ContestState.WITHDRAWN,
    "ContestLapsed": ContestState.LAPSED,
}


@dataclass(frozen=True, slots=True)
class ContestHold:
    """An account of the contested work that is held, by its split and token; `bond` in units of the token.

    `awarded` is what a ruling took from it for the claimant's split, None while the contest is open.
    """

    split_root: bytes
    token: str
    bond: int
    awarded: int | None = None

    @property
    def most(self) -> int:
        """The most that this bond holds."""
        return self.bond * HOLD_RATIO


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest. `bond` in wei; `ruling_until` in seconds since the epoch, the last one for a ruling.

    `part` is what a ruling awarded of what was held, in parts per million, None where there was none.
    """

    number: int
    work_id: bytes
    claimant: str
    claimant_split: bytes
    evidence: bytes
    bond: int
    ruling_until: int
    block: int
    transaction: str
    newest: int
    state: ContestState = ContestState.OPEN
    part: int | None = None
    holds: tuple[ContestHold, ...] = ()
    closed_in: str | None = None

    def after(self, event: Event) -> Contest:
        """The contest after one of its later events."""
        moved = replace(self, newest=event.block)
        if event.name in _ENDS:
            part = event.arguments.get("ppm")
            return replace(moved, state=_ENDS[event.name], part=part, closed_in=event.transaction)
        return replace(moved, holds=_held(self.holds, event))


def contests(events: Iterable[Event]) -> list[Contest]:
    """All contests that these events tell, in the order in which they were opened; events in the chain's order."""
    found: dict[int, Contest] = {}
    for event in events:
        number = event.arguments["contestId"]
        found[number] = _opened(event) if event.name == "ContestOpened" else found[number].after(event)
    return list(found.values())


def _opened(event: Event) -> Contest:
    a = event.arguments
    parties = (a["contestId"], a["workId"], a["claimant"], a["claimantSplit"], a["evidenceDigest"])
    return Contest(*parties, a["bond"], a["rulingUntil"], event.block, event.transaction, event.block)


def _held(holds: tuple[ContestHold, ...], event: Event) -> tuple[ContestHold, ...]:
    a = event.arguments
    place = a["splitRoot"], a["token"]
    known = {(hold.split_root, hold.token): hold for hold in holds}
    before = known.get(place) or ContestHold(*place, 0)
    if event.name == "HoldBonded":
        known[place] = replace(before, bond=before.bond + a["bond"])
    else:
        known[place] = replace(before, awarded=a["awarded"])
    return tuple(known.values())
