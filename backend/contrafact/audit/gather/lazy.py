"""Evidence that is looked for when a check asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lazy(Mapping[K, V]):
    """A mapping whose values are read when they are asked for. The last one is kept, for checks ask in a row."""

    def __init__(self, keys: frozenset[K], read: Callable[[K], V]) -> None:
        self._keys, self._read = keys, read
        self._last: tuple[K, V] | None = None

    def __getitem__(self, key: K) -> V:
        if key not in self._keys:
            raise KeyError(key)
        if self._last is None or self._last[0] != key:
            self._last = key, self._read(key)
        return self._last[1]

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
