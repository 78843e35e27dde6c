"""Sounds of notes added up, in whole numbers, so that neither order nor blocks nor machine matter.

A note's sound is 16-bit samples times a whole gain for the left and the right, in `GAIN_UNIT`ths. What stands in a sum
is therefore a whole number; all are kept in float64, in which whole numbers below 2⁵³ are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput
from contrafact.music.midi import PlayedNote
from contrafact.music.note_sound import CHANNELS, REFERENCE_VELOCITY, SAMPLE_RATE, Pcm, note_sound
from contrafact.music.score import TICKS_PER_QUARTER

GAIN_UNIT = 1024
_EXACT = 2**53
LONGEST_SECONDS = 900
"""No note ends later: half as long again as the longest piece that can be ordered."""
_BLOCK = 8192

Layers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sounding:
    """A note's sound in its place: it begins at frame `start`; `samples` have the shape (2, frames), `gains` are whole
    numbers for left and right, in `GAIN_UNIT`ths."""

    start: int
    samples: Pcm
    gains: tuple[int, int]

    @property
    def stop(self) -> int:
        """The frame after its last."""
        return self.start + int(self.samples.shape[1])

    @property
    def bound(self) -> int:
        """No sample, times its gain, is larger than this."""
        return 32_768 * max(self.gains)


def frames_at(ticks: int, tempo: int) -> int:
    """The audio frame, to the nearest, at which a tick begins, at `tempo` quarters a minute."""
    return (2 * ticks * 60 * SAMPLE_RATE + tempo * TICKS_PER_QUARTER) // (2 * tempo * TICKS_PER_QUARTER)


def place(note: PlayedNote, tempo: int) -> Sounding:
    """The sound of a note at its time, as loud and as far to a side as its velocity, volume and pan say.

    Amplitude goes with the square of velocity × volume, and power is the same at every pan, as General MIDI recommends.
    Raises InvalidInput for a note that ends later than `LONGEST_SECONDS`, whose sound would fill all memory.
    """
    if frames_at(note.onset + note.duration, tempo) > LONGEST_SECONDS * SAMPLE_RATE:
        raise InvalidInput(f"A note ends later than {LONGEST_SECONDS} seconds.", "Check its onset and duration.")
    level = (note.velocity * note.volume) ** 2 * GAIN_UNIT / (REFERENCE_VELOCITY * 127) ** 2
    right = max(note.pan - 1, 0) / 126
    gains = (round(level * sqrt(2 * (1 - right))), round(level * sqrt(2 * right)))
    samples = note_sound(note.pitch, frames_at(note.duration, tempo), note.program, note.drums)
    return Sounding(frames_at(note.onset, tempo), samples, gains)


def layers(sounds: Sequence[Sounding]) -> Iterator[tuple[int, npt.NDArray[np.intp], Layers]]:
    """All that sounds, block by block: (first frame, which sounds, each of them × gain, shape (2, sounds, frames)).

    Raises InvalidInput where so many notes sound at once that their sum would not be exact.
    """
    starts = np.array([sound.start for sound in sounds])
    stops = np.array([sound.stop for sound in sounds])
    length = int(stops.max())
    for begin in range(0, length, _BLOCK):
        end = min(begin + _BLOCK, length)
        active = np.flatnonzero((starts < end) & (stops > begin))
        yield begin, active, _cut([sounds[i] for i in active.tolist()], begin, end)


def add(sums: Layers, sound: Sounding, begin: int) -> None:
    """Adds the part of a sound that lies within `sums`, shape (2, frames), whose first frame is `begin`."""
    within, samples = _overlap(sound, begin, begin + sums.shape[1])
    sums[:, within] += samples * np.array(sound.gains, np.float64)[:, None]


def require_exact(sounds: Sequence[Sounding]) -> None:
    """Raises InvalidInput if the sounds, all at once, could add up to more than float64 holds exactly."""
    if sum(sound.bound for sound in sounds) * PPM >= _EXACT:
        text = f"{len(sounds)} notes sound at once, too many and too loud to be added exactly."
        raise InvalidInput(text, "Thin the piece out, or lower velocities.")


def _cut(sounds: Sequence[Sounding], begin: int, end: int) -> Layers:
    require_exact(sounds)
    rows = np.zeros((CHANNELS, len(sounds), end - begin))
    for i, sound in enumerate(sounds):
        within, samples = _overlap(sound, begin, end)
        np.multiply(samples, np.array(sound.gains)[:, None], out=rows[:, i, within])
    return rows


def _overlap(sound: Sounding, begin: int, end: int) -> tuple[slice, Pcm]:
    """Where, counted from `begin`, a sound lies between two frames, and its samples there, without their gains."""
    first, last = max(sound.start, begin), min(sound.stop, end)
    return slice(first - begin, last - begin), sound.samples[:, first - sound.start : last - sound.start]
