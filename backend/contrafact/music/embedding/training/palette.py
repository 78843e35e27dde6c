"""What single notes look like: band powers of each note of some instruments, from the project's own note sounds.

A view of a tune is added up from these, some milliseconds of work instead of the tenth of a second that rendering and
analysing it takes; powers are added, so what tones do to each other's phases is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from contrafact.music.embedding.spectrum import RATE, at_rate, band_power
from contrafact.music.note_sound import SAMPLE_RATE, note_sound

FINE_HOP = 200  # samples between the frames of a note: 12.5 ms
FRAMES_A_SECOND = RATE / FINE_HOP
LOW, HIGH = 28, 103  # MIDI pitches that can be played
_HELD = 2.0  # seconds that a note is held; longer ones stay as they are at their end
_DRUMS = (35, 36, 37, 38, 39, 40, 42, 44, 46, 49, 51, 54, 56, 69, 70, 75, 76, 77)
# Instruments of training. Violin, accordion, banjo and oboe are kept for the tests.
MELODIC = (0, 4, 6, 10, 11, 13, 16, 19, 22, 24, 25, 41, 46, 48, 52, 56, 60, 64, 71, 72, 73, 74, 79, 80)
HARMONIC = (0, 4, 6, 16, 19, 24, 25, 46, 48, 52)
BASSES = (0, 32, 33, 19)
PROGRAMS = tuple(sorted({*MELODIC, *HARMONIC, *BASSES}))

Powers = npt.NDArray[np.float32]


class Palette:
    """Band powers by instrument and pitch; `drums` is the instrument of that name."""

    drums = -1

    def __init__(self, programs: Sequence[int] = PROGRAMS, low: int = LOW, high: int = HIGH) -> None:
        """Renders each note once: a minute for all instruments."""
        self.low, self.high = low, high
        melodic = {(program, pitch): False for program in programs for pitch in range(low, high + 1)}
        wanted = melodic | {(self.drums, pitch): True for pitch in _DRUMS}
        self._place = {name: i for i, name in enumerate(wanted)}
        self._powers = np.stack([_power(pitch, max(program, 0), drums) for (program, pitch), drums in wanted.items()])

    @classmethod
    def kept(cls, file: Path) -> Palette:
        """The palette of training, from `file` if it is there, else made and kept there."""
        if not file.exists():
            np.save(file, cls()._powers)
        found = cls.__new__(cls)
        names = [(program, pitch) for program in PROGRAMS for pitch in range(LOW, HIGH + 1)]
        names += [(cls.drums, pitch) for pitch in _DRUMS]
        found.low, found.high, found._powers = LOW, HIGH, np.load(file, mmap_mode="r")
        found._place = {name: i for i, name in enumerate(names)}
        return found

    def note(self, program: int, pitch: int) -> Powers:
        """Shape (frames, BANDS), the loudest frame of power 1; a drum that is not in the palette is the snare."""
        power: Powers = self._powers[self._place.get((program, pitch), self._place[self.drums, 38])]
        return power


def _power(pitch: int, program: int, drums: bool) -> Powers:
    """Of a note held for `_HELD` seconds, shape (frames, BANDS); a short sound is filled up with silence."""
    count = round(_HELD * SAMPLE_RATE)
    pcm = note_sound.__wrapped__(pitch, count, program, drums)[:, :count]
    mono = np.pad(pcm.mean(0, dtype=np.float32), (0, count - pcm.shape[1])) / 32_768
    power: Powers = band_power(at_rate(mono.astype(np.float32), SAMPLE_RATE), FINE_HOP).numpy()
    return power / max(float(power.sum(1).max()), 1e-9)
