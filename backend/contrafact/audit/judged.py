"""What an audit says of one subject, small enough to keep: what passed is counted, the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contrafact.audit.outcomes import Finding, NotChecked, Outcome, Passed
from contrafact.audit.results import LEFT_OUT
from contrafact.audit.summary import OrderSummary


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the subject `kind` and `name`: findings and gaps; how often each check passed, or was left out on request.

    Of an order, what the contract calls it (`status`), and its summary where it was funded.
    """

    kind: str
    name: str
    said: tuple[Finding | NotChecked, ...]
    passed: Mapping[str, int]
    left_out: Mapping[str, int]
    status: str | None = None
    summary: OrderSummary | None = None

    @classmethod
    def of(
        cls,
        kind: str,
        name: str,
        outcomes: Iterable[Outcome],
        status: str | None = None,
        summary: OrderSummary | None = None,
    ) -> Judged:
        said, passed, left_out = [], Counter[str](), Counter[str]()
        for outcome in outcomes:
            if isinstance(outcome, Passed):
                passed[outcome.check] += 1
            elif isinstance(outcome, NotChecked) and outcome.reason in LEFT_OUT:
                left_out[outcome.check] += 1
            else:
                said.append(outcome)
        return cls(kind, name, tuple(said), dict(passed), dict(left_out), status, summary)
