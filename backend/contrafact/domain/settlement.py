"""How an order's price becomes payments: the twin of `GenerationEscrow.sol`. All amounts are integer token units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

SECONDS_PER_UNIT = 30
MAX_DURATION = 600


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an escrow goes: to each source in order, the model's pool, the operator, and back to the maker."""

    sources: tuple[int, ...]
    pool: int
    operator_fee: int
    refunded: int

    @property
    def total(self) -> int:
        return sum(self.sources) + self.pool + self.operator_fee + self.refunded


def units(duration: int) -> int:
    """Started 30-second units of `duration` seconds. Raises InvalidInput outside 1…600."""
    if not 1 <= duration <= MAX_DURATION:
        raise InvalidInput(f"A piece lasts 1 to {MAX_DURATION} seconds, not {duration}.")
    return -(-duration // SECONDS_PER_UNIT)


def escrow(prices: Sequence[int], base_rate: int, operator_fee: int, duration: int) -> int:
    """The most an order can cost: `max(dearest source price, base rate) × units + operator fee`."""
    return max([*prices, base_rate]) * units(duration) + operator_fee


def settle(
    prices: Sequence[int], base_rate: int, operator_fee: int, duration: int, shares: Sequence[int], base_share: int
) -> Settlement:
    """Each source gets `floor(price × units × share / 10⁶)`, the pool likewise; what rounding leaves is the maker's.

    Raises InvalidInput unless `shares` and `base_share` are non-negative and sum to one million.
    """
    if (given := sum(shares) + base_share) != PPM or len(shares) != len(prices):
        raise InvalidInput(f"Shares sum to {given} ppm, not {PPM}, or are not one for each source.")
    if min([*shares, base_share]) < 0:
        raise InvalidInput("A share is negative.", "Shares are parts per million, 0 to 1,000,000.")
    count = units(duration)
    paid = tuple(price * count * share // PPM for price, share in zip(prices, shares, strict=True))
    pool = base_rate * count * base_share // PPM
    rest = escrow(prices, base_rate, operator_fee, duration) - sum(paid) - pool - operator_fee
    return Settlement(paid, pool, operator_fee, rest)
