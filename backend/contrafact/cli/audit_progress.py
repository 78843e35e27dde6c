"""How far an audit is, on standard error: what is being done, order n of m, and the time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from contrafact.cli import output


@dataclass(frozen=True, slots=True)
class AuditProgress:
    """What an audit tells is shown, or nothing, where it is to be quiet."""

    bars: Progress
    task: TaskID

    def step(self, step: str) -> None:
        self.bars.update(self.task, description=step)

    def order(self, done: int, of: int) -> None:
        self.bars.update(self.task, completed=done, total=of)


@contextmanager
def shown(*, quiet: bool) -> Iterator[AuditProgress]:
    """A line of progress, as long as an audit runs."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    counts = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, *counts, console=output.aside, transient=True, disable=quiet or not output.aside.is_terminal
    ) as bars:
        yield AuditProgress(bars, bars.add_task("reading the chain", total=None))
