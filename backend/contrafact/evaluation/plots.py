"""Plots of an evaluation as inline SVG, in the colours of the page around them, dark or light."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Matplotlib writes these colours, the page replaces them by its own.
_INK, _MARK = "#010203", "#040506"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
Series = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Scatter:
    """Two series of equal length against each other; `equal` draws the line on which they are the same."""

    title: str
    x: str
    y: str
    x_label: str
    y_label: str
    equal: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The series that it is made of."""
        return (self.x, self.y)

    def draw(self, axes: Axes, series: Series) -> None:
        x, y = series[self.x], series[self.y]
        axes.scatter(x, y, s=14, color=_MARK, alpha=0.6, linewidths=0)
        if self.equal:
            ends = [min(*x, *y), max(*x, *y)]
            axes.plot(ends, ends, color=_INK, linewidth=0.8, linestyle="--")


@dataclass(frozen=True)
class Histogram:
    """How often each value of a series occurs; `whole` for values that are whole numbers."""

    title: str
    x: str
    x_label: str
    y_label: str = "pieces"
    whole: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The series that it is made of."""
        return (self.x,)

    def draw(self, axes: Axes, series: Series) -> None:
        values = series[self.x]
        low, high = min(values), max(values)
        bins = [low - 0.5 + k for k in range(int(high - low) + 2)] if self.whole and high - low <= 40 else 20
        axes.hist(values, bins=bins, color=_MARK, rwidth=0.9)


@dataclass(frozen=True)
class Bars:
    """A value for each name, names from top to bottom as they come."""

    title: str
    names: str
    x: str
    x_label: str
    y_label: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The series that it is made of."""
        return (self.names, self.x)

    def draw(self, axes: Axes, series: Series) -> None:
        names, values = list(series[self.names]), list(series[self.x])
        axes.barh(names[::-1], values[::-1], color=_MARK)
        axes.axvline(0, color=_INK, linewidth=0.8)


Plot = Scatter | Histogram | Bars


def picture(plot: Plot, series: Series) -> Markup:
    """The plot as an `svg` element; the same bytes for the same series."""
    # Names of clip paths are hashed with a salt: several pictures stand in one page.
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": plot.title}):
        figure = Figure(figsize=(5.2, 3.6), layout="constrained")
        axes = figure.add_subplot()
        plot.draw(axes, series)
        axes.set_xlabel(plot.x_label)
        axes.set_ylabel(plot.y_label)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return Markup(_coloured(file.getvalue(), plot.title))  # labels are our own, the rest is numbers


def _coloured(svg: str, title: str) -> str:
    body = svg[svg.index("<svg") :].replace(_INK, "var(--ink)").replace(_MARK, "var(--mark)")
    return body.replace("<svg", f'<svg role="img" aria-label="{Markup.escape(title)}"', 1)
