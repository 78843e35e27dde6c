"""The way of an order's money as a picture: from its maker, to what it was for, to whose it is. Widths are amounts.

On a phone only the first half of that could be read; the table beside it says the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contrafact.web.pages.order.receipt import Line, Receipt
from contrafact.web.pages.words import percent, short

LEFT = 0
FLOW, ROW, NAMED, GAP, TOP, TALL = 240, 22, 40, 14, 34, 46
MOST_HOLDERS, LONGEST, LETTER = 6, 38, 7


@dataclass(frozen=True, slots=True)
class Columns:
    """Where they stand: the middle one is `bar` wide; `right` is None where there is none."""

    width: int
    middle: int
    bar: int
    right: int | None


WIDE, NARROW = Columns(900, 290, 230, 640), Columns(400, 165, 235, None)


@dataclass(frozen=True, slots=True)
class Band:
    """Money on its way, as an SVG path."""

    path: str
    colour: str


@dataclass(frozen=True, slots=True)
class Word:
    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """To whom money goes; `name` where anything says whose an address is."""

    text: str
    units: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Sankey:
    width: int
    height: float
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    words: tuple[Word, ...]


def sankey(receipt: Receipt, at: Columns = WIDE) -> Sankey:
    """Of a settled order; what got nothing is left out."""
    lines = [line for line in receipt.lines if line.amount and int(line.amount.units)]
    scale = FLOW / max(1, int(receipt.escrow.units))
    bands, boxes, words = [], [Box(LEFT, TOP, 14, FLOW, "ink")], list(_heads(receipt, at))
    start = y = float(TOP)
    for line in lines:
        ends = _ends(line) if at.right else []
        row = NAMED if any(end.name for end in ends) else ROW
        thick = _units(line) * scale
        tall = max(TALL, thick, len(ends) * row)
        top = y + (tall - thick) / 2
        colour = _colour(line)
        bands.append(Band(_band(LEFT + 14, start, at.middle, top, thick), colour))
        boxes.append(Box(at.middle, y, at.bar, tall, colour))
        words += _labels(line, at, y + tall / 2)
        right = at.right or at.width
        for end, place in zip(ends, _places(len(ends), y, tall), strict=True):
            part = end.units * scale
            bands.append(Band(_band(at.middle + at.bar, top, right, place - part / 2, part), colour))
            words += _whose(end, right + 8, place)
            top += part
        start, y = start + thick, y + tall + GAP
    return Sankey(at.width, max(y, TOP + FLOW + GAP), tuple(bands), tuple(boxes), tuple(words))


def _heads(receipt: Receipt, at: Columns) -> Iterator[Word]:
    yield Word(LEFT, 20, f"{receipt.escrow.text} paid in", "strong")
    yield Word(at.middle, 20, "What it was for", "strong")
    if at.right:
        documented = any(part.name and part.name.documented for line in receipt.lines for part in line.holders)
        yield Word(at.right + 8, 20, "Whose it is, as songs’ documents say" if documented else "Whose it is", "strong")


def _labels(line: Line, at: Columns, middle: float) -> Iterator[Word]:
    assert line.amount is not None
    x = at.middle + 16
    share = f" · {percent(line.share)}" if line.share is not None else ""
    yield Word(x, middle - 3, _cut(line.name, at.bar // LETTER), "strong")
    yield Word(x, middle + 15, f"{line.amount.text}{share}", "soft")


def _whose(end: End, x: float, middle: float) -> Iterator[Word]:
    if end.name:
        yield Word(x, middle - 3, _cut(end.name, LONGEST), "strong")
    yield Word(x, middle + (14 if end.name else 5), end.text, "soft" if end.name else "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _ends(line: Line) -> list[End]:
    """To whom a line's money goes: the largest holders one by one, the rest as one."""
    assert line.amount is not None
    if not line.holders:
        units, name = int(line.amount.units), line.name_of.text if line.name_of else ""
        return [End({"pool": "the training pool"}.get(line.kind, short(line.id)), units, name)]
    parts = sorted(line.holders, key=lambda part: -int(part.amount.units))
    ends = [
        End(f"{short(part.holder)}  {part.amount.text}", int(part.amount.units), part.name.text if part.name else "")
        for part in parts[:MOST_HOLDERS]
    ]
    if rest := parts[MOST_HOLDERS:]:
        ends.append(End(f"{len(rest)} more holders", sum(int(part.amount.units) for part in rest)))
    return ends


def _places(count: int, y: float, tall: float) -> list[float]:
    step = tall / max(1, count)
    return [y + step * (place + 0.5) for place in range(count)]


def _units(line: Line) -> int:
    return int(line.amount.units) if line.amount else 0


def _colour(line: Line) -> str:
    return {"source": f"s{line.colour}", "pool": "s0", "operator": "ink", "maker": "plain-money"}[line.kind]


def _band(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    """A band of constant height between two points; a hair line at least, so that no money is invisible."""
    thick, bend = max(thick, 1.0), (x0 + x1) / 2
    there = f"M{x0:.1f},{y0:.1f} C{bend:.1f},{y0:.1f} {bend:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    back = f"C{bend:.1f},{y1 + thick:.1f} {bend:.1f},{y0 + thick:.1f} {x0:.1f},{y0 + thick:.1f}"
    return f"{there} L{x1:.1f},{y1 + thick:.1f} {back} Z"
