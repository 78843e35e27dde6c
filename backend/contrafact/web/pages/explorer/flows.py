"""A Sankey diagram laid out for a template: nodes in columns, and bands as wide as the money that flows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, NODE, GAP, TOP = 960, 14, 30, 8
NARROW = 440
"""The width for a phone, where labels could not be read in a picture of three columns."""
HEIGHT = 300
"""What all money of the fullest column is high, without the gaps."""
THINNEST = 1.5
LABEL = 34
"""Characters of a label; the whole name is in the node's title."""


@dataclass(frozen=True, slots=True)
class Band:
    """`units` that went from one node to another, each known by a key of its own."""

    start: str
    end: str
    units: int
    colour: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node where it is drawn."""

    name: str
    amount: str
    colour: str
    x: int
    y: float
    height: float

    @property
    def label(self) -> str:
        """The name, cut where it is too long for the picture; it stands right of the node."""
        return self.name if len(self.name) <= LABEL else f"{self.name[: LABEL - 1].rstrip()}…"

    @property
    def label_x(self) -> int:
        return self.x + NODE + 8


@dataclass(frozen=True, slots=True)
class Path:
    d: str
    width: float
    colour: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    nodes: tuple[Node, ...]
    paths: tuple[Path, ...]


def pictures(
    bands: Sequence[Band], names: Mapping[str, str], text: Callable[[int], str], addresses: Mapping[str, str]
) -> tuple[Picture, ...]:
    """The bands, which lead from the left to the right, as a wide picture, and as a narrow one of the columns between
    which money divides first; none where nothing flows.

    `names` are those of the nodes by their keys, `text` writes an amount; `addresses` are of nodes that have both.
    """
    flowing = [band for band in bands if band.units > 0]
    if not flowing:
        return ()
    starts = {band.start for band in flowing} - {band.end for band in flowing}
    first = [band for band in flowing if band.start in starts]
    rest = [band for band in flowing if band not in first]
    divided = first if len(first) > 1 or not rest else rest
    labels = {key: (name, addresses.get(key, "")) for key, name in names.items()}
    return _picture(flowing, labels, text, WIDTH), _picture(divided, labels, text, NARROW)


def _picture(
    flowing: Sequence[Band], labels: Mapping[str, tuple[str, str]], text: Callable[[int], str], width: int
) -> Picture:
    columns = _columns(flowing)
    sizes = {key: _size(flowing, key) for keys in columns for key in keys}
    scale = HEIGHT / max(sum(sizes[key] for key in keys) for keys in columns)
    ends = {band.end for band in flowing} - {band.start for band in flowing}
    colours = {band.end: band.colour for band in flowing if len(columns) < 3 or band.end not in ends}
    nodes: dict[str, Node] = {}
    for place, keys in enumerate(columns):
        x, y = _x(place, len(columns) - 1, width), float(TOP)
        for key in keys:
            size = max(THINNEST, sizes[key] * scale)
            name, address = labels[key]
            amount = f"{text(sizes[key])} · {address}" if address else text(sizes[key])
            nodes[key] = Node(name, amount, colours.get(key, "plain"), x, round(y, 1), round(size, 1))
            y += max(size, GAP) + 8
    height = max(node.y + max(node.height, GAP) for node in nodes.values()) + TOP
    return Picture(width, round(height), tuple(nodes.values()), tuple(_paths(flowing, nodes, scale, text)))


def _x(place: int, last: int, width: int) -> int:
    """Where a column stands: labels of the last one need room at its right."""
    part = 0.4 if width == NARROW else 0.74 if last > 1 else 0.6
    return round((width - NODE) * place / last * part)


def _columns(bands: Sequence[Band]) -> list[list[str]]:
    """Names by their distance from the first ones, each where it first appears."""
    depth: dict[str, int] = {}
    for band in bands:
        depth.setdefault(band.start, 0)
        depth[band.end] = max(depth.get(band.end, 0), depth[band.start] + 1)
    columns: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name, place in depth.items():
        columns[place].append(name)
    return columns


def _size(bands: Sequence[Band], name: str) -> int:
    come = sum(band.units for band in bands if band.end == name)
    return max(come, sum(band.units for band in bands if band.start == name))


def _paths(bands: Sequence[Band], nodes: dict[str, Node], scale: float, text: Callable[[int], str]) -> list[Path]:
    leaves: dict[str, float] = defaultdict(float)
    arrives: dict[str, float] = defaultdict(float)
    found = []
    for band in bands:
        start, end, width = nodes[band.start], nodes[band.end], max(THINNEST, band.units * scale)
        y1, y2 = start.y + leaves[band.start] + width / 2, end.y + arrives[band.end] + width / 2
        leaves[band.start] += band.units * scale
        arrives[band.end] += band.units * scale
        x1, x2 = start.x + NODE, end.x
        middle = (x1 + x2) / 2
        d = f"M{x1},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2},{y2:.1f}"
        found.append(Path(d, round(width, 1), band.colour, f"{start.name} → {end.name}: {text(band.units)}"))
    return found
