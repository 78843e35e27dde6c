"""Three views of who is in an order's piece, as the report shows them. They are no check: nothing fails by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contrafact.audit.results import Done, Result
from contrafact.domain.digests import from_hex
from contrafact.domain.opinions import Opinions


@dataclass(frozen=True, slots=True)
class OrderOpinions:
    """`names` are the titles of the sources. `found` is None where there are none; `said` then says why."""

    said: str
    names: tuple[str, ...] = ()
    found: Opinions | None = None

    def to_dict(self) -> dict[str, object]:
        """For machines: the three views with `said`, or the `reason` why there are none."""
        return {"reason": self.said} if self.found is None else {"said": self.said, **self.found.to_dict()}


def order_opinions(result: Result[Opinions], title: Callable[[bytes], str]) -> OrderOpinions:
    """The views in words; `title` gives the name of a work."""
    if not isinstance(result, Done):
        return OrderOpinions(result.reason)
    names = tuple(title(from_hex(source)) for source in result.value.sources)
    return OrderOpinions(result.value.in_words(names), names, result.value)
