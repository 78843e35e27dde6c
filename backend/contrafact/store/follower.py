"""Follows the chain until it is told to stop, whatever fails on the way; tells how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from contrafact.errors import ContrafactError
from contrafact.store.describer import Describer
from contrafact.store.indexer import Indexer, Outcome, Step

LONGEST_WAIT = 30.0
"""Seconds between two tries while something fails, at most."""


@dataclass
class Progress:
    """How the following goes; counts are since the process began. For metrics and health checks."""

    head: int = 0
    block: int = 0
    lag_blocks: int = 0
    lag_seconds: float = 0.0
    """For how long the index has not been at the head."""
    events: int = 0
    events_per_second: float = 0.0
    """Of the last batch."""
    reorganisations: int = 0
    blocks_undone: int = 0
    described: int = 0
    errors: int = 0
    last_error: str = ""


class Follower:
    """Runs an indexer, and a describer beside it. `on_progress` is told after every step, in that step's thread."""

    def __init__(
        self,
        indexer: Indexer,
        describer: Describer | None,
        poll_seconds: float,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_error: Callable[[ContrafactError], None] = lambda error: None,
    ) -> None:
        self.progress = Progress()
        self._indexer = indexer
        self._describer = describer
        self._poll = poll_seconds
        self._on_progress = on_progress
        self._on_error = on_error
        self._at_head = time.monotonic()

    def run(self, stop: Event) -> None:
        """Returns when `stop` is set, after the step that is under way. Errors of this project are told and retried."""
        describing = Thread(target=self._repeat, args=(stop, self._describe), name="describer", daemon=True)
        if self._describer:
            describing.start()
        self._repeat(stop, self._index)
        if self._describer:
            describing.join(LONGEST_WAIT)

    def _repeat(self, stop: Event, step: Callable[[], bool]) -> None:
        """Steps until `stop`; rests for the poll interval where there is nothing to do, longer where a step failed."""
        failed = 0
        while not stop.is_set():
            try:
                rest = 0.0 if step() else self._poll
                failed = 0
            except ContrafactError as error:
                failed += 1
                self.progress.errors += 1
                self.progress.last_error = error.message
                self._on_error(error)
                rest = min(self._poll * 2**failed, LONGEST_WAIT)
            self.progress.lag_seconds = time.monotonic() - self._at_head if self.progress.lag_blocks or failed else 0.0
            self._on_progress(self.progress)
            stop.wait(rest)

    def _index(self) -> bool:
        """Whether there may be more to do at once."""
        began = time.monotonic()
        step = self._indexer.step()
        self._note(step, time.monotonic() - began)
        return step.outcome in (Outcome.ADVANCED, Outcome.ROLLED_BACK)

    def _note(self, step: Step, seconds: float) -> None:
        progress, at = self.progress, step.cursor
        progress.head, progress.block = at.head, at.block
        progress.lag_blocks = max(0, at.head - at.block)
        if not progress.lag_blocks:
            self._at_head = time.monotonic()
        if step.outcome is Outcome.ADVANCED:
            progress.events += step.events
            progress.events_per_second = step.events / seconds if seconds else 0.0
        elif step.outcome is Outcome.ROLLED_BACK:
            progress.reorganisations += 1
            progress.blocks_undone += step.undone

    def _describe(self) -> bool:
        assert self._describer
        asked = self._describer.step()
        self.progress.described += asked
        return asked > 0
