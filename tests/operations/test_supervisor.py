"""A part of the service that crashes is started again, and takes nothing with it."""

from __future__ import annotations

from threading import Event

from contrafact import telemetry
from contrafact.errors import ChainError
from contrafact.operations.supervisor import BackOff, Supervised

SOON = BackOff(first=0.01, longest=0.04, calm=60)


def test_a_part_that_crashes_is_started_again_until_it_stays_up() -> None:
    up, told = Event(), []
    crashes = iter([ChainError("The node is away."), RuntimeError("a fault")])

    def run(stop: Event) -> None:
        if (crash := next(crashes, None)) is not None:
            raise crash
        up.set()
        stop.wait()

    part = Supervised("indexer", run, SOON)
    with telemetry.listening(lambda name, value, labels: told.append((name, labels))):
        part.start()
        assert up.wait(5)
    assert (part.restarts, part.is_running, part.error) == (2, True, "RuntimeError: a fault")
    assert told == [("thread_restarted", {"part": "indexer"})] * 2
    part.stop()
    assert part.join(5)
    assert not part.is_running


def test_a_part_that_ends_by_itself_has_crashed_and_is_not_well() -> None:
    part = Supervised("jobs", lambda stop: None, BackOff(first=60))
    part.start()
    for _ in range(500):
        if part.error:
            break
        Event().wait(0.01)
    assert part.error == "It ended by itself."
    assert not part.is_well
    part.stop()
    assert part.join(5)


def test_a_part_that_does_not_end_in_time_is_told_of() -> None:
    release = Event()
    part = Supervised("jobs", lambda stop: (release.wait(), None)[1])
    part.start()
    part.stop()
    assert not part.join(0.05)
    release.set()
    assert part.join(5)
