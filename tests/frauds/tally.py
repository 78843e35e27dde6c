"""What the tests of this folder have done, for the summary at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.audit import Finding

FRAUD, FOUND, HONEST = "fraud", "found by", "honest history"


@dataclass(frozen=True)
class Tally:
    """Writes into the test's report, so that it reaches the summary from wherever the test runs."""

    record: Callable[[str, object], None]

    def committed(self, name: str) -> None:
        self.record(FRAUD, name)

    def found(self, findings: Iterable[Finding]) -> None:
        self.record(FOUND, ", ".join(dict.fromkeys(finding.check for finding in findings)))

    def honest(self, figures: str) -> None:
        self.record(HONEST, figures)


def summary(reports: Iterable[Any]) -> Iterator[str]:
    """The figures of all tests, then what was missed. `reports` are pytest's, each of one test's call."""
    rows: Sequence[dict[str, Any]] = [dict(report.user_properties) for report in reports if report.when == "call"]
    frauds = {row[FRAUD]: row.get(FOUND) for row in rows if FRAUD in row}
    if frauds:
        yield f"{sum(map(bool, frauds.values()))} of {len(frauds)} frauds found"
    yield from (row[HONEST] for row in rows if HONEST in row)
    yield from (f"missed: {name}" for name, found in frauds.items() if not found)
