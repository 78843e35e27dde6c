"""How far the weights of a live order may move while it plays. Weights in ppm, in the order of the inference set."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.orders import Quote
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder

DEFAULT_DRIFT = 250_000
"""What a live order's weights may move by where nothing else is asked for."""


def ranges(quote: Quote) -> tuple[tuple[int, int], ...]:
    """The lowest and the highest weight of each source, by the drift and by what the others must leave or take."""
    weights = [source.weight for source in quote.inference_set]
    bounds = [(max(0, weight - quote.drift), min(PPM, weight + quote.drift)) for weight in weights]
    lowest, highest = (sum(bound[side] for bound in bounds) for side in (0, 1))
    return tuple((max(low, PPM - (highest - high)), min(high, PPM - (lowest - low))) for low, high in bounds)


def require_within(quote: Quote, weights: Sequence[int]) -> None:
    """Raises InvalidOrder, naming the bounds, for weights that the order does not allow."""
    allowed = ranges(quote)
    hint = f"They sum to {PPM}; in turn they may be {', '.join(f'{low} to {high}' for low, high in allowed)}."
    if len(weights) != len(allowed):
        raise InvalidOrder(f"There are {len(allowed)} sources, and {len(weights)} weights.", hint)
    if sum(weights) != PPM:
        raise InvalidOrder(f"The weights sum to {sum(weights)} parts per million.", hint)
    if any(not low <= weight <= high for weight, (low, high) in zip(weights, allowed, strict=True)):
        raise InvalidOrder("A weight is moved further than the order allows.", hint)
