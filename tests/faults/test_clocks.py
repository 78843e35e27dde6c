"""The machines' clocks are hours off, each in another direction: no order is lost, refunded early, or made twice."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ledger.sent import wait_for

from . import service
from .gate import Gate, State
from .service import Plan
from .town import Town

pytestmark = pytest.mark.slow
HOURS = 30  # more than an order has time
LIBRARY = Path(__file__).parent / "shifted_clock.c"


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that moves the wall clock of a process."""
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("no C compiler is installed, which makes the library that moves the clock")
    made = tmp_path_factory.mktemp("clock") / "clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, LIBRARY, "-ldl"], check=True)
    return made


def test_clocks_that_are_hours_off_in_both_directions(gated: Town, gate: Gate, clock: Path) -> None:
    """A try that was put off by a clock that is ahead is taken up by one that is behind, and the other way round."""
    for sign in (1, -1):
        _start(gated, clock, {service.follow: sign * HOURS, service.operate: -sign * HOURS})
        gated.settle(f"under clocks {HOURS} h off")
        gate.trap(b"eth_sendRawTransaction", passes=False)
        (order,) = gated.fund()
        wait_for(lambda order=order: gated.told(order=order.hex(), what="retried"))
        gated.close()
        gate.set(State.OPEN)
    gated.over()
    gated.start_both()
    gated.settle("under clocks that are right again")
    gated.require_sound()


def _start(town: Town, clock: Path, hours: dict[Callable[[Plan], None], int]) -> None:
    for main, shift in hours.items():
        with _environment(LD_PRELOAD=str(clock), CLOCK_SHIFT=str(shift * 3600)):
            town.start(main, way="spawn")


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
