"""Comparing the sources of an order with one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from contrafact.audit.evidence import Catalogue, Chain
from contrafact.audit.gather.catalogue import source_form
from contrafact.audit.ports import Tools
from contrafact.audit.results import Done, Failed, Result, Skipped, then
from contrafact.domain.history import Funded
from contrafact.domain.works import Work
from contrafact.ports import ContentStore

Pairs = tuple[tuple[bytes, bytes], ...]
_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which chosen works of an order are versions of one tune. Two works are compared once, as far as it remembers."""

    store: ContentStore
    tools: Tools
    catalogue: Catalogue
    known: dict[tuple[bytes, bytes], Result[bool]] = field(default_factory=dict)

    def compare(self, chain: Chain, event: Funded) -> Result[Pairs]:
        if self.tools.same_tune is None:
            return Skipped("Nothing that compares melodies is installed.")
        works = [chain.work[source.work_id] for source in event.quote.inference_set if source.work_id in chain.work]
        pairs = list(combinations(works, 2))  # in the order of their ids, as the contract has it
        found = [self._alike(*pair) for pair in pairs]
        if problem := next((result for result in found if not isinstance(result, Done)), None):
            return problem if isinstance(problem, Skipped) else Failed(problem.reason)
        held = zip(pairs, found, strict=True)
        return Done(tuple((a.work_id, b.work_id) for (a, b), same in held if isinstance(same, Done) and same.value))

    def _alike(self, one: Work, other: Work) -> Result[bool]:
        key = one.work_id, other.work_id
        if key not in self.known:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[key] = self._compared(one, other)
        return self.known[key]

    def _compared(self, one: Work, other: Work) -> Result[bool]:
        same_tune = self.tools.same_tune
        first, second = (source_form(work, self.store, self.catalogue) for work in (one, other))
        if not isinstance(first, Done):
            return Skipped(first.reason)
        if not isinstance(second, Done) or same_tune is None:
            return Skipped(second.reason if not isinstance(second, Done) else "")
        form = second.value
        return then(first, lambda form_: same_tune(form_, form) is not None)
