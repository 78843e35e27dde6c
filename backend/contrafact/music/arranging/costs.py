"""The committed costs of harmony, ready to add up (`contrafact/music/data/harmony.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contrafact.music.arranging.chords import CHORDS, Chord

HARMONY_FILE = Path(__file__).parents[1] / "data" / "harmony.json"

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs in thousandths of a nat, for the chords of a mode in the order of `chords`.

    `strong[a][b]` and `weak[a][b]`: chord b after a at the start of a bar and inside; `start[b]`: b at the very
    beginning; `strong_notes[b][p]` and `weak_notes[b][p]`: pitch class p, from the tonic, over chord b.
    """

    chords: tuple[Chord, ...]
    start: Row
    strong: tuple[Row, ...]
    weak: tuple[Row, ...]
    strong_notes: tuple[Row, ...]
    weak_notes: tuple[Row, ...]


@cache
def costs_of(mode: str) -> Costs:
    """The costs of a mode of the vocabulary. Raises ValueError for another one."""
    if mode not in CHORDS:
        raise ValueError(f"no harmony is known for the mode {mode!r}")
    table = json.loads(HARMONY_FILE.read_text(encoding="utf-8"))["modes"][mode]
    if table["chords"] != [chord.name for chord in CHORDS[mode]]:
        raise ValueError(f"{HARMONY_FILE.name} knows other chords: run scripts/make_harmony.py")
    kinds = ("strong", "weak", "strong_notes", "weak_notes")
    return Costs(CHORDS[mode], tuple(table["start"]), **{k: tuple(tuple(row) for row in table[k]) for k in kinds})
