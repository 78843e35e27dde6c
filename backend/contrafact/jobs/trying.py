"""One try at one order, and what becomes of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobState
from contrafact.errors import ContrafactError, OrderClosed
from contrafact.jobs.events import Happened, JobEvent, OnEvent
from contrafact.jobs.judgement import judge
from contrafact.jobs.ports import JobStore
from contrafact.jobs.progress import CalledOff, Progress
from contrafact.order.folder import OrderFolder
from contrafact.order.job import OrderJob, Workshop, require_paid
from contrafact.ports import OrderStatus


@dataclass(frozen=True, slots=True)
class Trying:
    """Runs claimed jobs for one runner. `roll` gives numbers in [0, 1)."""

    workshop: Workshop
    store: JobStore
    owner: str
    on_event: OnEvent
    roll: Callable[[], float] = random.random

    def run(self, state: JobState, progress: Progress) -> None:
        """One try; how it ended stands in the database afterwards. Raises DatabaseError where it cannot be written:
        the lease then runs out, and the job is taken up again.
        """
        order_id, began = state.order_id, time.monotonic()
        try:
            self._make(state, progress)
        except CalledOff:
            self.store.leave(order_id, self.owner)
            self._tell(Happened.LEFT, order_id, progress, began)
        except Exception as error:
            self._failed(state, error, progress, began)
        else:
            self.store.finish(order_id, self.owner)
            self._tell(Happened.FINISHED, order_id, progress, began)

    def _make(self, state: JobState, progress: Progress) -> None:
        folder = OrderFolder(self.workshop.home, state.order_id)
        with folder.held():
            self._require_open(state)
            OrderJob(self.workshop, folder, progress.on_step, progress.on_bar).run()

    def _require_open(self, state: JobState) -> None:
        """Nothing is generated for an order that the contracts would take no commit of, by the chain's own time.

        Raises OrderClosed, and Payment for one that is not paid, or not any more.
        """
        name, reader = to_hex(state.order_id), self.workshop.reader
        status = reader.order_status(state.order_id)
        if status is OrderStatus.REFUNDED:
            raise OrderClosed(f"Order {name} was refunded.", "Its maker has its money back; there is nothing to do.")
        if status is not OrderStatus.COMMITTED and reader.timestamp() > state.deadline:
            raise OrderClosed(f"The deadline of order {name} has passed.", "Anybody may have its maker refunded.")
        require_paid(state.order_id, reader)

    def _failed(self, state: JobState, error: Exception, progress: Progress, began: float) -> None:
        described = describe(error)
        same = (state.error or {}).get("code") == described["code"]
        repeats = state.repeats + 1 if same else 1
        wait = judge(error, repeats, self.roll())
        if wait is None:
            self.store.stop(state.order_id, described, self.owner)
            self._tell(Happened.STOPPED, state.order_id, progress, began, error=error)
        else:
            self.store.again(state.order_id, self.owner, described, repeats, wait)
            self._tell(Happened.RETRIED, state.order_id, progress, began, wait, error)

    def _tell(
        self,
        what: Happened,
        order_id: bytes,
        progress: Progress,
        began: float,
        wait: float | None = None,
        error: Exception | None = None,
    ) -> None:
        seconds = time.monotonic() - began
        self.on_event(JobEvent(what, order_id, progress.step, seconds, wait, error))


def describe(error: Exception) -> dict[str, str]:
    """An error as `{code, message, hint}`. Of one that is not this project's, nothing but its kind and errno is told:
    its text may hold anything.
    """
    if isinstance(error, ContrafactError):
        return error.to_dict()
    name = type(error).__name__
    said = f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name
    return {"code": f"unexpected_{name}", "message": f"It ended unexpectedly ({said}).", "hint": "See the log."}
