"""Jobs in the database, as several runners share it: each job is one's at a time, and no clock of a machine counts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from contrafact.domain.job_state import JobStatus
from contrafact.errors import NotFound, NotPermitted
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]

ERROR = {"code": "chain", "message": "It is away.", "hint": "Wait."}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """On SQLite and on PostgreSQL."""
    made = Database(database_url)
    made.migrate()
    yield made
    made.close()


def order(i: int) -> bytes:
    return bytes(31) + bytes([i])


def test_a_job_is_claimed_once_by_however_many_that_try_at_once(database: Database) -> None:
    jobs = Jobs(database)
    jobs.add(order(1), 100)
    jobs.add(order(1), 100)
    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(lambda i: Jobs(database).claim(order(1), f"runner {i}"), range(8)))
    (state,) = filter(None, claimed)
    assert (state.status, state.tries, state.deadline) == (JobStatus.RUNNING, 1, 100)
    assert jobs.due() == []


def test_a_lease_that_was_renewed_cannot_be_taken_over(database: Database) -> None:
    jobs = Jobs(database)
    jobs.add(order(1), 100)
    jobs.claim(order(1), "one")
    seen = jobs.leases()[order(1)]
    assert jobs.beat("one", [order(1)]) == {order(1)}
    assert jobs.claim(order(1), "two", seen) is None
    assert jobs.claim(order(1), "two", jobs.leases()[order(1)])
    assert jobs.beat("one", [order(1)]) == set()
    for late in (lambda: jobs.again(order(1), "one", ERROR, 1, 0), lambda: jobs.stop(order(1), ERROR, "one")):
        late()
        assert jobs.get(order(1)).status is JobStatus.RUNNING
    jobs.note(order(1), "one", "commit", 0, 0)
    assert jobs.get(order(1)).step is None


def test_the_nearest_deadline_is_due_first_and_a_retry_when_its_time_has_come(database: Database) -> None:
    jobs = Jobs(database)
    for i, deadline in enumerate((300, 100, 200)):
        jobs.add(order(i), deadline)
    assert jobs.due() == [order(1), order(2), order(0)]
    jobs.claim(order(1), "one")
    jobs.again(order(1), "one", ERROR, 3, 0.5)
    state = jobs.get(order(1))
    assert (state.status, state.error, state.repeats) == (JobStatus.WAITING, ERROR, 3)
    assert jobs.due() == [order(2), order(0)]
    end = time.monotonic() + 30
    while order(1) not in jobs.due():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_retry_farther_away_than_any_wait_is_due_because_the_clock_was_set_back(database: Database) -> None:
    jobs = Jobs(database)
    jobs.add(order(1), 100)
    jobs.claim(order(1), "one")
    jobs.again(order(1), "one", ERROR, 1, 7 * 86_400)
    assert jobs.due() == [order(1)]


def test_the_operator_cancels_and_retries_all_but_what_is_finished(database: Database) -> None:
    jobs = Jobs(database)
    jobs.add(order(1), 100)
    jobs.claim(order(1), "one")
    assert jobs.cancel(order(1)).status is JobStatus.CANCELLED
    assert jobs.beat("one", [order(1)]) == set()
    assert jobs.due() == []
    assert jobs.retry(order(1)).status is JobStatus.WAITING
    jobs.claim(order(1), "one")
    assert jobs.retry(order(1)).status is JobStatus.RUNNING
    jobs.cancel(order(1))
    jobs.finish(order(1), "one")  # too late to cancel it
    assert [state.order_id for state in jobs.listed(JobStatus.FINISHED)] == [order(1)]
    for ordered in (jobs.cancel, jobs.retry):
        with pytest.raises(NotPermitted):
            ordered(order(1))
        with pytest.raises(NotFound):
            ordered(order(2))
    jobs.reopen(order(1))
    assert jobs.due() == [order(1)]
