"""Shares over time: for each bar a column, the base at the bottom and the sources above it, in the roll's scale."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from markupsafe import Markup

from contrafact.domain.shares import largest_remainder
from contrafact.gallery.grid import TOP, Grid, box, colour, label, path

HEIGHT = 800
"""Height of a whole bar."""


def shares_svg(by_bar: Sequence[Sequence[int] | None], grid: Grid, name: str) -> Markup:
    """The picture, read aloud as `name`. `by_bar` has the shares of each bar in ppm, base first; None for silence."""
    columns = [(bar, largest_remainder(row, HEIGHT)) for bar, row in enumerate(by_bar) if row is not None]
    width = max((len(row) for _, row in columns), default=0)
    bottom = TOP + HEIGHT
    drawn = [path(colour(k), [_cell(grid, bar, heights, k) for bar, heights in columns if heights[k]])
             for k in range(width)]  # fmt: skip
    scale = [label(0, TOP + 60, "100 %"), label(0, bottom, "0 %")]
    return grid.picture(bottom + 20, name, [*drawn, grid.lines(bottom), grid.numbers(), *scale])


def _cell(grid: Grid, bar: int, heights: Sequence[int], component: int) -> str:
    below = list(accumulate(heights))[component]
    x = grid.bar_x(bar)
    return box(x, TOP + HEIGHT - below, grid.bar_x(bar + 1) - x, heights[component])
