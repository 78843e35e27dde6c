"""Comparing the sources of each order with one another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations

from contrafact.audit.evidence import Catalogue, Chain
from contrafact.audit.gather.catalogue import source_form
from contrafact.audit.ports import Tools
from contrafact.audit.results import Done, Failed, Result, Skipped, then
from contrafact.domain.history import Funded
from contrafact.domain.works import Work
from contrafact.ports import ContentStore

Pairs = tuple[tuple[bytes, bytes], ...]


def compare_sources(
    chain: Chain, store: ContentStore, tools: Tools, catalogue: Catalogue
) -> Mapping[bytes, Result[Pairs]]:
    """By order the pairs of its chosen works that are versions of one tune. Two works are compared once."""
    same_tune = tools.same_tune
    if same_tune is None:
        return {event.order_id: Skipped("Nothing that compares melodies is installed.") for event in chain.funded}

    @cache
    def alike(one: Work, other: Work) -> Result[bool]:
        first, second = source_form(one, store, catalogue), source_form(other, store, catalogue)
        if not isinstance(first, Done):
            return Skipped(first.reason)
        if not isinstance(second, Done):
            return Skipped(second.reason)
        form = second.value
        return then(first, lambda form_: same_tune(form_, form) is not None)

    def of(event: Funded) -> Result[Pairs]:
        works = [chain.work[source.work_id] for source in event.quote.inference_set if source.work_id in chain.work]
        pairs = list(combinations(works, 2))  # in the order of their ids, as the contract has it
        found = [alike(*pair) for pair in pairs]
        if problem := next((result for result in found if not isinstance(result, Done)), None):
            return problem if isinstance(problem, Skipped) else Failed(problem.reason)
        held = zip(pairs, found, strict=True)
        return Done(tuple((a.work_id, b.work_id) for (a, b), same in held if isinstance(same, Done) and same.value))

    return {event.order_id: of(event) for event in chain.funded}
