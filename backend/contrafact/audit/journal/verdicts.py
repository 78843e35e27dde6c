"""What was judged, in the journal: outcomes, how often each check was done, and orders as people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from contrafact.audit.journal import codec
from contrafact.audit.journal.book import Journal
from contrafact.audit.judged import Judged
from contrafact.audit.outcomes import Finding, NotChecked, Severity
from contrafact.audit.summary import OrderSummary

T = TypeVar("T")

_SORTS = {Severity.ERROR: 0, Severity.WARNING: 1}
_GAP = 2
_FINDING, _GAPS = "sort < 2", "sort = 2"


class Stored(Sequence[T]):
    """Rows of the journal as a sequence that holds none of them: each is read when it is asked for."""

    def __init__(self, journal: Journal, kind: type[T], rows: str) -> None:
        """`rows` is the query from `FROM` on, `body` the column that is read."""
        self._journal, self._kind, self._rows = journal, kind, rows

    def __len__(self) -> int:
        return int(self._journal.value(f"SELECT COUNT(*) {self._rows}"))

    def __iter__(self) -> Iterator[T]:
        for (body,) in self._journal.rows(f"SELECT body {self._rows}"):
            yield codec.load(self._kind, body)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        place = index + len(self) if index < 0 else index
        body = self._journal.value(f"SELECT body {self._rows} LIMIT 1 OFFSET ?", place) if place >= 0 else None
        if body is None:
            raise IndexError(index)
        return codec.load(self._kind, body)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What an audit said of each subject."""

    journal: Journal

    def is_judged(self, kind: str, name: str) -> bool:
        return self.journal.value("SELECT 1 FROM judged WHERE kind = ? AND id = ?", kind, name) is not None

    def keep(self, judged: Judged) -> None:
        """Keeps what was said of one subject, all of it or nothing."""
        with self.journal.transaction():
            self.journal.database.execute("INSERT INTO judged VALUES (?, ?)", (judged.kind, judged.name))
            self.journal.database.executemany(
                "INSERT INTO outcomes (sort, body) VALUES (?, ?)", [_row(said) for said in judged.said]
            )
            self._count(judged)
            if judged.status is not None:
                self._keep_order(judged)

    def tallies(self) -> dict[str, tuple[int, int, int, int]]:
        """By check: how often it was done, did not hold, could not be done, and was left out."""
        rows = self.journal.rows("SELECT rule, done, findings, not_checked, left_out FROM tallies")
        return {rule: (done, found, not_checked, left_out) for rule, done, found, not_checked, left_out in rows}

    def findings(self) -> tuple[Finding, ...]:
        """All findings, errors first. There are few where an operator is honest."""
        return tuple(Stored(self.journal, Finding, f"FROM outcomes WHERE {_FINDING} ORDER BY sort, number"))

    def gaps(self) -> Sequence[NotChecked]:
        return Stored(self.journal, NotChecked, f"FROM outcomes WHERE {_GAPS} ORDER BY number")

    def summaries(self) -> Sequence[OrderSummary]:
        """The funded orders that were judged, in the chain's order."""
        rows = "FROM (SELECT number, summary AS body FROM orders) WHERE body IS NOT NULL ORDER BY number"
        return Stored(self.journal, OrderSummary, rows)

    def notable(self, newest: int) -> Sequence[OrderSummary]:
        """The newest so many orders, and before them others with findings, at most so many again."""
        rows = (
            "FROM (SELECT number, summary AS body FROM orders WHERE number IN"
            f" (SELECT number FROM orders WHERE summary IS NOT NULL ORDER BY number DESC LIMIT {newest})"
            f" OR number IN (SELECT number FROM orders WHERE found AND summary IS NOT NULL LIMIT {newest}))"
            " ORDER BY number"
        )
        return Stored(self.journal, OrderSummary, rows)

    def _keep_order(self, judged: Judged) -> None:
        summary = judged.summary
        body = None if summary is None else codec.dump(OrderSummary, summary)
        found = sum(isinstance(said, Finding) for said in judged.said)
        self.journal.database.execute(
            "UPDATE orders SET status = ?, found = ?, summary = ? WHERE order_id = ?",
            (judged.status, found, body, judged.name),
        )

    def _count(self, judged: Judged) -> None:
        counts = Counter[tuple[str, str]]()
        for said in judged.said:
            counts[said.check, "findings" if isinstance(said, Finding) else "not_checked"] += 1
        counts.update({(rule, "done"): passed for rule, passed in judged.passed.items()})
        counts.update({(rule, "left_out"): left for rule, left in judged.left_out.items()})
        for said in judged.said:
            counts[said.check, "done"] += isinstance(said, Finding)
        for (rule, column), count in counts.items():
            self.journal.database.execute("INSERT OR IGNORE INTO tallies VALUES (?, 0, 0, 0, 0)", (rule,))
            self.journal.database.execute(f"UPDATE tallies SET {column} = {column} + ? WHERE rule = ?", (count, rule))


def _row(said: Finding | NotChecked) -> tuple[int, str]:
    if isinstance(said, Finding):
        return _SORTS[said.severity], codec.dump(Finding, said)
    return _GAP, codec.dump(NotChecked, said)
