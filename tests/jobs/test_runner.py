"""The runner on real contracts, with a fake band: every paid order comes to its end, once, or says why not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from contrafact.domain.job_state import JobStatus
from contrafact.errors import StoreError, WrongBytes
from contrafact.jobs import judgement
from contrafact.jobs.events import Happened, JobEvent, undisturbed
from contrafact.jobs.refunding import right_of
from contrafact.order.folder import OrderFolder
from contrafact.order.job import STEPS
from contrafact.ports import ContentStore, OrderStatus
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.wiring import indexing
from contrafact.wiring.operating import ChainOrders, IndexedOrders
from tests.ledger.sent import wait_for

from .band import BARS, FakeBand
from .rates import measure
from .studio import OPERATOR, Studio, settled_exactly, shift

DAYS = 3 * 86_400


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next tries come at once."""
    monkeypatch.setattr(judgement, "FIRST_WAIT", 0.01)


class Ailing:
    """A content store that raises these errors, one a read, before it is well."""

    def __init__(self, inner: ContentStore, errors: Sequence[Exception]) -> None:
        self._inner, self._errors = inner, list(errors)
        self.put, self.has = inner.put, inner.has

    def get(self, cid: str) -> bytes:
        if self._errors:
            raise self._errors.pop(0)
        return self._inner.get(cid)


def status(jobs: Jobs, order: bytes) -> JobStatus | None:
    return next((state.status for state in jobs.listed() if state.order_id == order), None)


