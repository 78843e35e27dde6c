"""Where an order stands, in words: the steps that are behind it, the one that it is at, and what its maker can do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contrafact.domain.job_state import JobStatus
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.orders import whole
from contrafact.web.pages.order.waiting import Waiting, waiting
from contrafact.web.progress import stages
from contrafact.web.schemas.orders import Order, Progress
from contrafact.web.services import Services

STEPS: tuple[tuple[str, str, str], ...] = (
    ("paid", "Paid", "The money lies in a contract that nobody can empty: it pays the songs, or goes back."),
    ("verified", "Order checked", "The songs, their licences and the offer are checked before anything is made."),
    ("generating", "Composing", "The model writes the melody bar by bar, and measures where each note comes from."),
    ("rendering", "Rendering", "The notes become sound: the piece, and a track for each song."),
    ("recorded", "Recorded", "What was made, and how much of each song is in it, is written down for good."),
    ("settled", "Settled", "The contract divides the money by these shares."),
    ("paid out", "Paid out", "The money is sent to those whose music it is."),
    ("delivered", "Delivered", "The piece is ready to hear and to download."),
)
"""Stage, name, and what happens in it."""
_LASTING = frozenset({"generating", "rendering"})
"""Stages that are told when they begin; all others when they are over."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of `STEPS`; `state` is `done`, `now` or `later`."""

    stage: str
    name: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`stage` is the newest; `is_followed`: more will happen, and the page hears of it.
    `waits`: it is a live piece that waits for its maker; then no step is `now`.
    """

    order: Order
    steps: tuple[Step, ...]
    stage: Progress
    is_own: bool
    is_finished: bool
    is_followed: bool
    waits: Waiting | None = None


def standing(row: OrderRow, services: Services) -> Standing:
    job, waits = services.jobs.get(row.order_id), waiting(row, services)
    reached = stages(row, job, services.clock())
    works = job is not None and job.status in (JobStatus.WAITING, JobStatus.RUNNING)
    is_committed = row.status is OrderStatus.COMMITTED
    is_own = services.desk is not None and services.desk.operator.lower() == row.quote.operator.lower()
    return Standing(
        order=whole(row, services),
        steps=_quiet(steps([each.stage for each in reached])) if waits else steps([each.stage for each in reached]),
        stage=reached[-1],
        is_own=is_own,
        is_finished=is_committed and not works,
        is_followed=not reached[-1].is_final and (works or not is_committed),
        waits=waits,
    )


def _quiet(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same while nothing is under way."""
    return tuple(replace(step, state="later") if step.state == "now" else step for step in steps)


def steps(reached: list[str]) -> tuple[Step, ...]:
    """All steps, by the stages that an order has come to."""
    names = [stage for stage, _, _ in STEPS]
    last = max((names.index(stage) for stage in reached if stage in names), default=-1)
    at = last if last >= 0 and names[last] in _LASTING else last + 1
    states = ["done" if place < at else "now" if place == at else "later" for place in range(len(STEPS))]
    return tuple(Step(*step, state) for step, state in zip(STEPS, states, strict=True))
