"""What the runner tells whoever writes logs and counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_log = logging.getLogger(__name__)


class Happened(StrEnum):
    """`retried`: it failed, and is to be tried again; `left`: given up here, to go on elsewhere or later, or cancelled;
    `refunded`: its maker has its money back; `hindered`: not an order, but what the runner does
    beside them failed: its looking for work, a refund, a round of payouts. It is done again.
    """

    STARTED = "started"
    STEP = "step"
    RETRIED = "retried"
    STOPPED = "stopped"
    FINISHED = "finished"
    LEFT = "left"
    REFUNDED = "refunded"
    HINDERED = "hindered"


@dataclass(frozen=True, slots=True)
class JobEvent:
    """`seconds`: how long the step before took (`step` names the one that begins), else the whole try.

    `wait`: until the next try. `order_id` is None for what concerns the runner alone.
    """

    what: Happened
    order_id: bytes | None = None
    step: str | None = None
    seconds: float = 0.0
    wait: float | None = None
    error: Exception | None = None


OnEvent = Callable[[JobEvent], None]


def undisturbed(on_event: OnEvent) -> OnEvent:
    """The same listener, whose own failures go to the log and hinder no order."""

    def tell(event: JobEvent) -> None:
        try:
            on_event(event)
        except Exception:
            _log.exception("An event of a job could not be told.")

    return tell


def unheard(event: JobEvent) -> None:
    """Nobody listens."""
