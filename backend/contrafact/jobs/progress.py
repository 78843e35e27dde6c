"""How far a running job is: told to the database now and then, and the place where a job can be called off."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event

from contrafact.errors import DatabaseError
from contrafact.jobs.events import Happened, JobEvent, OnEvent
from contrafact.jobs.ports import JobStore

NOTE_SECONDS = 1.0
"""Bars are written no more often than that."""
_SETTLED = ("pay out", "deliver")


class CalledOff(Exception):
    """The job was cancelled, taken over by another runner, or this one is ending."""


class Progress:
    """Of one try. `call_off` may come from another thread; the job then ends at its next bar or step.

    After the commit it does not: what is settled is paid out and delivered.
    """

    def __init__(self, order_id: bytes, owner: str, store: JobStore, on_event: OnEvent) -> None:
        self._order_id, self._owner, self._store, self._on_event = order_id, owner, store, on_event
        self.step: str | None = None
        self._off = Event()
        self._began = self._noted = time.monotonic()

    def call_off(self) -> None:
        self._off.set()

    def on_step(self, step: str) -> None:
        """Raises CalledOff."""
        if step not in _SETTLED:
            self._require_on()
        now = time.monotonic()
        self._on_event(JobEvent(Happened.STEP, self._order_id, step, now - self._began))
        self.step, self._began = step, now
        self._note(0, 0)

    def on_bar(self, bar: int, bars: int) -> None:
        """Raises CalledOff."""
        self._require_on()
        if time.monotonic() - self._noted >= NOTE_SECONDS or bar == bars:
            self._note(bar, bars)

    def _require_on(self) -> None:
        if self._off.is_set():
            raise CalledOff

    def _note(self, bar: int, bars: int) -> None:
        self._noted = time.monotonic()
        with suppress(DatabaseError):  # the order does not depend on anybody knowing how far it is
            self._store.note(self._order_id, self._owner, self.step or "", bar, bars)
