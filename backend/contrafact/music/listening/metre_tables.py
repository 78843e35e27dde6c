"""What is known of metres: where in a bar notes begin, how long until the next, and where a melody leaps.

Counted by `scripts/make_metre_tables.py` in the training tunes of the pack, none of which is a variant of a catalogue
work. 2/2 is counted with 4/4, and 12/8 with 6/8: their notes lie alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from contrafact.music.score import Metre

TABLES_FILE = Path(__file__).parents[1] / "data" / "metre_tables.json"
# The grid of the tables, in ticks: sixteenths, eighth triplets and their halves lie on it.
STEP = 2
LEAP_CLASSES = 6
# How many notes of a place what is true of all places counts for, where a place has few notes.
_GAP_BACKING, _LEAP_BACKING = 20.0, 50.0
_FLOOR = 0.01

Logs = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MetreTable:
    """Natural logarithms. `gaps[p, g]`: the next note comes `g` steps after one at place `p` (the last column: later);
    `leaps[p, c]`: by how much leap class `c` is likelier before a note at `p` than anywhere; `first[p]`: a note is at
    `p`; `share`: tunes of this metre among all."""

    metre: Metre
    share: float
    first: Logs
    gaps: Logs
    leaps: Logs


def leap_class(semitones: int) -> int:
    """Unison, step, third, up to a fifth, less than an octave, or more: 0 … 5."""
    size = abs(semitones)
    return sum(size > limit for limit in (0, 2, 4, 7, 11))


def farthest(metre: Metre) -> int:
    """The last column of `gaps`: two bars, in steps."""
    return 2 * metre.ticks // STEP


@cache
def metre_tables() -> tuple[MetreTable, ...]:
    """The tables of all metres that are looked for; read once a process."""
    entries = json.loads(TABLES_FILE.read_text())["metres"]
    tunes = sum(entry["tunes"] for entry in entries)
    return tuple(_table(entry, tunes) for entry in entries)


def _table(entry: dict[str, Any], tunes: int) -> MetreTable:
    metre = Metre(*entry["metre"])
    places = metre.ticks // STEP
    gaps = _counts(entry["gaps"], places, farthest(metre) + 1)
    leaps = _counts(entry["leaps"], places, LEAP_CLASSES) + 1.0
    at = gaps.sum(axis=1) + 1.0
    backing = _distribution(gaps + _FLOOR)
    likely = (gaps + _GAP_BACKING * backing) / (gaps.sum(axis=1, keepdims=True) + _GAP_BACKING)
    usual = _distribution(leaps)
    there = (leaps + _LEAP_BACKING * usual) / (leaps.sum(axis=1, keepdims=True) + _LEAP_BACKING)
    first = np.log(at / at.sum())
    return MetreTable(metre, float(np.log(entry["tunes"] / tunes)), first, np.log(likely), np.log(there / usual))


def _distribution(counts: Logs) -> Logs:
    total: Logs = counts.sum(axis=0) / counts.sum()
    return total


def _counts(rows: dict[str, dict[str, int]], height: int, width: int) -> Logs:
    table = np.zeros((height, width))
    for row, cells in rows.items():
        for column, count in cells.items():
            table[int(row), int(column)] = count
    return table
