"""What an evaluation finds: rows for a table, each with interval and target, and raw values for plots."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from contrafact.errors import InvalidInput
from contrafact.evaluation.statistics import Floats, Statistic, binomial, bootstrap, mean

SCHEMA = "contrafact/evaluation/1"
NOT_BEATEN = "attribution does NOT beat this baseline"


@dataclass(frozen=True)
class Target:
    """What a value is held to: in words, and as a test."""

    text: str
    keeps: Callable[[float], bool]


def at_least(value: float) -> Target:
    """Met by this value and more."""
    return Target(f"≥ {value:g}", lambda x: x >= value)


def at_most(value: float) -> Target:
    """Met by this value and less."""
    return Target(f"≤ {value:g}", lambda x: x <= value)


def exactly(value: float) -> Target:
    """Met by this value alone."""
    return Target(f"= {value:g}", lambda x: x == value)


@dataclass(frozen=True)
class Row:
    """One measure. `low` and `high` bound its 95 % interval over pieces, `n` is the number of pieces.

    `target` is what it is held to, empty for a measure that is only reported; `met` is None there.
    """

    id: str
    name: str
    value: float
    low: float | None
    high: float | None
    n: int
    target: str
    met: bool | None
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What one experiment finds: its rows, and raw values by name, which plots are made of."""

    rows: tuple[Row, ...]
    series: Mapping[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """A whole evaluation; `settings` say what it was made with."""

    rows: list[Row]
    series: dict[str, list[Any]]
    settings: dict[str, Any]

    def row(self, id: str) -> Row:
        """The row of that id. Raises KeyError."""
        return {row.id: row for row in self.rows}[id]

    def to_json(self) -> str:
        """The results as a document, `contrafact/evaluation/1`."""
        document = {"schema": SCHEMA, "settings": self.settings, "rows": [asdict(row) for row in self.rows]}
        return json.dumps({**document, "series": self.series}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Results:
        """The inverse of `to_json`. Raises InvalidInput for another document."""
        try:
            document = json.loads(text)
            if document["schema"] != SCHEMA:
                raise ValueError
            return cls([Row(**row) for row in document["rows"]], document["series"], document["settings"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"These are not the results of an evaluation, {SCHEMA}.") from error


def measured(
    id: str,
    name: str,
    clusters: Sequence[Floats],
    statistic: Statistic = mean,
    target: Target | None = None,
    note: str = "",
) -> Row:
    """A row whose interval comes from resampling pieces; `clusters` holds the units (units, columns) of each."""
    value = statistic(_together(clusters))
    low, high = bootstrap(clusters, statistic)
    return Row(id, name, value, low, high, len(clusters), *_judged(value, target), note)


def rate(id: str, name: str, hits: Sequence[bool], target: Target | None = None, note: str = "") -> Row:
    """A row of how often something was so, with the exact binomial interval. Raises ValueError for no trials."""
    if not hits:
        raise ValueError("there are no trials to count")
    low, high = binomial(sum(hits), len(hits))
    value = sum(hits) / len(hits)
    return Row(id, name, value, low, high, len(hits), *_judged(value, target), note)


def stated(id: str, name: str, value: float, n: int, target: Target | None = None, note: str = "") -> Row:
    """A row of something that has no interval: a maximum, a count."""
    return Row(id, name, float(value), None, None, n, *_judged(value, target), note)


def _together(clusters: Sequence[Floats]) -> Floats:
    return np.concatenate(list(clusters))


def _judged(value: float, target: Target | None) -> tuple[str, bool | None]:
    return ("", None) if target is None else (target.text, bool(target.keeps(value)))
