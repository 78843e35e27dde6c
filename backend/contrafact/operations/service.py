"""The service of one process: its parts, its probes, and the order in which they start and end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from contrafact import telemetry
from contrafact.operations.gauges import Gauges
from contrafact.operations.health import Readiness
from contrafact.operations.metrics import Metrics
from contrafact.operations.middleware import App, Observed
from contrafact.operations.probes import Probes, networks
from contrafact.operations.serving import Listener, Servers, listen
from contrafact.operations.supervisor import Supervised
from contrafact.settings import Settings

logger = logging.getLogger(__name__)

ENDED, NOT_IN_TIME = 0, 17
"""Exit codes: everything came to a stopping place, or something did not within the time (and resumes)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a process runs: the API or none, the supervised parts, the checks and gauges, and what is closed last."""

    api: App | None
    parts: Sequence[Supervised]
    readiness: Readiness
    gauges: Gauges
    closing: Sequence[Callable[[], None]] = field(default=())


class Service:
    """Runs a plan until a signal."""

    def __init__(self, settings: Settings, plan: Plan, metrics: Metrics) -> None:
        """Takes the addresses. Raises InvalidInput where one cannot be had."""
        self._settings, self._plan, self._metrics = settings, plan, metrics
        self._told_at: float | None = None
        metrics.registry.register(plan.gauges)
        self.listeners = self._listeners()

    def run(self, on_listening: Callable[[Sequence[Listener]], None] = lambda listeners: None) -> int:
        """Serves until SIGTERM or SIGINT. Returns the exit code."""
        with telemetry.listening(self._metrics.hear):
            for part in self._plan.parts:
                part.start()
            on_listening(self.listeners)
            try:
                Servers(self.listeners, self._settings.shutdown_seconds, self._end).run()
            finally:
                self._end()
                late = self._joined()
                self._close()
        logger.info("ended", extra={"late": late})
        return NOT_IN_TIME if late else ENDED

    def _listeners(self) -> list[Listener]:
        settings, plan = self._settings, self._plan
        api = None if plan.api is None else Observed(plan.api, self._metrics)
        apart = settings.metrics_port is not None
        allowed = None if apart else networks(settings.metrics_from)
        found = []
        if apart:
            probes = Probes(self._metrics, plan.readiness)
            found.append(listen(probes, settings.host, settings.metrics_port or 0))
        if api is not None or not apart:
            front = Probes(self._metrics, plan.readiness, api, () if apart else allowed)
            found.insert(0, listen(front, settings.host, settings.port))
        return found

    def _end(self) -> None:
        """Not ready any more, and every part is told, at once: they end while requests are finished."""
        if self._told_at is None:
            self._told_at = time.monotonic()
            logger.info("told to end; %g s for what is under way", self._settings.shutdown_seconds)
            self._plan.readiness.end()
            for part in self._plan.parts:
                part.stop()

    def _joined(self) -> list[str]:
        """Waits for the parts. Returns the names of those that took too long; their work resumes at the next start."""
        end = (self._told_at or time.monotonic()) + self._settings.shutdown_seconds
        late = [part.name for part in self._plan.parts if not part.join(end - time.monotonic())]
        for name in late:
            logger.warning("%s did not come to a stopping place in time; it resumes at the next start", name)
        return late

    def _close(self) -> None:
        for close in self._plan.closing:
            try:
                close()
            except Exception:
                logger.exception("could not be closed")
