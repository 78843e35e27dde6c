"""For all tests: their order, and nodes by other people, skipped where they are not installed."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.clients.anvil import Anvil, missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: the many quick ones then fill what is left of each process's time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """The libraries and thousands of collected tests stay to the end: to search them for garbage takes a tenth of all
    the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests of frauds found, however quiet the run is and wherever they ran."""
    from tests.frauds.tally import summary

    reports = [one for some in terminalreporter.stats.values() for one in some if isinstance(one, pytest.TestReport)]
    for line in summary(reports):
        terminalreporter.write_line(line)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any library logs, of any importance."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def start_anvil() -> Iterator[Callable[..., Anvil]]:
    """Starts nodes with these options of anvil's command line; they end with the test."""
    if reason := missing():
        pytest.skip(reason)
    with ExitStack() as nodes:
        yield lambda *options: nodes.enter_context(Anvil(*options))


@pytest.fixture
def anvil(start_anvil: Callable[..., Anvil]) -> Anvil:
    """A node that mines each transaction at once."""
    return start_anvil()
