"""The runner: looks for paid orders, and works on some at once until it is told to stop."""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from contrafact.domain.job_state import JobState, JobStatus
from contrafact.errors import ContrafactError
from contrafact.jobs.events import Happened, JobEvent, OnEvent, undisturbed, unheard
from contrafact.jobs.leases import LeaseWatch
from contrafact.jobs.paying import Paying
from contrafact.jobs.ports import JobStore, OpenOrder, OpenOrders
from contrafact.jobs.progress import Progress
from contrafact.jobs.refunding import Refunding
from contrafact.jobs.trying import Trying
from contrafact.order.folder import OrderFolder
from contrafact.order.job import Workshop
from contrafact.order.live.book import is_makers
from contrafact.ports import OrderStatus

TICK = 0.1
"""Seconds within which the runner notices that it shall stop."""
BEAT = 2.0
"""Seconds, at most, between two signs of life, and within which a running job hears that it was cancelled."""
_BEATS_A_LEASE = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """How the runner works. Times in seconds: between two looks for paid orders; of a lease without a sign of life;
    that running jobs get when the runner is told to stop; between two payouts of what no order's job sends, 0: none.
    """

    at_once: int = 2
    look: float = 5.0
    lease: float = 30.0
    grace: float = 20.0
    refund_expired: bool = True
    pay: float = 60.0


