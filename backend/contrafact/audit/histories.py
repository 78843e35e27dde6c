"""Lists of events, by what they are about and by when they were in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar


class Dated(Protocol):
    @property
    def block(self) -> int: ...


D = TypeVar("D", bound=Dated)
T = TypeVar("T")
K = TypeVar("K")


def in_force(history: Sequence[D], block: int) -> tuple[D, ...]:
    """The entries of an ordered history that were in force during `block`: more than one where it changed in it."""
    ends = [later.block for later in history[1:]]
    return tuple(
        entry
        for entry, end in zip(history, [*ends, None], strict=False)
        if entry.block <= block and (end is None or end >= block)
    )


def grouped(entries: Iterable[T], key: Callable[[T], K]) -> Mapping[K, Sequence[T]]:
    """The entries by their key, in order; an unknown key has none."""
    groups: dict[K, list[T]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return groups
