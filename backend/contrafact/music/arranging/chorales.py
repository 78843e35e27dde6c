"""The chorales as harmony: which chord sounds on each beat, and what the soprano sings to it.

Only learning and measuring read chorales; an arranger does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.music.arranging.chords import CHORDS, QUALITIES
from contrafact.music.arranging.grid import Heard
from contrafact.music.pack import PackedTune
from contrafact.music.reading.draft import Sound
from contrafact.music.reading.midifile import read_midi
from contrafact.music.score import TICKS_PER_QUARTER

# A seventh chord is heard as such, and then counted as its triad, but for the dominant seventh.
_SEVENTHS = {"min7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11), "dim7": (0, 3, 6, 9), "half-dim7": (0, 3, 6, 10)}
_HEARD_AS = {"min7": "min", "maj7": "maj", "dim7": "dim", "half-dim7": "dim"}
_SHAPES = {**QUALITIES, **_SEVENTHS}


@dataclass(frozen=True, slots=True)
class Beat:
    """A quarter of a chorale. `chord` is its index in `CHORDS[mode]`, None for a chord that is not there;
    `melody` what the soprano sings; `bar` the number of its bar, `place` its number in the bar."""

    bar: int
    place: int
    strong: bool
    chord: int | None
    melody: tuple[Heard, ...]


def beats_of(tune: PackedTune) -> tuple[Beat, ...]:
    """The beats of a four-part chorale of the pack, its pick-up left out."""
    draft = read_midi(tune.file)
    key, full = tune.score.key, tune.score.metre.ticks
    sounds = [sorted(part, key=lambda sound: sound.onset) for part in draft.parts]
    beats = []
    measures = [measure for measure in draft.measures if measure.ticks == full]
    for bar, measure in enumerate(measures):
        for place in range(full // TICKS_PER_QUARTER):
            start = measure.start + place * TICKS_PER_QUARTER
            chord = _chord([_within(part, start) for part in sounds], key.tonic, key.mode)
            strong = place == 0 or (place == 2 and full == 4 * TICKS_PER_QUARTER)
            beats.append(Beat(bar, place, strong, chord, _melody(sounds[0], start, key.tonic)))
    return tuple(beats)


def _within(part: Sequence[Sound], start: int) -> list[tuple[int, int]]:
    """The pitches of a part in the quarter from `start`, with the ticks that each sounds."""
    end = start + TICKS_PER_QUARTER
    cut = ((sound.pitch, min(sound.end, end) - max(sound.onset, start)) for sound in part)
    return [(pitch, ticks) for pitch, ticks in cut if ticks > 0]


def _melody(part: Sequence[Sound], start: int, tonic: int) -> tuple[Heard, ...]:
    end = start + TICKS_PER_QUARTER
    inside = [sound for sound in part if sound.end > start and sound.onset < end]
    return tuple(Heard(s.pitch - 60 - tonic, min(s.end, end) - max(s.onset, start), s.onset <= start) for s in inside)


def _chord(parts: Sequence[Sequence[tuple[int, int]]], tonic: int, mode: str) -> int | None:
    """The chord of a beat: the one most of whose tones sound for most of the time, the bass as root preferred."""
    weights = [0] * 12
    for part in parts:
        for pitch, ticks in part:
            weights[(pitch - tonic) % 12] += ticks
    if not any(weights):
        return None
    bass = (parts[-1][0][0] - tonic) % 12 if parts[-1] else None
    root, shape = max(
        ((root, shape) for root in range(12) for shape in _SHAPES),
        # Of the roots of a diminished seventh, which all fit alike, the leading note.
        key=lambda found: (_fit(weights, found, bass), -len(_SHAPES[found[1]]), found[0] == 11, -found[0]),
    )
    quality = _HEARD_AS.get(shape, shape)
    kinds = [(chord.root, chord.quality) for chord in CHORDS[mode]]
    # A dominant seventh on another degree is counted as the triad there, if that is a chord of the mode.
    for name in (quality, "maj") if quality == "dom7" else (quality,):
        if (root, name) in kinds:
            return kinds.index((root, name))
    return None


def _fit(weights: Sequence[int], found: tuple[int, str], bass: int | None) -> int:
    """Ticks of chord tones less ticks of others, less what is missing; a third of a beat for a root in the bass."""
    root, shape = found
    tones = {(root + step) % 12 for step in _SHAPES[shape]}
    inside = sum(weights[tone] for tone in tones)
    missing = sum(weights[tone] == 0 for tone in tones)
    rooted = TICKS_PER_QUARTER // 3 if bass == root else 0
    return inside - (sum(weights) - inside) - missing * TICKS_PER_QUARTER // 3 + rooted