class Runner:
    """Any number of them may share a database, a home, or neither: an order is run by one at a time, and its facts on
    the chain happen once. Killed anywhere, it goes on where it was when it is started again.
    """

    def __init__(
        self,
        orders: OpenOrders,
        store: JobStore,
        workshop: Workshop,
        pace: Pace | None = None,
        on_event: OnEvent = unheard,
    ) -> None:
        self.owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._orders, self._store, self._workshop = orders, store, workshop
        self._pace, self._on_event = pace or Pace(), undisturbed(on_event)
        self._trying = Trying(workshop, store, self.owner, self._on_event)
        self._refunding = Refunding(workshop.reader, workshop.writer, store, self._on_event)
        self._paying = Paying(orders, workshop.reader, workshop.writer, workshop.paying, self._on_event)
        self._watch = LeaseWatch(self._pace.lease)
        self._lock, self._ended = Lock(), Event()
        self._running: dict[bytes, tuple[Progress, Thread]] = {}
        self._refunder: Thread | None = None
        self._payer: Thread | None = None

    def run(self, stop: Event) -> None:
        """Works until `stop` is set, then gives what runs its grace time, and leaves the rest to be resumed."""
        stopped = Event()
        beating = Thread(target=self._beat, args=(stopped,), name="leases", daemon=True)
        beating.start()
        if self._pace.pay:
            self._payer = _started(lambda: self._paying.work(stop, self._pace.pay), "payouts")
        looked = -self._pace.look
        while not stop.is_set():
            if (now := time.monotonic()) - looked >= self._pace.look:
                looked = now
                with self._hindrances():
                    self._look()
            with self._hindrances():
                self._fill()
            self._idle(stop, looked + self._pace.look)
        self._shut_down()
        stopped.set()
        beating.join()

    @property
    def running(self) -> Sequence[bytes]:
        """The orders that are being worked on."""
        with self._lock:
            return list(self._running)

    def _look(self) -> None:
        """What the chain says there is to do becomes rows; what is too late is refunded."""
        found = list(self._orders.open_orders())
        states = {state.order_id: state.status for state in self._store.listed()}
        for order in found:
            if order.order_id not in states:
                if self._is_due(order):
                    self._store.add(order.order_id, order.deadline)
            elif order.is_here and states[order.order_id] is JobStatus.FINISHED:
                self._reopen(order)
        if self._pace.refund_expired and not _is_alive(self._refunder):
            self._refund(self._refunding.expired(found))

    def _is_due(self, order: OpenOrder) -> bool:
        """Whether there is work: a live order is its maker's to play first."""
        if not order.is_here or order.is_committed:
            return order.is_here
        folder = OrderFolder(self._workshop.home, order.order_id)
        return not is_makers(folder, self._workshop.reader.timestamp)

    def _reopen(self, order: OpenOrder) -> None:
        """A finished order that is open: its commit was taken back, or an index has not heard of it yet."""
        if self._workshop.reader.order_status(order.order_id) is OrderStatus.FUNDED:
            self._store.reopen(order.order_id)

    def _refund(self, expired: Sequence[OpenOrder]) -> None:
        if expired:
            self._refunder = _started(lambda: self._refunding.run(expired), "refunds")

    def _fill(self) -> None:
        """Takes jobs up until as many run as may: those whose turn it is, then those that another runner has left."""
        for order_id, lease in self._candidates():
            if len(self.running) >= self._pace.at_once:
                return
            if self._is_here(order_id) and (state := self._store.claim(order_id, self.owner, lease)):
                self._start(state)

    def _candidates(self) -> Iterator[tuple[bytes, tuple[str, int] | None]]:
        if len(self.running) >= self._pace.at_once:
            return
        mine = set(self.running)
        yield from ((order_id, None) for order_id in self._store.due() if order_id not in mine)
        leases = {order_id: lease for order_id, lease in self._store.leases().items() if order_id not in mine}
        yield from self._watch.abandoned(leases)

    def _is_here(self, order_id: bytes) -> bool:
        return OrderFolder(self._workshop.home, order_id).is_quoted

    def _start(self, state: JobState) -> None:
        progress = Progress(state.order_id, self.owner, self._store, self._on_event)
        name = f"order {state.order_id.hex()[:8]}"
        thread = Thread(target=self._run_one, args=(state, progress), name=name, daemon=True)
        with self._lock:
            self._running[state.order_id] = (progress, thread)
        self._on_event(JobEvent(Happened.STARTED, state.order_id))
        thread.start()

    def _run_one(self, state: JobState, progress: Progress) -> None:
        try:
            with self._hindrances(state.order_id):
                self._trying.run(state, progress)
        finally:
            with self._lock:
                del self._running[state.order_id]
            self._ended.set()

    def _beat(self, stopped: Event) -> None:
        """Renews the leases of what runs, and calls off what was cancelled or is another's by now."""
        while not stopped.wait(min(BEAT, self._pace.lease / _BEATS_A_LEASE)):
            with self._lock:
                running = {order_id: progress for order_id, (progress, _) in self._running.items()}
            with self._hindrances():
                held = self._store.beat(self.owner, list(running)) if running else set()
                for order_id in running.keys() - held:
                    running[order_id].call_off()

    def _idle(self, stop: Event, until: float) -> None:
        """Waits until it is time to look, a job ended, or the runner shall stop; but wakes for a retry that is due."""
        end = min(until, time.monotonic() + 1.0)
        while not stop.is_set() and time.monotonic() < end:
            if self._ended.wait(TICK):
                break
        self._ended.clear()

    def _shut_down(self) -> None:
        end = time.monotonic() + self._pace.grace
        while (self.running or _is_alive(self._payer)) and time.monotonic() < end:
            time.sleep(TICK)
        with self._lock:
            left = list(self._running.items())
        for _, (progress, _) in left:
            progress.call_off()
        for order_id, (_, thread) in left:
            thread.join(TICK)
            with self._hindrances(order_id):
                self._store.leave(order_id, self.owner)

    @contextmanager
    def _hindrances(self, order_id: bytes | None = None) -> Iterator[None]:
        """Chain, database and store may be away for a while: that is told, and tried again."""
        try:
            yield
        except (ContrafactError, OSError) as error:
            self._on_event(JobEvent(Happened.HINDERED, order_id, error=error))


def _started(run: Callable[[], None], name: str) -> Thread:
    """A thread that may be cut short: what it does is begun again at any time."""
    thread = Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _is_alive(thread: Thread | None) -> bool:
    return thread is not None and thread.is_alive()
