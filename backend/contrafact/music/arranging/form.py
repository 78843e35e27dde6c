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


def chords_at(
    mode: str, chords: Sequence[Chord], melody: Sequence[Heard], *, bar: int, bars: int, opens: bool, closes: bool
) -> list[int]:
    """The chords that a slot may have, as indices; it `opens` or `closes` its bar, and hears `melody`.

    A piece begins on the tonic, a half phrase ends on a dominant, a phrase on a dominant and the tonic. This gives
    way where no chord of that kind holds half of the melody; only the last bar comes home whatever is heard.
    """
    names = _wanted(mode, bar, bars, opens, closes)
    final = bar == bars - 1
    wanted = [i for i, chord in enumerate(chords) if chord.name in names and (final or _agrees(chord, melody))]
    return wanted or _usual(mode, chords, melody)


def _wanted(mode: str, bar: int, bars: int, opens: bool, closes: bool) -> tuple[str, ...]:
    place, home = phrase_place(bar, bars), (tonic_of(mode).name,)
    if closes and place == PHRASE_BARS - 1:
        return home
    if closes and place in (HALF_PHRASE - 1, PHRASE_BARS - 2):
        return DOMINANTS[mode]
    if bar == bars - 1:
        return (*home, *DOMINANTS[mode])
    return home if bar == 0 and opens else ()


def _usual(mode: str, chords: Sequence[Chord], melody: Sequence[Heard]) -> list[int]:
    """The chords for any other place: no diminished triads, which sound thin when they stand on their root, and no
    note outside the scale that the melody does not sound, but in a dominant."""
    heard = {note.pitch % 12 for note in melody}
    known = heard.union(SCALES[mode])
    usual = [i for i, chord in enumerate(chords) if chord.quality != "dim"]
    return [i for i in usual if chords[i].name in DOMINANTS[mode] or known.issuperset(chords[i].tones)]


def _agrees(chord: Chord, melody: Sequence[Heard]) -> bool:
    inside = sum(note.ticks for note in melody if note.pitch % 12 in chord.tones)
    return 2 * inside >= sum(note.ticks for note in melody)
