"""The chords that an accompaniment is made of, named by their degree and told from the tonic, not from C."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

# Semitones above the root.
QUALITIES = {"maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "dom7": (0, 4, 7, 10)}

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}


@dataclass(frozen=True)
class Chord:
    """A chord by its degree: `root` in semitones from the tonic, `quality` one of `QUALITIES`."""

    name: str
    root: int
    quality: str

    @cached_property
    def tones(self) -> tuple[int, ...]:
        """Root, third, fifth (and seventh) as pitch classes from the tonic, 0 to 11."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])


def _chords(table: str) -> tuple[Chord, ...]:
    rows = (row.split(":") for row in table.split())
    return tuple(Chord(name, int(root), quality) for name, root, quality in rows)


# The triads of the scale, the dominant seventh, and what else is usual in the mode: in major the dominants of V
# and vi, in minor both forms of IV and V.
CHORDS = {
    "major": _chords("I:0:maj ii:2:min iii:4:min IV:5:maj V:7:maj V7:7:dom7 vi:9:min vii°:11:dim V/V:2:maj V/vi:4:maj"),
    "minor": _chords(
        "i:0:min ii°:2:dim III:3:maj iv:5:min IV:5:maj v:7:min V:7:maj V7:7:dom7 VI:8:maj VII:10:maj vii°:11:dim"
    ),
    "dorian": _chords("i:0:min ii:2:min III:3:maj IV:5:maj v:7:min VII:10:maj"),
    "mixolydian": _chords("I:0:maj ii:2:min IV:5:maj v:7:min V:7:maj vi:9:min VII:10:maj"),
}
# What leads home. In the folk modes, which have no leading note, the chord below the tonic does it as well.
DOMINANTS = {
    "major": ("V", "V7"),
    "minor": ("V", "V7"),
    "dorian": ("v", "VII"),
    "mixolydian": ("v", "VII"),
}


def tonic_of(mode: str) -> Chord:
    return CHORDS[mode][0]
