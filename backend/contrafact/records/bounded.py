"""A call that ends in time, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, act: Callable[[], T]) -> T:
    """What `act` returns or raises. Raises TimeoutError once `seconds` have passed.

    Timeouts of sockets bound the wait for each byte, not for all of them: a node that sends one byte a second would
    hold its caller for hours. The call is then left behind, in a thread that ends when its socket does.
    """
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((act(), None))
        except BaseException as error:
            answers.put((None, error))

    threading.Thread(target=run, name="bounded read", daemon=True).start()
    try:
        value, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"it took longer than {seconds:g} s") from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]
