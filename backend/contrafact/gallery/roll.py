"""The piano roll of a piece, coloured by source.

A note of the melody is split by its responsibilities, the base at the top; a note by rule has the colour of its
largest component, and is pale. Drums stand in rows of their own below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from contrafact.domain.generation import WRITTEN_PARTS, EventNote
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.gallery.grid import LEFT, TOP, Grid, box, colour, label, path
from contrafact.music.levels import DRUMS

ROW = 60
"""Height of a semitone."""
LEAST_SLICE = PPM // 20
"""A smaller part of a note is not drawn; the others take its place."""
# So that the strokes of drums are seen, and repeated notes are apart.
_GAP, _SHORTEST = 12, 24
_OCTAVE = 12


def roll_svg(notes: Sequence[EventNote], grid: Grid, name: str) -> Markup:
    """The picture, read aloud as `name`. Raises ValueError for a piece without notes."""
    if not notes:
        raise ValueError("there are no notes to draw")
    rows = _rows(notes)
    bottom = max(rows.values()) + ROW
    paths: dict[str, list[str]] = defaultdict(list)
    # What accompanies is drawn first, so that it never covers the melody.
    for note in sorted(notes, key=lambda note: note.part in WRITTEN_PARTS):
        for css, part in _drawn(note, grid, rows[_row(note)]):
            paths[css].append(part)
    drawn = [path(css, parts) for css, parts in paths.items()]
    return grid.picture(bottom + 20, name, [*_octaves(rows, grid.width), grid.lines(bottom), grid.numbers(), *drawn])


def slices(responsibilities: Sequence[int]) -> list[tuple[int, int]]:
    """(component, height) of the slices of a note; the heights sum to `ROW`."""
    parts = [part if part >= LEAST_SLICE else 0 for part in responsibilities]
    return [(i, height) for i, height in enumerate(largest_remainder(parts, ROW)) if height]


def _drawn(note: EventNote, grid: Grid, y: int) -> Iterator[tuple[str, str]]:
    """(class, rectangle) of each part of a note."""
    x = grid.x(note.onset)
    width = max(grid.x(note.onset + note.duration) - x - _GAP, _SHORTEST)
    if note.part not in WRITTEN_PARTS:
        largest = max(range(len(note.responsibilities)), key=note.responsibilities.__getitem__)
        yield f"{colour(largest)} pale", box(x, y + 10, width, ROW - 20)
        return
    for component, height in slices(note.responsibilities):
        yield colour(component), box(x, y, width, height)
        y += height


def _row(note: EventNote) -> tuple[bool, int]:
    return note.part == DRUMS, note.pitch


def _rows(notes: Sequence[EventNote]) -> dict[tuple[bool, int], int]:
    """Where each pitch stands: a row for every semitone from the highest to the lowest, then one for each drum."""
    pitches = [note.pitch for note in notes if note.part != DRUMS]
    drums = sorted({note.pitch for note in notes if note.part == DRUMS}, reverse=True)
    highest, lowest = max(pitches, default=0), min(pitches, default=1)
    rows = {(False, pitch): TOP + (highest - pitch) * ROW for pitch in range(highest, lowest - 1, -1)}
    below = TOP + len(rows) * ROW + ROW
    return rows | {(True, drum): below + i * ROW for i, drum in enumerate(drums)}


def _octaves(rows: dict[tuple[bool, int], int], width: int) -> Iterator[Markup]:
    """A line below every C, with its name, and one word for the drums."""
    cs = [(pitch, y) for (drum, pitch), y in rows.items() if not drum and pitch % _OCTAVE == 0]
    yield path("octave", [f"M{LEFT} {y + ROW}H{width}" for _, y in cs])
    yield from (label(0, y + ROW, f"C{pitch // _OCTAVE - 1}") for pitch, y in cs)
    drums = [y for (drum, _), y in rows.items() if drum]
    if drums:
        yield label(0, min(drums) + ROW, "drums")
