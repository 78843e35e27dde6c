"""How places in splits come to be paid to another address: what was started, what was taken back, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contrafact.domain.decoding import Event
from contrafact.domain.terms import NATIVE

DAY = 86_400
RECOVERY_DELAY = 30 * DAY
"""Seconds in which a holder can object to its guardian."""
READDRESSING_DELAY = 180 * DAY
"""Seconds in which a holder can confirm a place that the licensor gives to another address."""
EVENTS = ("GuardianSet", "RecoveryStarted", "RecoveryCancelled", "ReaddressingStarted")
READDRESSED = "PlaceReaddressed"
Place = tuple[bytes, int]
"""A royalty account and an index in its split."""


@dataclass(frozen=True, slots=True)
class GuardianSet:
    """A holder named its guardian, the zero address for none; what was started is off."""

    holder: str
    guardian: str
    block: int


@dataclass(frozen=True, slots=True)
class Started:
    """A change of address that waits until the second `ready`. `holder`: by its guardian; else `place`: by its
    licensor.
    """

    to: str
    ready: int
    block: int
    holder: str | None = None
    place: Place | None = None

    @property
    def delay(self) -> int:
        """The seconds that must have passed since its block."""
        return RECOVERY_DELAY if self.holder else READDRESSING_DELAY


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A holder is not lost."""

    holder: str
    block: int


@dataclass(frozen=True, slots=True)
class Readdressed:
    """From now on a place is paid to `payee`."""

    place: Place
    payee: str
    block: int


Step = GuardianSet | Started | Cancelled | Readdressed


@dataclass(frozen=True, slots=True)
class Takeover:
    """A place that was readdressed, with all that had been started then for its new payee."""

    done: Readdressed
    started: tuple[Started, ...]


def step(event: Event) -> Step:
    """The value of one of `EVENTS`, or of `READDRESSED`."""
    a, block = event.arguments, event.block
    if event.name == "GuardianSet":
        return GuardianSet(a["holder"], a["guardian"], block)
    if event.name == "RecoveryStarted":
        return Started(a["successor"], a["readyAt"], block, holder=a["holder"])
    if event.name == "RecoveryCancelled":
        return Cancelled(a["holder"], block)
    place = a["accountId"], a["index"]
    if event.name == "ReaddressingStarted":
        return Started(a["payee"], a["readyAt"], block, place=place)
    return Readdressed(place, a["payee"], block)


def takeovers(steps: Iterable[Step]) -> Iterator[Takeover]:
    """Every place that was readdressed. `steps` are all, in the chain's order."""
    guarded: set[str] = set()
    waiting: dict[str | Place | None, Started] = {}
    for each in steps:
        if isinstance(each, Readdressed):
            yield Takeover(each, tuple(started for started in waiting.values() if started.to == each.payee))
        elif isinstance(each, Started):
            if each.place or each.holder in guarded:  # whoever has no guardian, nobody speaks for
                waiting[each.holder or each.place] = each
        else:
            waiting.pop(each.holder, None)
            _guard(guarded, each)


def _guard(guarded: set[str], change: GuardianSet | Cancelled) -> None:
    if isinstance(change, GuardianSet):
        (guarded.discard if change.guardian == NATIVE else guarded.add)(change.holder)
