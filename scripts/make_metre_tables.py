#!/usr/bin/env python3
"""Counts where notes begin in the bars of the pack's training tunes: `music/data/metre_tables.json`.

Run from the root: `.venv/bin/python scripts/make_metre_tables.py`. The same pack gives the same file.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise

from contrafact.music.listening.metre_tables import STEP, TABLES_FILE, farthest, leap_class
from contrafact.music.pack import load_pack
from contrafact.music.score import Metre, Note, Score

METRES = ((2, 4), (3, 4), (4, 4), (6, 8), (9, 8))
COUNTED_WITH = {(2, 2): (4, 4), (12, 8): (6, 8)}


def main() -> None:
    by_metre: dict[tuple[int, int], list[Score]] = defaultdict(list)
    for tune in load_pack().by_role("train"):
        metre = (tune.score.metre.beats, tune.score.metre.unit)
        by_metre[COUNTED_WITH.get(metre, metre)].append(tune.score)
    entries = [counted(Metre(*metre), by_metre[metre]) for metre in METRES]
    TABLES_FILE.write_text(json.dumps({"step_ticks": STEP, "metres": entries}, sort_keys=True) + "\n")
    print(f"{TABLES_FILE.name}: {TABLES_FILE.stat().st_size} bytes, {sum(len(s) for s in by_metre.values())} tunes")


def counted(metre: Metre, scores: list[Score]) -> dict[str, object]:
    gaps: dict[int, Counter[int]] = defaultdict(Counter)
    leaps: dict[int, Counter[int]] = defaultdict(Counter)
    for score in scores:
        for one, other in pairwise(melody(score)):
            place, next_place = (note.onset % metre.ticks // STEP for note in (one, other))
            gaps[place][min((other.onset - one.onset) // STEP, farthest(metre))] += 1
            leaps[next_place][leap_class(other.pitch - one.pitch)] += 1
    return {"metre": [metre.beats, metre.unit], "tunes": len(scores), "gaps": plain(gaps), "leaps": plain(leaps)}


def melody(score: Score) -> list[Note]:
    """The notes with onsets from the bar line before the first bar, which may be a pick-up."""
    start = score.metre.ticks - score.bars[0].ticks
    notes = []
    for bar in score.bars:
        notes += [Note(start + note.onset, note.duration, note.pitch) for note in bar.notes]
        start += bar.ticks
    return notes


def plain(table: dict[int, Counter[int]]) -> dict[str, dict[str, int]]:
    return {str(row): {str(k): count for k, count in sorted(cells.items())} for row, cells in sorted(table.items())}


if __name__ == "__main__":
    main()
