"""A part of the service in a thread of its own, started again when it crashes, longer after every crash in a row."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from contrafact import telemetry
from contrafact.errors import ContrafactError

logger = logging.getLogger(__name__)

Run = Callable[[Event], None]
"""Works until the event is set, then returns soon."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """Seconds until a new start: doubled with every crash, forgotten after `calm` seconds without one."""

    first: float = 1.0
    longest: float = 60.0
    calm: float = 60.0

    def after(self, crashes: int) -> float:
        return float(min(self.first * 2 ** min(crashes - 1, 16), self.longest))


class Supervised:
    """Runs `run` until `stop`. What it raises is logged and shown (`error`), and does not leave the thread."""

    def __init__(self, name: str, run: Run, back_off: BackOff | None = None) -> None:
        self.name = name
        self.error: str | None = None
        """What the last crash said, while the part has not run calmly since."""
        self.restarts = 0
        self._run, self._back_off = run, back_off or BackOff()
        self._stop, self._running = Event(), False
        self._crashes, self._begun = 0, 0.0
        self._thread = Thread(target=self._supervise, name=name, daemon=True)

    @property
    def is_running(self) -> bool:
        return self._running

    @property
    def is_well(self) -> bool:
        """Whether it runs, and has done so since its last crash for as long as that made it wait."""
        waited = self._back_off.after(self._crashes) if self._crashes else 0.0
        return self._running and time.monotonic() - self._begun >= waited

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tells it to end. `join` waits for it."""
        self._stop.set()

    def join(self, seconds: float) -> bool:
        """Whether it ended in this time. A thread that does not is left to the end of the process."""
        if self._thread.ident is not None:
            self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def _supervise(self) -> None:
        while not self._stop.is_set():
            crash = self._once()
            if crash is None:
                return
            self._crashes = 1 if time.monotonic() - self._begun > self._back_off.calm else self._crashes + 1
            self.error = crash
            if self._stop.wait(self._back_off.after(self._crashes)):
                return
            self.restarts += 1
            telemetry.count("thread_restarted", part=self.name)

    def _once(self) -> str | None:
        """Runs until the part ends. Returns how it crashed, or None where it was told to end."""
        self._begun, self._running = time.monotonic(), True
        try:
            self._run(self._stop)
        except ContrafactError as error:  # a node, a store or a database that fails: no news to a programmer
            logger.warning("%s failed and is started again: %s", self.name, error)
            return str(error)
        except Exception as error:
            logger.exception("%s crashed and is started again", self.name)
            return f"{type(error).__name__}: {error}"
        finally:
            self._running = False
        return None if self._stop.is_set() else "It ended by itself."
