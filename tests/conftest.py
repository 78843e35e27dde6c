"""Fixtures for all tests: nodes by other people, skipped where they are not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.clients.anvil import Anvil, missing


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests of frauds found, however quiet the run is and wherever they ran."""
    from tests.frauds.tally import summary

    reports = [one for some in terminalreporter.stats.values() for one in some if isinstance(one, pytest.TestReport)]
    for line in summary(reports):
        terminalreporter.write_line(line)


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
