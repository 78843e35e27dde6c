"""What the runner of jobs tells, as lines of the log and as counts."""

from __future__ import annotations

import logging
from threading import Lock

from structlog.contextvars import bind_contextvars

from contrafact import telemetry
from contrafact.domain.digests import to_hex
from contrafact.errors import ContrafactError
from contrafact.jobs.events import Happened, JobEvent
from contrafact.operations.logs import about

logger = logging.getLogger("contrafact.jobs")

_ENDS = frozenset({Happened.RETRIED, Happened.STOPPED, Happened.FINISHED, Happened.LEFT})
_LEVELS = {Happened.RETRIED: logging.WARNING, Happened.STOPPED: logging.ERROR, Happened.HINDERED: logging.WARNING}


class JobEvents:
    """A listener of a runner. Thread-safe.

    A step's event comes from the order's own thread, which then has its order's id in every line it logs.
    """

    def __init__(self) -> None:
        self._steps: dict[bytes, str] = {}
        self._lock = Lock()

    def __call__(self, event: JobEvent) -> None:
        if event.what is Happened.STEP and event.order_id is not None:
            bind_contextvars(order_id=to_hex(event.order_id))
        self._count(event)
        self._log(event)

    def _count(self, event: JobEvent) -> None:
        order_id, code = event.order_id or b"", _code(event.error)
        with self._lock:
            before = self._steps.pop(order_id, None)
            if event.what is Happened.STEP and event.step:
                self._steps[order_id] = event.step
        if event.what is Happened.STEP and before is not None:
            telemetry.took("job_step", event.seconds, step=before)
        if event.what is Happened.FINISHED:
            telemetry.count("job_finished")
            telemetry.took("order", event.seconds)
        if event.what in (Happened.RETRIED, Happened.STOPPED):
            telemetry.count(f"job_{event.what.value}", step=event.step or "none", code=code)
        if event.what is Happened.REFUNDED:
            telemetry.count("job_refunded")

    def _log(self, event: JobEvent) -> None:
        values: dict[str, object] = {"step": event.step} if event.step else {}
        if event.what in _ENDS:
            values["seconds"] = round(event.seconds, 3)
        if event.wait is not None:
            values["next_try_in"] = round(event.wait, 1)
        if event.error is not None:
            values |= {"code": _code(event.error), "error": str(event.error)}
        unexpected = event.error is not None and not isinstance(event.error, ContrafactError | OSError)
        with about(**({"order_id": to_hex(event.order_id)} if event.order_id else {})):
            level = _LEVELS.get(event.what, logging.INFO)
            logger.log(level, "job %s", event.what.value, extra=values, exc_info=event.error if unexpected else None)


def _code(error: Exception | None) -> str:
    if error is None:
        return "none"
    return error.code if isinstance(error, ContrafactError) else type(error).__name__
