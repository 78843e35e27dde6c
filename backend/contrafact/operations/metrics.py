"""Metrics for Prometheus, in a registry of their own: what is counted as it happens.

What is read when somebody asks (index, jobs, memory) is in `gauges`. A route is its template (`/v1/works/{work}`), so
that the number of series does not grow with what people ask for.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STEP_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
_COUNTED = {
    "chain_request_failed": ("contrafact_chain_requests_failed", "Requests that a node did not answer", ("node",)),
    "store_failed": ("contrafact_store_requests_failed", "What the content store failed to do", ()),
    "database_error": ("contrafact_database_errors", "What the database failed to do", ()),
    "reorganisation": ("contrafact_index_reorganisations", "Times that the chain took blocks back", ()),
    "job_retried": ("contrafact_job_retries", "Jobs put off to be tried again", ("step", "code")),
    "job_stopped": (
        "contrafact_job_stops",
        "Jobs stopped, which trying again does not cure",
        ("step", "code"),
    ),
    "job_refunded": ("contrafact_orders_refunded", "Orders whose makers were given their money back", ()),
    "job_finished": ("contrafact_orders_finished", "Orders brought to their end", ()),
    "worker_lost": ("contrafact_workers_lost", "Compute workers that ended in the middle of something", ()),
    "thread_restarted": ("contrafact_thread_restarts", "Parts of the service started again after a crash", ("part",)),
}
_TIMED = {
    "job_step": ("contrafact_job_step_seconds", "How long a step of a job took", ("step",), _STEP_SECONDS),
    "order": ("contrafact_order_seconds", "How long the try took that brought an order to its end", (), _STEP_SECONDS),
}


class Metrics:
    """The registry of one service, and its HTTP requests. `hear` listens to `contrafact.telemetry`."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began is of no use to anybody here
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._counted = {name: Counter(*what, registry=self.registry) for name, what in _COUNTED.items()}
        self._timed = {
            name: Histogram(series, text, labels, buckets=buckets, registry=self.registry)
            for name, (series, text, labels, buckets) in _TIMED.items()
        }
        self._requests = Counter(
            "contrafact_http_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._request_seconds = Histogram(
            "contrafact_http_request_seconds",
            "How long requests took to their last byte",
            ("method", "route"),
            buckets=_REQUEST_SECONDS,
            registry=self.registry,
        )

    def hear(self, name: str, value: float, labels: dict[str, str]) -> None:
        """Counts what happened; what it does not know, it leaves."""
        if counter := self._counted.get(name):
            (counter.labels(**labels) if labels else counter).inc(value)
        elif histogram := self._timed.get(name):
            (histogram.labels(**labels) if labels else histogram).observe(value)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)


def resident_bytes(process: int | None = None) -> int:
    """Memory that a process holds (its RSS); 0 where the system does not say."""
    try:
        with open(f"/proc/{process or os.getpid()}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
