"""Metrics that are read when somebody asks: the index, the jobs, and the parts of this process."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from contrafact.domain.job_state import JobStatus
from contrafact.errors import ContrafactError
from contrafact.operations.metrics import resident_bytes
from contrafact.operations.supervisor import Supervised
from contrafact.read_model import IndexStatus

Jobs = Callable[[], Mapping[JobStatus, int]]
"""How many jobs there are of each status."""


class Gauges:
    """A collector for Prometheus. What cannot be read now is left out, and `contrafact_state_readable` is 0."""

    def __init__(
        self,
        index: Callable[[], IndexStatus] | None = None,
        jobs: Jobs | None = None,
        parts: Iterable[Supervised] = (),
    ) -> None:
        self._index, self._jobs, self._parts = index, jobs, tuple(parts)

    def collect(self) -> Iterable[Metric]:
        readable = 1
        for read in (self._of_index, self._of_jobs):
            try:
                yield from read()
            except ContrafactError:
                readable = 0
        yield _gauge("contrafact_state_readable", "Whether index and jobs could be read", readable)
        yield from self._of_parts()
        yield from _of_workers()

    def describe(self) -> Iterable[Metric]:
        """Nothing: so that registering asks no database."""
        return ()

    def _of_index(self) -> Iterable[Metric]:
        if self._index is None:
            return
        status = self._index()
        yield _gauge("contrafact_index_block", "Newest block in the index", status.block)
        yield _gauge("contrafact_index_head", "The chain's newest block as last seen", status.head)
        yield _gauge("contrafact_index_lag_blocks", "Blocks that the index is behind", status.lag)
        yield _gauge("contrafact_index_lag_seconds", "How old the index is; 0 at the head", lag_seconds(status))
        yield _gauge("contrafact_index_undescribed", "Works whose document could not be had yet", status.undescribed)
        yield CounterMetricFamily("contrafact_index_events", "Events in the index", value=status.events)

    def _of_jobs(self) -> Iterable[Metric]:
        if self._jobs is None:
            return
        family = GaugeMetricFamily("contrafact_jobs", "Jobs by status", labels=["status"])
        counts = self._jobs()
        for status in JobStatus:
            family.add_metric([status.value], counts.get(status, 0))
        yield family

    def _of_parts(self) -> Iterable[Metric]:
        family = GaugeMetricFamily("contrafact_part_running", "Whether a part of the service runs", labels=["part"])
        for part in self._parts:
            family.add_metric([part.name], int(part.is_running))
        yield family


def _of_workers() -> Iterable[Metric]:
    """The compute workers of this process; those of a cluster are the cluster's to show."""
    workers = multiprocessing.active_children()
    memory = sum(resident_bytes(worker.pid) for worker in workers if worker.pid)
    yield _gauge("contrafact_workers", "Compute workers of this process", len(workers))
    yield _gauge("contrafact_workers_resident_bytes", "Memory that they hold together", memory)


def lag_seconds(status: IndexStatus) -> float:
    """Seconds since the index's newest block, while there is a newer one; a chain may stand still."""
    return max(0.0, time.time() - status.block_time) if status.lag else 0.0


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
