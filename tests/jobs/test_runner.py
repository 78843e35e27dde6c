"""The runner on real contracts, with a fake band: every paid order comes to its end, once."""

from __future__ import annotations

from contrafact.domain.job_state import JobStatus
from contrafact.jobs.events import Happened
from contrafact.order.job import STEPS
from contrafact.store.jobs import Jobs
from tests.ledger.sent import wait_for

from .studio import Studio, settled_exactly, shift


def test_paid_orders_are_made_paid_out_and_delivered(studio: Studio, jobs: Jobs) -> None:
    site = studio.site()
    orders = studio.fund(site, 3)
    with shift(site, jobs) as work:
        wait_for(lambda: len(jobs.listed(JobStatus.FINISHED)) == 3)
    assert settled_exactly(site, orders)
    state = jobs.get(orders[0])
    assert (state.step, state.tries, state.error) == ("deliver", 1, None)
    assert [event.step for event in work.told(Happened.STEP, orders[0])] == list(STEPS)
    (finished,) = work.told(Happened.FINISHED, orders[0])
    assert finished.seconds > 0
    assert not work.told(Happened.HINDERED)
