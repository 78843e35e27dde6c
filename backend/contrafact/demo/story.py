"""What the demo says on the terminal: a short story with figures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from contrafact.demo.stage import Listed
from contrafact.domain.history import Paid
from contrafact.domain.money import Currency
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM

DOLLAR = Currency("USD", 6)


class Story:
    """Tells each act as it happens and keeps how long it took, in seconds."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def act(self, name: str, total: int | None = None) -> Iterator[Progress]:
        """One step with a progress bar where there is something to count."""
        columns = (TextColumn("  {task.description}"), BarColumn(24), MofNCompleteColumn())
        started = time.monotonic()
        with Progress(*columns, console=self.console, transient=True, disable=total is None) as progress:
            progress.add_task(name, total=total)
            yield progress
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