def test_paid_orders_are_made_paid_out_and_delivered(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    orders = studio.fund(site, 2)
    with shift(site, jobs) as work:
        wait_for(lambda: len(jobs.listed(JobStatus.FINISHED)) == 2)
    assert settled_exactly(site, orders)
    state = jobs.get(orders[0])
    assert (state.step, state.tries, state.error) == ("deliver", 1, None)
    assert [event.step for event in work.told(Happened.STEP, orders[0])] == list(STEPS)
    (finished,) = work.told(Happened.FINISHED, orders[0])
    assert finished.seconds > 0
    assert not work.told(Happened.HINDERED)


def test_what_is_away_for_a_while_is_tried_again_and_wrong_bytes_some_times(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    ails = [StoreError("Away.", "Wait."), StoreError("Away.", "Wait."), *[WrongBytes("Wrong.", "Mend.")] * 5]
    site.store = Ailing(site.store, ails)
    with shift(site, jobs) as work:
        wait_for(lambda: status(jobs, order) is JobStatus.STOPPED)
        assert [event.error for event in work.told(Happened.RETRIED)] == ails[:-1]
        assert jobs.get(order).error == ails[-1].to_dict()
        assert site.reader.order_status(order) is OrderStatus.FUNDED
        jobs.retry(order)
        wait_for(lambda: status(jobs, order) is JobStatus.FINISHED)
    assert settled_exactly(site, [order])


def test_content_that_is_not_what_was_registered_stops_the_order_at_once(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    site.derive = lambda data, media_type: b"another form"  # type: ignore[method-assign]
    with shift(site, jobs) as work:
        wait_for(lambda: status(jobs, order) is JobStatus.STOPPED)
    assert (jobs.get(order).error or {})["code"] == "content_mismatch"
    assert not work.told(Happened.RETRIED)


def test_cancelled_order_stops_at_its_next_bar_and_a_retry_finishes_it(
    studio: Studio, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = studio.site(FakeBand(0.5))
    (order,) = studio.fund(site)
    with shift(site, jobs, lease=0.4) as work:
        wait_for(lambda: jobs.listed() and jobs.get(order).step == "generate")
        assert jobs.cancel(order).status is JobStatus.CANCELLED
        wait_for(lambda: work.told(Happened.LEFT, order))
        assert not OrderFolder(site.settings.home, order).has("attempt.json")
        assert (status(jobs, order), work.runner.running) == (JobStatus.CANCELLED, [])
        right = right_of(site.reader, order)
        assert right is not None
        assert right.penalty == right.escrowed // 10
        jobs.retry(order)
        wait_for(lambda: status(jobs, order) is JobStatus.FINISHED)
    assert right_of(site.reader, order) is None
    assert settled_exactly(site, [order])


def test_expired_orders_are_refunded_by_the_chains_time_whatever_the_machine_says(
    studio: Studio, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = studio.site()
    token = site.token()
    cancelled, lost, good = studio.fund(site, 3)
    jobs.add(cancelled, 1)
    jobs.cancel(cancelled)
    (OrderFolder(site.settings.home, lost).path / "secret").unlink()
    right = right_of(site.reader, cancelled)
    assert right is not None
    before = site.reader.balance(right.maker, token)
    monkeypatch.setattr(time, "time", lambda: 4e9)  # the machine's clock says that every deadline has passed
    with shift(site, jobs) as work:
        wait_for(lambda: status(jobs, good) is JobStatus.FINISHED)
        assert not work.told(Happened.REFUNDED)
        paid_back = site.reader.balance(right.maker, token) - before
        monkeypatch.setattr(time, "time", lambda: 1.0)  # and now that none has
        studio.pass_time(DAYS)
        wait_for(lambda: len(work.told(Happened.REFUNDED)) == 2)
    assert {event.order_id for event in site.reader.refunded()} == {cancelled, lost}
    assert site.reader.balance(right.maker, token) == before + paid_back + 2 * right.amount
    assert site.reader.bond(OPERATOR.address, token).locked == 0
    assert status(jobs, cancelled) is JobStatus.STOPPED
    assert str(right.penalty) in (jobs.get(cancelled).error or {})["message"]


def test_without_refunds_an_expired_order_is_stopped_and_nothing_is_generated(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    studio.pass_time(DAYS)
    with shift(site, jobs, refund_expired=False):
        wait_for(lambda: status(jobs, order) is JobStatus.STOPPED)
    assert (jobs.get(order).error or {})["code"] == "order_closed"
    assert not OrderFolder(site.settings.home, order).has("attempt.json")
    assert site.reader.order_status(order) is OrderStatus.FUNDED


def test_told_to_stop_a_runner_leaves_what_it_cannot_finish_and_another_goes_on(studio: Studio, jobs: Jobs) -> None:
    site = studio.site(FakeBand(0.5))
    (order,) = studio.fund(site)
    with shift(site, jobs, grace=0.1) as first:
        wait_for(lambda: jobs.listed() and jobs.get(order).step == "generate")
    assert status(jobs, order) is JobStatus.WAITING
    with shift(studio.site(), jobs):
        wait_for(lambda: status(jobs, order) is JobStatus.FINISHED)
    assert first.told(Happened.STARTED)
    assert settled_exactly(site, [order])


def test_two_runners_share_the_orders_and_run_none_of_them_twice(studio: Studio, jobs: Jobs) -> None:
    site = studio.site(FakeBand(0.1))
    orders = studio.fund(site, 2)
    with shift(site, jobs, at_once=1) as one, shift(studio.site(FakeBand(0.1)), jobs, at_once=1) as two:
        wait_for(lambda: len(jobs.listed(JobStatus.FINISHED)) == 2)
    started = [event.order_id for work in (one, two) for event in work.told(Happened.STARTED)]
    assert sorted(filter(None, started)) == sorted(orders)
    assert one.told(Happened.STARTED)
    assert two.told(Happened.STARTED)
    assert settled_exactly(site, orders)


def test_two_databases_on_one_home_are_kept_apart_by_the_folders_lock(
    studio: Studio, jobs: Jobs, tmp_path: Path
) -> None:
    site, other = studio.site(FakeBand(0.3)), Database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    (order,) = studio.fund(site)
    with shift(site, jobs) as one, shift(studio.site(FakeBand(0.3)), Jobs(other)) as two:
        wait_for(lambda: status(jobs, order) is JobStatus.FINISHED and status(Jobs(other), order) is JobStatus.FINISHED)
    other.close()
    generated = [event for work in (one, two) for event in work.told(Happened.STEP) if event.step == "generate"]
    renders = [event.seconds for work in (one, two) for event in work.told(Happened.STEP) if event.step == "render"]
    assert len([seconds for seconds in renders if seconds > 0.3 * BARS]) == 1  # the other found the attempt there
    assert len(generated) == len(renders)
    assert {getattr(e.error, "code", "") for work in (one, two) for e in work.told(Happened.RETRIED)} <= {"busy"}
    assert settled_exactly(site, [order])


def test_a_job_whose_runner_is_gone_is_taken_over_when_its_lease_is_over(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    jobs.add(order, 1 << 40)
    assert jobs.claim(order, "a runner that was killed")
    with shift(site, jobs, lease=1.0) as work:
        began = time.monotonic()
        wait_for(lambda: status(jobs, order) is JobStatus.FINISHED)
        assert time.monotonic() - began >= 1.0
    assert len(work.told(Happened.STARTED)) == 1
    assert jobs.get(order).tries == 2
    assert settled_exactly(site, [order])


def test_the_listeners_own_failure_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def listen(event: JobEvent) -> None:
        raise ValueError("no log today")

    undisturbed(listen)(JobEvent(Happened.STARTED))
    assert "no log today" in caplog.text


@pytest.mark.slow
def test_the_bench_counts_orders_that_settle_exactly(tmp_path: Path) -> None:
    measured = measure(tmp_path, orders=3, at_once=3)
    assert (measured["orders"], measured["retried"]) == (3, 0)
    assert set(measured["steps"]) == set(STEPS) - {"deliver"}  # type: ignore[call-overload]


def test_orders_of_the_index_are_the_chains(studio: Studio, jobs: Jobs, database: Database) -> None:
    site = studio.site()
    order, lost = studio.fund(site, 2)
    (OrderFolder(site.settings.home, lost).path / "secret").unlink()
    indexer, index = indexing.indexer(site, database), indexing.read_model(database)
    indexer.catch_up()
    indexed = IndexedOrders(index, site.settings.home, OPERATOR.address)
    chains = ChainOrders(site, OPERATOR.address)
    assert sorted(indexed.open_orders(), key=str) == sorted(chains.open_orders(), key=str)
    assert {found.order_id: found.is_here for found in indexed.open_orders()} == {order: True, lost: False}
