"""The form of an order that the contract takes, whatever the terms of its sources."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from contrafact.domain.prices import Use
from contrafact.domain.settlement import longest
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder

if TYPE_CHECKING:
    from contrafact.domain.orders import Quote

MAX_SOURCES = 8


def check_form(quote: Quote) -> None:
    """Raises InvalidOrder where the contract would refuse the quote's form."""
    _check_sources(quote)
    _check_compositions(quote)
    _check_duration(quote)
    if quote.max_base_share > PPM or sum(source.min_share for source in quote.sources) > PPM:
        raise InvalidOrder("The bounds on shares cannot be met.", "Lower the lowest shares.")


def check_weights(weights: Sequence[int]) -> None:
    """Raises InvalidOrder unless 1 to 8 positive weights sum to one million."""
    if not 1 <= len(weights) <= MAX_SOURCES:
        raise InvalidOrder(f"An order has 1 to {MAX_SOURCES} sources, not {len(weights)}.")
    if any(weight <= 0 for weight in weights):
        raise InvalidOrder("Each source's weight must be above zero.", "Leave out sources that are not wanted.")
    if (total := sum(weights)) != PPM:
        text = f"The weights sum to {total / PPM:g} ({total} parts per million), not 1 ({PPM})."
        raise InvalidOrder(text, "Choose weights that sum to the whole.")


def _check_sources(quote: Quote) -> None:
    chosen = quote.inference_set
    check_weights([source.weight for source in chosen])
    if any(a.work_id >= b.work_id for a, b in pairwise(chosen)):
        raise InvalidOrder("Sources must be distinct and ordered by work id.")


def _check_compositions(quote: Quote) -> None:
    """They follow the inference set, at most one for each of its works, in its order, and weigh nothing."""
    chosen, through = len(quote.inference_set), quote.through
    if any(source.through for source in quote.sources[:chosen]):
        raise InvalidOrder("Compositions come after the works of the inference set.")
    if any(a >= b for a, b in pairwise([0, *through, chosen + 1])):
        raise InvalidOrder("Each composition must belong to a recording of the order, in their order.")
    compositions = quote.sources[chosen:]
    if any(source.weight or source.min_share for source in compositions):
        raise InvalidOrder("A composition has no weight of its own: it shares that of its recording.")
    if any(source.downstream + quote.sources[source.through - 1].downstream > PPM for source in compositions):
        raise InvalidOrder("A recording and its composition together ask for more than all later revenue.")


def _check_duration(quote: Quote) -> None:
    live = quote.use is Use.LIVE
    if not 1 <= quote.duration <= longest(quote.use):
        what = "A live piece" if live else "A piece"
        raise InvalidOrder(f"{what} lasts 1 to {longest(quote.use)} seconds, not {quote.duration}.")
    if quote.drift > PPM or (quote.drift and not live):
        raise InvalidOrder("Only a live order's weights may move, by at most the whole.", "Leave the drift out.")
