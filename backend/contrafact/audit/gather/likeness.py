"""Comparing the sources of each order with one another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations

from contrafact.audit.evidence import Chain
from contrafact.audit.gather.documents import read
from contrafact.audit.ports import Tools
from contrafact.audit.results import Done, Failed, Result, Skipped, then
from contrafact.domain.history import Funded
from contrafact.ports import ContentStore

Pairs = tuple[tuple[bytes, bytes], ...]


def compare_sources(chain: Chain, store: ContentStore, tools: Tools) -> Mapping[bytes, Result[Pairs]]:
    """By order the pairs of its chosen works that are versions of one tune. Two forms are compared once."""
    same_tune = tools.same_tune
    if same_tune is None:
        return {event.order_id: Skipped("Nothing that compares melodies is installed.") for event in chain.funded}

    @cache
    def alike(one: bytes, other: bytes) -> Result[bool]:
        first, second = read(store, one), read(store, other)
        if not isinstance(first, Done) or not isinstance(second, Done):
            return Skipped("Not all source forms could be read.")
        form = second.value
        return then(first, lambda form_: same_tune(form_, form) is not None)

    def of(event: Funded) -> Result[Pairs]:
        works = [chain.work[source.work_id] for source in event.quote.inference_set if source.work_id in chain.work]
        pairs = list(combinations(works, 2))
        found = [alike(*sorted((one.source_form, other.source_form))) for one, other in pairs]
        if problem := next((result for result in found if not isinstance(result, Done)), None):
            return problem if isinstance(problem, Skipped) else Failed(problem.reason)
        held = zip(pairs, found, strict=True)
        return Done(tuple((a.work_id, b.work_id) for (a, b), same in held if isinstance(same, Done) and same.value))

    return {event.order_id: of(event) for event in chain.funded}
