"""The sound of a piece while it is still being made: bar by bar, the tails of earlier notes running on into later bars.

The sums are those of the whole (`summing`), cut at the bar lines. Their loudness is not known before the end, so the
factor is fixed; the delivered piece differs from what was streamed by one factor and by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from contrafact.domain.generation import EventNote
from contrafact.music.loudness import FACTOR_UNIT
from contrafact.music.note_sound import CHANNELS, Pcm
from contrafact.music.renderer import played
from contrafact.music.summing import GAIN_UNIT, Layers, Sounding, add, frames_at, place, require_exact

# In 1/1024: +9 dB, a few decibels below what the mixes measured for record 0014 were delivered at.
STREAM_FACTOR = 2_886


class StreamRenderer:
    """Gives each bar's sound once its notes are known. `clipped` counts the samples that had to be cut to 16 bits."""

    def __init__(self, tempo: int, programs: Mapping[str, int] | None = None, factor: int = STREAM_FACTOR) -> None:
        """`programs` as for `SoundfontRenderer.render`; `factor` in 1/1024."""
        self._tempo, self._programs, self._factor = tempo, programs, factor
        self._ringing: list[Sounding] = []
        self._frame = 0
        self.clipped = 0

    def bar(self, notes: Sequence[EventNote], end: int) -> Pcm:
        """The sound from the end of the bar before to the tick `end`, shape (frames, 2); `notes` begin in between.

        Raises `ValueError` for a note that begins earlier or later; InvalidInput as `SoundfontRenderer.render` does.
        """
        return self._to_pcm(self.sums(notes, end))

    def finish(self) -> Pcm:
        """What still sounds after the last bar, shape (frames, 2), possibly none."""
        return self._to_pcm(self._advance(max([self._frame, *(sound.stop for sound in self._ringing)])))

    def sums(self, notes: Sequence[EventNote], end: int) -> Layers:
        """As `bar`, before the factor: whole numbers in float64, shape (2, frames)."""
        stop = frames_at(end, self._tempo)
        tracks = played(notes, self._programs)
        new = [place(note, self._tempo) for track in tracks.values() for note in track]
        if any(not self._frame <= sound.start < max(stop, 1) for sound in new):
            raise ValueError(f"a note does not begin in the bar that ends at tick {end}")
        self._ringing += new
        return self._advance(stop)

    def _advance(self, stop: int) -> Layers:
        require_exact(self._ringing)
        sums = np.zeros((CHANNELS, max(stop - self._frame, 0)))
        for sound in self._ringing:
            add(sums, sound, self._frame)
        self._frame += sums.shape[1]
        self._ringing = [sound for sound in self._ringing if sound.stop > self._frame]
        return sums

    def _to_pcm(self, sums: Layers) -> Pcm:
        samples = np.rint(sums.T * (self._factor / (FACTOR_UNIT * GAIN_UNIT)))
        self.clipped += int(((samples > 32_767) | (samples < -32_768)).sum())
        pcm: Pcm = np.clip(samples, -32_768, 32_767).astype(np.int16)
        return pcm
