"""What is in a model's pot, and which part of it an epoch takes: from public events alone.

A pot is a queue. Money enters it when it is collected (then with every credit that came to the pool's account since the
collection before: the base of orders, and fines for works without consent), and when what was left of an epoch is
carried. The entries stand in the order of the chain, by block and place in the block, the credits of one collection
likewise. An epoch takes exactly its total from the front. So whoever knows the events and the totals knows what each
epoch consists of, however `collect` and `closeEpoch` race: what was collected after the registrant looked stays at the
back of the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contrafact.domain.shares import largest_remainder
from contrafact.errors import InvalidInput

Moment = tuple[int, int]
"""Where an event stands on the chain: block, and place among the block's events."""


class Kind(StrEnum):
    """Where money of a pot comes from: an order's base, what was left of an earlier epoch, a fine; else not known."""

    ORDER = "order"
    CARRIED = "carried"
    FINE = "fine"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Credit:
    """Money of a pot: `source` is the order's id, the epoch's number in 32 bytes, or the id of the missing consent."""

    kind: Kind
    source: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class Earned:
    """Money came to the pool's account, of an order or a fine (`source`, as above); collected, it is in the pot."""

    source: bytes
    amount: int
    at: Moment
    kind: Kind = Kind.ORDER


@dataclass(frozen=True, slots=True)
class Entry:
    """Money entered the pot. `of` is None where it was collected: then what was earned explains it."""

    amount: int
    at: Moment
    of: Credit | None = None


def queue(earned: Iterable[Earned], entries: Iterable[Entry]) -> tuple[Credit, ...]:
    """All that ever entered a pot, in the order in which epochs take it.

    Where less arrived than was earned (a token may take a fee), each credit counts with its part of what did.
    """
    waiting, found = sorted(earned, key=lambda event: event.at), []
    for entry in sorted(entries, key=lambda event: event.at):
        if entry.of is not None:
            found.append(entry.of)
            continue
        collected = [event for event in waiting if event.at < entry.at]
        waiting = waiting[len(collected) :]
        found += _arrived(collected, entry.amount)
    return tuple(found)


def taken(queue: Sequence[Credit], before: int, total: int) -> tuple[Credit, ...]:
    """What an epoch of `total` consists of, where earlier ones took `before` in all; a credit may lie in two epochs.

    Raises InvalidInput where there is not that much.
    """
    if before + total > sum(credit.amount for credit in queue):
        raise InvalidInput(f"Epochs took {before + total} units, more than ever entered the pot.")
    found, at = [], 0
    for credit in queue:
        first, last = max(at, before), min(at + credit.amount, before + total)
        if first < last:
            found.append(replace(credit, amount=last - first))
        at += credit.amount
    return tuple(found)


def _arrived(collected: Sequence[Earned], amount: int) -> list[Credit]:
    """The credits behind a collection, and what none of them explains."""
    earned = [event.amount for event in collected]
    if sum(earned) > amount:
        earned = list(largest_remainder(earned, amount))
    rows = zip(collected, earned, strict=True)
    found = [Credit(event.kind, event.source, part) for event, part in rows if part]
    unexplained = amount - sum(earned)
    return [*found, Credit(Kind.OTHER, bytes(32), unexplained)] if unexplained else found
