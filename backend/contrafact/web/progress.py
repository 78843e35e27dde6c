"""From where an order stands to the stages that it has come to: pure."""

from __future__ import annotations

from contrafact.domain.job_state import JobState, JobStatus
from contrafact.order.job import STEPS
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.issues import issue
from contrafact.web.schemas.orders import Progress, StageName

_AFTER: tuple[tuple[str, StageName], ...] = (("generate", "verified"), ("render", "rendering"), ("commit", "recorded"))
"""Once a job has come to the step, the order has come to the stage."""
_RANKS: dict[str, int] = {
    stage: rank
    for rank, stage in enumerate(
        ("waiting", "paid", "verified", "generating", "rendering", "recorded", "settled", "paid out", "delivered",
         "expired", "refunded", "stopped")
    )
}  # fmt: skip
_BARS = 10_000


def stages(row: OrderRow, job: JobState | None, now: float) -> tuple[Progress, ...]:
    """All stages so far, in order; the last is where the order stands. Only what is known to have happened is said."""
    if row.status is OrderStatus.NONE:
        expired = now > row.quote.valid_until and job is None
        return (Progress(stage="expired", is_final=True) if expired else Progress(stage="waiting"),)
    reached = [Progress(stage="paid"), *_made(job)]
    if row.status is OrderStatus.REFUNDED:
        return (*reached, Progress(stage="refunded", is_final=True))
    return (*reached, *_settled(row, job))


def event_id(progress: Progress) -> int:
    """Grows along an order's way: the stage's rank, and within generating the bar."""
    return _RANKS[progress.stage] * _BARS + (progress.bar or 0)


def _made(job: JobState | None) -> list[Progress]:
    """What the operator has made: verified, generated, rendered, recorded."""
    at = _step(job)
    found = [Progress(stage=stage) for step, stage in _AFTER if at >= STEPS.index(step)]
    if job and job.bars and at >= STEPS.index("generate"):
        found.insert(1, Progress(stage="generating", bar=job.bar, bars=job.bars))
    return found


def _settled(row: OrderRow, job: JobState | None) -> list[Progress]:
    """What came of it: settled on the chain, paid out, delivered; or why it stands still for good.

    The job may be ahead of the index. Delivered is said of what the index shows as committed, so that whoever asks
    for the order then sees what was paid.
    """
    found: list[Progress] = []
    if row.status is OrderStatus.COMMITTED:
        found.append(Progress(stage="settled"))
        if _step(job) >= STEPS.index("deliver"):
            found.append(Progress(stage="paid out"))
        if job and job.status is JobStatus.FINISHED:
            found.append(Progress(stage="delivered", is_final=True))
    if job and job.status in (JobStatus.STOPPED, JobStatus.CANCELLED):
        found.append(Progress(stage="stopped", error=issue(job.error), is_final=True))
    return found


def _step(job: JobState | None) -> int:
    """The place of the job's step; after all of them for a finished one, before all without a job."""
    if job is None:
        return -1
    if job.status is JobStatus.FINISHED:
        return len(STEPS)
    return STEPS.index(job.step) if job.step in STEPS else -1
