"""The bass line: roots near the note before, thirds where they make a step, and what lies between two of them."""

from __future__ import annotations

from contrafact.music.arranging.chords import SCALES, Chord

LOWEST, HIGHEST = 40, 60  # E2 to C4
_CENTRE = 47
_STEP = 2


def bass_note(chord: Chord, tonic: int, before: int | None, *, cadence: bool) -> int:
    """The bass of a chord as a MIDI pitch: its root, or the third of a triad where that is a step and no cadence."""

    def cost(pitch: int) -> tuple[int, int]:
        inverted = (pitch - tonic - chord.root) % 12 != 0
        leap = abs(pitch - before) if before is not None else 0
        return 2 * leap + abs(pitch - _CENTRE) + 7 * inverted, pitch

    steps = {chord.tones[0]}
    if before is not None and not cadence and len(chord.tones) == 3:
        steps.add(chord.tones[1])
    pitches = [pitch for pitch in range(LOWEST, HIGHEST + 1) if (pitch - tonic) % 12 in steps]
    rooted = [p for p in pitches if (p - tonic) % 12 == chord.root or abs(p - (before or 0)) <= _STEP]
    return min(rooted, key=cost)


def weak_note(chord: Chord, tonic: int, mode: str, now: int, then: int | None) -> int:
    """A note after the bass `now` of a chord: what lies between it and `then`, a third away, else the chord's fifth.

    Under a third in the bass, its root.
    """
    if then is not None and abs(then - now) in (3, 4):
        steps = range(max(now, then) - _STEP, min(now, then) + _STEP + 1)
        passing = [pitch for pitch in steps if (pitch - tonic) % 12 in SCALES[mode]]
        if passing:
            return passing[0]
    other = chord.tones[2] if (now - tonic) % 12 == chord.root else chord.root
    pitches = [pitch for pitch in range(LOWEST, HIGHEST + 1) if (pitch - tonic) % 12 == other]
    return min(pitches, key=lambda pitch: (abs(pitch - now), pitch))
