"""Things that need the chain, made when they are first used: the service starts and answers while the node is away."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Deferred:
    """Stands for what `make` gives; what that raises is raised at each use, until it gives something."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._lock, self._made = make, Lock(), None

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)


def deferred(make: Callable[[], T]) -> T:
    """An object with the attributes of what `make` gives. It is made once."""
    return cast(T, _Deferred(make))
