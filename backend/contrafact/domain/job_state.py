"""Where an operator's work on one order stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class JobStatus(StrEnum):
    """`waiting` for its turn or for the next try, `running`, `finished`, `stopped` with a reason that trying again
    does not cure, or `cancelled` by the operator.
    """

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobState:
    """A job's step (one of `order.job.STEPS`), the bars made so far, the tries, and what hindered the last one.

    `next_try` and `updated` in seconds since the epoch, by the database's clock; `deadline` is the order's, by the
    chain's. `error` is `{code, message, hint}`, and `repeats` says how often in a row an error of this code came.
    """

    order_id: bytes
    status: JobStatus
    step: str | None = None
    bar: int = 0
    bars: int = 0
    tries: int = 0
    next_try: float | None = None
    error: Mapping[str, str] | None = None
    updated: float = 0.0
    deadline: int = 0
    repeats: int = 0
