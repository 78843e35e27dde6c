"""How an order's price becomes payments: the twin of `GenerationEscrow.sol`. All amounts are integer token units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

SECONDS_PER_UNIT = 30
MAX_DURATION = 600
MAX_LIVE_DURATION = 14_400
REFUND_PENALTY = 100_000
"""Part of the escrow that a refund costs the operator, in ppm."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What an order's parts cost per started 30 seconds, and the operator's fee for the whole.

    `prices` are those of the works in the inference set, then of the compositions; `through` has one number for
    each composition: 1 + the place of the recording whose share it is paid by.
    """

    prices: tuple[int, ...]
    base_rate: int
    operator_fee: int
    through: tuple[int, ...] = ()

    @property
    def works(self) -> int:
        """How many works the inference set has."""
        return len(self.prices) - len(self.through)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an escrow goes: to each source (compositions last), the model's pool, the operator, back to the maker."""

    sources: tuple[int, ...]
    pool: int
    operator_fee: int
    refunded: int

    @property
    def total(self) -> int:
        return sum(self.sources) + self.pool + self.operator_fee + self.refunded


@dataclass(frozen=True, slots=True)
class Revenue:
    """How later revenue of an output is divided: to each source (compositions last), and the rest to the maker."""

    sources: tuple[int, ...]
    maker: int


def longest(use: Use) -> int:
    """The longest piece for `use`, in seconds."""
    return MAX_LIVE_DURATION if use is Use.LIVE else MAX_DURATION


def units(duration: int) -> int:
    """Started 30-second units of `duration` seconds. Raises InvalidInput outside 1…14,400."""
    if not 1 <= duration <= MAX_LIVE_DURATION:
        raise InvalidInput(f"A piece lasts 1 to {MAX_LIVE_DURATION} seconds, not {duration}.")
    return -(-duration // SECONDS_PER_UNIT)


def escrow(rates: Rates, duration: int) -> int:
    """The most an order can cost: `max(dearest work with its composition, base rate) × units + operator fee`."""
    together = list(rates.prices[: rates.works])
    for place, price in zip(rates.through, rates.prices[rates.works :], strict=True):
        together[_recording(place, rates.works)] += price
    return max([*together, rates.base_rate]) * units(duration) + rates.operator_fee


def settle(
    rates: Rates, duration: int, shares: Sequence[int], base_share: int, committed: int | None = None
) -> Settlement:
    """Each source gets `floor(price × units × share / 10⁶)`, the pool likewise; what rounding leaves is the maker's.

    `duration` is the quoted one, `committed` that of the piece where it is shorter. Raises InvalidInput unless
    `shares` (of the inference set) and `base_share` are non-negative and sum to one million.
    """
    _check_shares(rates.works, shares, base_share)
    played = duration if committed is None else committed
    if played > duration:
        raise InvalidInput(f"The piece lasts {played} seconds, longer than the {duration} that were paid for.")
    paid = _parts(rates.prices, rates.through, played, shares)
    pool = rates.base_rate * units(played) * base_share // PPM
    rest = escrow(rates, duration) - sum(paid) - pool - rates.operator_fee
    return Settlement(paid, pool, rates.operator_fee, rest)


def raised(rates: Rates, prices: Sequence[int], duration: int, shares: Sequence[int]) -> tuple[int, ...]:
    """What each source is paid when a finished order is raised to a use with the given prices, one for each source.

    It is the difference to what it had, never less than nothing; `duration` is the committed one.
    """
    before = _parts(rates.prices, rates.through, duration, shares)
    after = _parts(prices, rates.through, duration, shares)
    return tuple(max(0, new - old) for new, old in zip(after, before, strict=True))


def downstream(amount: int, shares: Sequence[int], percentages: Sequence[int], through: Sequence[int] = ()) -> Revenue:
    """Divides later revenue: `floor(amount × share × downstream / 10¹²)` to each source, the rest to the maker.

    `percentages` (ppm) are one for each source; a composition has its recording's share.
    """
    rows = zip(_all_shares(shares, through), percentages, strict=True)
    paid = tuple(amount * share * percentage // PPM**2 for share, percentage in rows)
    return Revenue(paid, amount - sum(paid))


def refund_penalty(escrowed: int) -> int:
    """What an order that was not delivered costs its operator's bond, to the maker."""
    return escrowed * REFUND_PENALTY // PPM


def _parts(prices: Sequence[int], through: Sequence[int], duration: int, shares: Sequence[int]) -> tuple[int, ...]:
    count = units(duration)
    rows = zip(prices, _all_shares(shares, through), strict=True)
    return tuple(price * count * share // PPM for price, share in rows)


def _all_shares(shares: Sequence[int], through: Sequence[int]) -> list[int]:
    """The shares of the inference set, then of the compositions."""
    return [*shares, *(shares[_recording(place, len(shares))] for place in through)]


def _recording(place: int, works: int) -> int:
    """The index of a composition's recording. Raises InvalidInput where there is none."""
    if not 1 <= place <= works:
        raise InvalidInput(f"A composition is used through work {place} of {works}.")
    return place - 1


def _check_shares(works: int, shares: Sequence[int], base_share: int) -> None:
    if (given := sum(shares) + base_share) != PPM or len(shares) != works:
        raise InvalidInput(f"Shares sum to {given} ppm, not {PPM}, or are not one for each source.")
    if min([*shares, base_share]) < 0:
        raise InvalidInput("A share is negative.", "Shares are parts per million, 0 to 1,000,000.")
