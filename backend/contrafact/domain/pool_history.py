"""What happened to training pools: the contract's events as plain values, and what is known of one pot from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.pot import Credit, Earned, Entry, Moment, queue, taken

PotKey = tuple[bytes, str]
"""Model and token."""


@dataclass(frozen=True, slots=True)
class EarnedBase:
    """Money came to the pool's account of a model."""

    pot: PotKey
    earned: Earned


@dataclass(frozen=True, slots=True)
class PotEntry:
    """Money entered a pot."""

    pot: PotKey
    entry: Entry


@dataclass(frozen=True, slots=True)
class EpochClosed:
    """An epoch was closed; it can be claimed at least until the second `open_until`."""

    pot: PotKey
    number: int
    root: bytes
    total: int
    evidence: bytes
    open_until: int
    at: Moment
    transaction: str


@dataclass(frozen=True, slots=True)
class EpochClaimed:
    """A holder was paid its part of an epoch."""

    pot: PotKey
    number: int
    index: int
    holder: str
    amount: int
    at: Moment
    transaction: str


@dataclass(frozen=True, slots=True)
class EpochCarried:
    """What was left of an epoch went back into the pot; nothing of it can be claimed any more."""

    pot: PotKey
    number: int
    amount: int
    at: Moment


@dataclass(frozen=True, slots=True)
class EpochState:
    """An epoch as the contract stores it; its root is 32 zero bytes where it was carried, or there is none."""

    root: bytes
    total: int
    left: int
    open_until: int


@dataclass(frozen=True, slots=True)
class PoolHistory:
    """All events of the training pool, each list in the chain's order."""

    earned: tuple[EarnedBase, ...] = ()
    entries: tuple[PotEntry, ...] = ()
    closed: tuple[EpochClosed, ...] = ()
    claimed: tuple[EpochClaimed, ...] = ()
    carried: tuple[EpochCarried, ...] = ()

    @property
    def pots(self) -> tuple[PotKey, ...]:
        """Every pot that has earned something or that an event names, in order of appearance."""
        named = [*(event.pot for event in self.earned), *(event.pot for event in self.entries)]
        return tuple(dict.fromkeys([*named, *(event.pot for event in self.closed)]))

    def queue(self, pot: PotKey) -> tuple[Credit, ...]:
        """All that ever entered the pot, in the order in which epochs take it."""
        earned = [event.earned for event in self.earned if event.pot == pot]
        return queue(earned, [event.entry for event in self.entries if event.pot == pot])

    def collected(self, pot: PotKey) -> int:
        """What the pool's account had earned at the last collection, all of which it has drawn since."""
        last = max(
            (event.entry.at for event in self.entries if event.pot == pot and event.entry.of is None), default=(0, 0)
        )
        return sum(event.earned.amount for event in self.earned if event.pot == pot and event.earned.at < last)

    def epochs(self, pot: PotKey) -> Sequence[EpochClosed]:
        """The epochs of the pot."""
        return [event for event in self.closed if event.pot == pot]

    def taken(self, pot: PotKey) -> int:
        """What the pot's epochs have taken in all."""
        return sum(event.total for event in self.epochs(pot))

    def credits(self, closed: EpochClosed) -> tuple[Credit, ...]:
        """What the epoch consists of. Raises InvalidInput where it took more than there was."""
        before = sum(event.total for event in self.epochs(closed.pot) if event.at < closed.at)
        return taken(self.queue(closed.pot), before, closed.total)

    def in_pot(self, pot: PotKey) -> tuple[Credit, ...]:
        """What the next epoch can take, all of it."""
        line, before = self.queue(pot), self.taken(pot)
        return taken(line, before, sum(credit.amount for credit in line) - before)

    def claims(self, closed: EpochClosed) -> Sequence[EpochClaimed]:
        """Who was paid of the epoch."""
        return [event for event in self.claimed if (event.pot, event.number) == (closed.pot, closed.number)]

    def is_carried(self, closed: EpochClosed) -> bool:
        """Whether what was left of the epoch went back into the pot."""
        return any((event.pot, event.number) == (closed.pot, closed.number) for event in self.carried)
