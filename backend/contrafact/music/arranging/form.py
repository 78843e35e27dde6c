"""The form of a piece: phrases of eight bars, a half cadence after four, a full one after eight and at the end."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.music.arranging.chords import DOMINANTS, SCALES, Chord, tonic_of
from contrafact.music.arranging.grid import Heard
from contrafact.music.tokens import PHRASE_BARS

HALF_PHRASE = PHRASE_BARS // 2


def phrase_place(bar: int, bars: int) -> int:
    """The bar's number in its phrase of eight, where the last two bars of a piece always stand as the last two."""
    left = bars - 1 - bar
    return PHRASE_BARS - 1 - left if left < 2 else bar % PHRASE_BARS


def closing_chords(mode: str, chords: Sequence[Chord], place: int, final: bool, melody: Sequence[Heard]) -> list[int]:
    """The chords that may end the bar at that place of a phrase; `melody` is what its last slot hears.

    The piece ends on the tonic whatever is heard. Other cadences give way where chords of theirs would hold
    less than half of the slot's melody.
    """
    names: tuple[str, ...] = ()
    if place == PHRASE_BARS - 1:
        names = (tonic_of(mode).name,)
    elif place in (HALF_PHRASE - 1, PHRASE_BARS - 2):
        names = DOMINANTS[mode]
    wanted = [i for i, chord in enumerate(chords) if chord.name in names and (final or _agrees(chord, melody))]
    return wanted or usual_chords(mode, chords, melody)


def usual_chords(mode: str, chords: Sequence[Chord], melody: Sequence[Heard]) -> list[int]:
    """The chords for any other place: no diminished triads, which sound thin when they stand on their root, and no
    note outside the scale that the melody does not sound, but in a dominant."""
    heard = {note.pitch % 12 for note in melody}
    known = heard.union(SCALES[mode])
    usual = [i for i, chord in enumerate(chords) if chord.quality != "dim"]
    return [i for i in usual if chords[i].name in DOMINANTS[mode] or known.issuperset(chords[i].tones)]


def opening_of_last_bar(mode: str, chords: Sequence[Chord]) -> list[int]:
    """The chords of the last bar before it comes home: the tonic or what leads to it."""
    names = (tonic_of(mode).name, *DOMINANTS[mode])
    return [i for i, chord in enumerate(chords) if chord.name in names]


def _agrees(chord: Chord, melody: Sequence[Heard]) -> bool:
    inside = sum(note.ticks for note in melody if note.pitch % 12 in chord.tones)
    return 2 * inside >= sum(note.ticks for note in melody)
