"""What the demo says on the terminal: a short story with figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from contrafact.demo.stage import Listed
from contrafact.domain.history import Paid
from contrafact.domain.money import Currency
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM

DOLLAR = Currency("test dollars", 6)

OnProgress = Callable[[int, int], None]


class Story:
    """Tells each act as it happens and keeps how long it took, in seconds."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.seconds: dict[str, float] = {}
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self._started

    @contextmanager
    def act(self, name: str) -> Iterator[OnProgress]:
        """One step; what is yielded moves its progress bar to so many of so many."""
        started = time.monotonic()
        columns, quiet = (TextColumn("  {task.description}"), BarColumn(24)), not self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=quiet) as bars:
            task = bars.add_task(name, total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total)
        self.seconds[name] = time.monotonic() - started

    def tell(self, sentence: str) -> None:
        self.console.print(f"  {sentence}", soft_wrap=True)

    def heading(self, text: str) -> None:
        self.console.print(f"\n[bold]{text}[/]")

    def who_got_what(self, chosen: list[Listed], record: AttributionRecord, paid: list[Paid]) -> None:
        """One row per source: asked, measured, paid, to whom."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        for column, justify in (("song", "left"), ("asked", "right"), ("used", "right"), ("paid", "right")):
            table.add_column(column, justify=justify)  # type: ignore[arg-type]
        table.add_column("to")
        for source in record.sources:
            entry = next(work.entry for work in chosen if work.work_id == source.work_id)
            mine = [event for event in paid if event.beneficiary == source.work_id]
            total = DOLLAR.format(sum(event.amount for event in mine))
            people = f"{entry.licensor.name}" + (f" and {len(mine) - 1} more" if len(mine) > 1 else "")
            table.add_row(entry.tune.title, f"{source.weight / PPM:.0%}", f"{source.share / PPM:.2%}", total, people)
        table.add_row("the model itself", "", f"{record.base_share / PPM:.2%}", "", "its training pool")
        self.console.print(table)


class StepTimer:
    """Tells the steps of the order job, each as an act of its own."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._stack = ExitStack()
        self._progress: OnProgress = lambda done, total: None

    def start(self, step: str) -> None:
        """Ends the step before and starts this one."""
        self._stack.close()
        self._progress = self._stack.enter_context(self._story.act(step))

    def progress(self, done: int, total: int) -> None:
        self._progress(done, total)

    def end(self) -> None:
        self._stack.close()
