"""What happens inside, told to whoever counts it. Nobody listens in a command; the service's metrics do.

So that the chain client, the stores and the jobs need no library of metrics, and say one line where something fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import perf_counter

Listener = Callable[[str, float, dict[str, str]], None]
"""Gets the name of what happened, its value (1 for a count, seconds for a duration), and its labels."""

_listeners: tuple[Listener, ...] = ()
_lock = Lock()


def count(name: str, **labels: str) -> None:
    """Tells that something happened once more, as `chain_request_failed`."""
    _tell(name, 1.0, labels)


def took(name: str, seconds: float, **labels: str) -> None:
    """Tells how long something took."""
    _tell(name, seconds, labels)


@contextmanager
def timed(name: str, **labels: str) -> Iterator[None]:
    """Tells how long the block took that ends well."""
    start = perf_counter()
    yield
    took(name, perf_counter() - start, **labels)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has `listener` told of everything in this process while the block runs."""
    global _listeners
    with _lock:
        _listeners = (*_listeners, listener)
    try:
        yield
    finally:
        with _lock:
            _listeners = tuple(other for other in _listeners if other is not listener)


def _tell(name: str, value: float, labels: dict[str, str]) -> None:
    """A listener that fails must not stop what it listens to."""
    for listener in _listeners:
        with suppress(Exception):
            listener(name, value, labels)
