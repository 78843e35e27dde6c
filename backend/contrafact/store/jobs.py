"""Order jobs in the database: what neither the chain nor the order's folder knows of an operator's work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, CursorResult, LargeBinary, String, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.errors import NotFound, NotPermitted
from contrafact.store.database import Base, Database

LONGEST_WAIT = 3600
"""Seconds. Nobody waits longer for the next try: a later one says that the machine's clock was set back."""
_NOW = {
    "sqlite": text("select (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("select extract(epoch from clock_timestamp())"),
}

_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_BEGINNING = {"bar": 0, "bars": 0, "tries": 0, "repeats": 0, "beats": 0}


class Job(Base):
    """A row for each order. `owner` runs it, or ran it last, and counts `beats` up as long as it lives."""

    __tablename__ = "jobs"

    order_id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    deadline: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(16))
    step: Mapped[str | None] = mapped_column(String(16))
    bar: Mapped[int]
    bars: Mapped[int]
    tries: Mapped[int]
    repeats: Mapped[int]
    next_try: Mapped[float | None]
    error: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    updated: Mapped[float]
    owner: Mapped[str | None] = mapped_column(String(64))
    beats: Mapped[int] = mapped_column(BigInteger)


class Jobs:
    """Implements the port JobStore on a database that several runners may share. All times are the database's.

    A lease is its owner's beats: another runner that sees them stand still, by its own stopwatch, takes the job over.
    So no two clocks are ever compared. Raises DatabaseError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, order_id: bytes, deadline: int) -> None:
        """A job that waits; nothing where it is known."""
        with self._database.writing() as session:
            insert = _INSERT[session.get_bind().dialect.name](Job)
            row = {"order_id": order_id, "deadline": deadline, "status": JobStatus.WAITING.value, **_BEGINNING}
            session.execute(insert.values(**row, updated=self._now(session)).on_conflict_do_nothing())

    def due(self) -> Sequence[bytes]:
        """What waits and may be tried now, the nearest deadline first."""
        with self._database.reading() as session:
            now = self._now(session)
            may = or_(Job.next_try.is_(None), Job.next_try <= now, Job.next_try > now + LONGEST_WAIT)
            waiting = select(Job.order_id).where(Job.status == JobStatus.WAITING.value, may)
            return list(session.scalars(waiting.order_by(Job.deadline, Job.order_id)))

    def leases(self) -> Mapping[bytes, tuple[str, int]]:
        """What runs: the job's owner, and its beats."""
        with self._database.reading() as session:
            rows = session.execute(select(Job.order_id, Job.owner, Job.beats).where(_is(JobStatus.RUNNING)))
            return {order_id: (owner or "", beats) for order_id, owner, beats in rows}

    def claim(self, order_id: bytes, owner: str, lease: tuple[str, int] | None = None) -> JobState | None:
        """Makes `owner` run what waits, or what runs under a `lease` that stands still. None: another was faster."""
        free = (
            [_is(JobStatus.WAITING)]
            if lease is None
            else [_is(JobStatus.RUNNING), Job.owner == lease[0], Job.beats == lease[1]]
        )
        changes = {"status": JobStatus.RUNNING.value, "owner": owner, "next_try": None}
        counted = {"tries": Job.tries + 1, "beats": Job.beats + 1}
        with self._database.writing() as session:
            if not self._change(session, order_id, [*free], **changes, **counted):
                return None
            return _state(self._row(session, order_id))

    def beat(self, owner: str, order_ids: Collection[bytes]) -> set[bytes]:
        """Renews the owner's leases. Returns those of the jobs that are still its own to run."""
        mine = [Job.owner == owner, _is(JobStatus.RUNNING), Job.order_id.in_(order_ids)]
        with self._database.writing() as session:
            session.execute(update(Job).where(*mine).values(beats=Job.beats + 1))
            return set(session.scalars(select(Job.order_id).where(*mine)))

    def note(self, order_id: bytes, owner: str, step: str, bar: int, bars: int) -> None:
        """How far a job is, if it is still the owner's."""
        with self._database.writing() as session:
            self._change(session, order_id, _run_by(owner), step=step, bar=bar, bars=bars)

    def finish(self, order_id: bytes, owner: str) -> None:
        """It came to its end, also where it was cancelled too late."""
        done = {"status": JobStatus.FINISHED.value, "error": None, "repeats": 0}
        with self._database.writing() as session:
            self._change(session, order_id, [Job.owner == owner], **done)

    def again(self, order_id: bytes, owner: str, error: Mapping[str, str], repeats: int, seconds: float) -> None:
        """It is to be tried again after so many seconds, if it is still the owner's."""
        with self._database.writing() as session:
            failed = {"error": dict(error), "repeats": repeats, "next_try": self._now(session) + seconds}
            self._change(session, order_id, _run_by(owner), status=JobStatus.WAITING.value, **failed)

    def leave(self, order_id: bytes, owner: str) -> None:
        """The owner goes; whoever comes next goes on."""
        with self._database.writing() as session:
            self._change(session, order_id, _run_by(owner), status=JobStatus.WAITING.value)

    def stop(self, order_id: bytes, error: Mapping[str, str], owner: str | None = None) -> None:
        """Trying again is of no use; nothing where it is finished, or not `owner`'s any more."""
        free = [Job.status != JobStatus.FINISHED.value] if owner is None else _run_by(owner)
        with self._database.writing() as session:
            stopped = {"status": JobStatus.STOPPED.value, "error": dict(error), "next_try": None}
            self._change(session, order_id, free, **stopped)

    def cancel(self, order_id: bytes) -> JobState:
        """By the operator. Raises NotFound, and NotPermitted for a job that is finished."""
        return self._ordered(order_id, JobStatus.CANCELLED)

    def retry(self, order_id: bytes) -> JobState:
        """By the operator: now, whatever hindered it before. Raises as `cancel` does."""
        return self._ordered(order_id, JobStatus.WAITING)

    def reopen(self, order_id: bytes) -> None:
        """A finished job whose commit a reorganisation took back."""
        with self._database.writing() as session:
            self._change(session, order_id, [_is(JobStatus.FINISHED)], status=JobStatus.WAITING.value)

    def get(self, order_id: bytes) -> JobState:
        """Raises NotFound."""
        with self._database.reading() as session:
            return _state(self._row(session, order_id))

    def listed(self, *statuses: JobStatus) -> Sequence[JobState]:
        """All jobs, or those of some statuses, the nearest deadline first."""
        wanted = [status.value for status in statuses or JobStatus]
        with self._database.reading() as session:
            rows = select(Job).where(Job.status.in_(wanted)).order_by(Job.deadline, Job.order_id)
            return [_state(row) for row in session.scalars(rows)]

    def counts(self) -> Mapping[JobStatus, int]:
        """How many jobs there are of each status that any has."""
        with self._database.reading() as session:
            rows = session.execute(select(Job.status, func.count()).group_by(Job.status))
            return {JobStatus(status): count for status, count in rows}

    def _ordered(self, order_id: bytes, status: JobStatus) -> JobState:
        with self._database.writing() as session:
            row = self._row(session, order_id)
            if row.status == JobStatus.FINISHED.value:
                raise NotPermitted(f"Order {to_hex(order_id)} is finished.", "There is nothing to be done for it.")
            if row.status != JobStatus.RUNNING.value or status is not JobStatus.WAITING:
                row.status, row.next_try, row.repeats, row.updated = status.value, None, 0, self._now(session)
            session.flush()
            return _state(row)

    def _row(self, session: Session, order_id: bytes) -> Job:
        if (row := session.get(Job, order_id, populate_existing=True)) is None:
            raise NotFound(
                f"There is no job for order {to_hex(order_id)}.",
                "It begins once its payment is confirmed; wait a moment.",
            )
        return row

    def _change(self, session: Session, order_id: bytes, free: Sequence[Any], **values: Any) -> bool:
        """Whether the row was as it must be, and is changed."""
        change = update(Job).where(Job.order_id == order_id, *free)
        made = cast(CursorResult[Any], session.execute(change.values(updated=self._now(session), **values)))
        return made.rowcount == 1

    def _now(self, session: Session) -> float:
        return float(session.execute(_NOW[session.get_bind().dialect.name]).scalar_one())


def _is(status: JobStatus) -> Any:
    return Job.status == status.value


def _run_by(owner: str) -> list[Any]:
    return [Job.owner == owner, _is(JobStatus.RUNNING)]


def _state(row: Job) -> JobState:
    return JobState(
        order_id=row.order_id,
        status=JobStatus(row.status),
        step=row.step,
        bar=row.bar,
        bars=row.bars,
        tries=row.tries,
        next_try=row.next_try,
        error=row.error,
        updated=row.updated,
        deadline=row.deadline,
        repeats=row.repeats,
    )
