"""The grid on which the pictures of a piece are drawn: one scale of time, bar lines, phrases of eight bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from contrafact.music.tokens import PHRASE_BARS

LEFT = 360
RIGHT = 20
TOP = 180
# Units of the pictures' coordinates to a pixel; whole numbers keep the page small.
UNIT = 10
# A piece is at least as wide as a page, and a bar is wide enough to see its notes.
_LEAST_WIDTH, _BAR_WIDTH = 9_600, 240


@dataclass(frozen=True, slots=True)
class Grid:
    """Time from left to right, in units. `changes` are the bars (from 0) at which weights change."""

    bars: int
    bar_ticks: int
    changes: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return max(_LEAST_WIDTH, LEFT + self.bars * _BAR_WIDTH + RIGHT)

    def x(self, tick: int) -> int:
        """Where a tick stands."""
        return LEFT + tick * (self.width - LEFT - RIGHT) // (self.bars * self.bar_ticks)

    def bar_x(self, bar: int) -> int:
        """Where a bar begins."""
        return self.x(bar * self.bar_ticks)

    def lines(self, bottom: int) -> Markup:
        """Bar lines, those of phrases stronger, and the places where weights change."""
        bars = range(self.bars + 1)
        phrases = [bar for bar in bars if bar % PHRASE_BARS == 0 or bar == self.bars]
        return Markup("").join(
            (
                _verticals("bar", [self.bar_x(b) for b in bars if b not in phrases], bottom),
                _verticals("phrase", [self.bar_x(b) for b in phrases], bottom),
                _verticals("steer", [self.bar_x(b) for b in self.changes], bottom),
            )
        )

    def numbers(self) -> Markup:
        """The numbers of the bars in which phrases begin."""
        starts = range(0, self.bars, PHRASE_BARS)
        return Markup("").join(label(self.bar_x(bar) + 20, TOP - 50, str(bar + 1)) for bar in starts)

    def picture(self, height: int, name: str, parts: Iterable[Markup]) -> Markup:
        """An `svg` element, read aloud as `name`."""
        template = Markup('<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>')
        size = self.width // UNIT, height // UNIT
        return template.format(name, self.width, height, *size, Markup("").join(parts))


def path(css: str, steps: Sequence[str]) -> Markup:
    """A path of the class `css`; nothing where it would be empty."""
    return Markup('<path class="{}" d="{}"/>').format(css, "".join(steps)) if steps else Markup("")


def box(x: int, y: int, width: int, height: int) -> str:
    """A rectangle as part of a path."""
    return f"M{x} {y}h{width}v{height}h-{width}z"


def label(x: int, y: int, text: str) -> Markup:
    """Small text that begins at (x, y)."""
    return Markup('<text x="{}" y="{}">{}</text>').format(x, y, text)


def colour(component: int) -> str:
    """The class of a component: `c0` for the base, `c1` for the first source, …"""
    return f"c{component}"


def _verticals(css: str, places: Sequence[int], bottom: int) -> Markup:
    return path(css, [f"M{x} {TOP}V{bottom}" for x in places])
