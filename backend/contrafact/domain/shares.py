"""Shares: integers in parts per million that sum exactly to the whole."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.errors import InvalidInput

PPM = 1_000_000


def largest_remainder(parts: Sequence[int], total: int = PPM) -> tuple[int, ...]:
    """`total` divided in proportion to `parts` (non-negative integers), summing exactly to `total`.

    Hamilton's method; equal remainders go to the lower index. Not monotone in `total`: never use it on
    running totals of money. Raises InvalidInput when every part is zero or one is negative.
    """
    whole = sum(parts)
    if whole <= 0 or min(parts) < 0:
        raise InvalidInput("Shares need non-negative parts, at least one of them above zero.")
    floors = [part * total // whole for part in parts]
    remainders = [part * total % whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return tuple(floors)


def default_min_share(weight: int, max_base_share: int) -> int:
    """The lowest share a source may be committed with: half its weight of what is not base, in ppm."""
    return weight * (PPM - max_base_share) // (2 * PPM)


def percent(ppm: int) -> str:
    """Parts per million as a percentage, exactly: `33.3%`, `0.0001%`."""
    return f"{ppm * 100 / PPM:g}%"
