"""A melody as identification sees it: one note at a time, each with its bar, and short runs of it as keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contrafact.errors import InvalidInput
from contrafact.music.identification.melody_index import Floats, Ints, hashed
from contrafact.music.source_form import SourceForm

RUNS = (6, 8)  # intervals; the shorter ones become too common where works are many
WINDOW = 128  # notes of a file that are looked up together
_KEY_BITS = 47
_NOTE = np.dtype([("onset", "<u4"), ("duration", "<u2"), ("pitch", "i1"), ("bar", "<u2")])


@dataclass(frozen=True)
class Melody:
    """Arrays of shape (n,): onsets and durations in ticks, MIDI pitches (of a known tonic, else from the tonic), and
    bars, from 1."""

    onsets: Ints
    durations: Ints
    pitches: Ints
    bars: Ints

    @classmethod
    def of(cls, form: SourceForm, tonic: int = 0) -> Melody:
        """The notes of a source form; `tonic` is a pitch class."""
        notes, now = [], 0
        for number, bar in enumerate(form.bars, start=1):
            for event in bar:
                if event.pitch is not None:
                    notes.append((now, event.duration, 60 + tonic + event.pitch, number))
                now += event.duration
        return cls._of(notes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Melody:
        """The inverse of `to_bytes`. Raises InvalidInput for other bytes."""
        if len(data) % _NOTE.itemsize:
            raise InvalidInput("These bytes are no melody.", "Build the index again.")
        notes = np.frombuffer(data, _NOTE)
        return cls(*(notes[name].astype(np.int64) for name in ("onset", "duration", "pitch", "bar")))

    def to_bytes(self) -> bytes:
        """Nine bytes a note."""
        notes = np.zeros(len(self), _NOTE)
        notes["onset"], notes["duration"], notes["pitch"], notes["bar"] = (
            self.onsets,
            np.minimum(self.durations, 2**16 - 1),
            self.pitches,
            self.bars,
        )
        return notes.tobytes()

    @classmethod
    def _of(cls, notes: Sequence[tuple[int, int, int, int]]) -> Melody:
        rows = np.array(notes, np.int64).reshape(-1, 4)
        return cls(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])

    def __len__(self) -> int:
        return len(self.pitches)

    @property
    def log_gaps(self) -> Floats:
        """log₂ of the times from onset to onset; the last note's is its duration."""
        gaps = np.append(np.diff(self.onsets), self.durations[-1:])
        return np.log2(np.maximum(gaps, 1).astype(np.float64))

    def part(self, first: int, last: int) -> Melody:
        """The notes from `first` up to `last`, as in a slice."""
        cut = slice(first, last)
        return type(self)(self.onsets[cut], self.durations[cut], self.pitches[cut], self.bars[cut])

    def windows(self) -> list[tuple[int, Melody]]:
        """Overlapping parts of `WINDOW` notes with the note at which each begins; all of a shorter melody."""
        last = max(len(self) - WINDOW, 0)
        starts = sorted({*range(0, last, WINDOW // 2), last})
        return [(start, self.part(start, start + WINDOW)) for start in starts]

    def keys(self) -> tuple[NDArray[np.int64], Ints]:
        """Keys of all runs and the note at which each begins, both of shape (k,); the same in every key and tempo.

        A key is a whole number of at most 47 bits, which SQLite keeps in six bytes.
        """
        intervals = (np.diff(self.pitches) % 12 + 1).astype(np.uint64)
        found = [hashed(intervals, n) >> np.uint64(64 - _KEY_BITS) for n in RUNS]
        keys = np.concatenate(found).astype(np.int64)
        return keys, np.concatenate([np.arange(len(one)) for one in found])
