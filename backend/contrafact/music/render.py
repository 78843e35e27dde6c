"""Notes to sound, and the sound apart by source.

Rendering is additive by definition here: every note is rendered apart, the mix is the sum of its notes, and
the stem of a source is the same sum with each note weighted by the part of it that is the source's
(its responsibility). So the stems add up to the mix, exactly, and a rights holder hears what was paid for.

Sums are whole numbers (`summing`); one factor, in 1/1024, brings mix and stems to the loudness of `loudness`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.domain.shares import PPM
from contrafact.music.loudness import CEILING_DBTP, FACTOR_UNIT, TARGET_LUFS, factor_of
from contrafact.music.midi import PlayedNote
from contrafact.music.note_sound import CHANNELS, REFERENCE_VELOCITY, SAMPLE_RATE, Pcm, sound_identity
from contrafact.music.summing import GAIN_UNIT, Sounding, frames_at, layers, place

__all__ = ["SAMPLE_RATE", "Mixdown", "Pcm", "Rendering", "frames_at", "render_mix", "render_stems", "renderer_identity"]

_FULL_SCALE = 32_768
# The loudest that a stem can be in 16 bits, half a step of rounding on either side taken off.
_STEM_LIMIT = _FULL_SCALE - 2


@dataclass(frozen=True, slots=True)
class Rendering:
    """16-bit sound, shape (frames, 2) each. The stems add up to the mix, sample for sample, in whole numbers.

    `factor` is what the summed notes were multiplied by, in the mix and the stems alike, in 1/1024.
    """

    mix: Pcm
    stems: tuple[Pcm, ...]
    factor: int
    sample_rate: int = SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Mixdown:
    """Notes whose factor is known, ready to be turned into PCM piece by piece, so that memory stays small.

    `weights` has a row for each running sum of stems, in ppm; the last row is the mix. There are `stems` stems.
    """

    sounds: tuple[Sounding, ...]
    weights: npt.NDArray[np.int64]
    stems: int
    factor: int

    @classmethod
    def of(cls, notes: Sequence[PlayedNote], shares: Sequence[Sequence[int]], tempo: int) -> Mixdown:
        """Places the notes and measures their loudness. Raises as `render_stems` does."""
        table = _checked(notes, shares)
        sounds = tuple(place(note, tempo) for note in notes)
        running = np.cumsum(table, axis=1).T if table.size else np.full((1, len(notes)), PPM)
        return cls(sounds, running, table.shape[1], _factor(sounds))

    @property
    def frames(self) -> int:
        """Length of the mix, and of every stem."""
        return max(sound.stop for sound in self.sounds)

    def pcm(self) -> Iterator[tuple[Pcm, Pcm]]:
        """From beginning to end: (mix, stems) of shapes (frames, 2) and (stems, frames, 2).

        A stem is the difference of two rounded running sums, so that rounding errors cancel in total.
        """
        scale = self.factor / (FACTOR_UNIT * GAIN_UNIT * PPM)
        for _, active, rows in layers(self.sounds):
            sums = self.weights[:, active].astype(np.float64) @ rows
            levels = np.rint(sums * scale).transpose(1, 2, 0)
            mix = _to_pcm(levels[-1])
            levels[1:] -= levels[:-1].copy()
            yield mix, _to_pcm(levels[: self.stems])


def render_mix(notes: Sequence[PlayedNote], tempo: int) -> Rendering:
    """The sound of the notes at `tempo` quarters a minute, without stems."""
    return render_stems(notes, [()] * len(notes), tempo)


def render_stems(notes: Sequence[PlayedNote], shares: Sequence[Sequence[int]], tempo: int) -> Rendering:
    """The mix of all notes and, for each k, the stem in which note i has the gain `shares[i][k]` ppm.

    The shares of a note sum to 10⁶; give an empty sequence for each note to have no stems.
    Raises `ValueError` if they do not, or if there are no notes; InvalidInput if too many notes sound at once.
    """
    mixdown = Mixdown.of(notes, shares, tempo)
    mixes, stems = zip(*mixdown.pcm(), strict=True)
    return Rendering(np.concatenate(mixes), tuple(np.concatenate(stems, axis=1)), mixdown.factor)


def renderer_identity() -> dict[str, str | int]:
    """What must be the same for a replay to give the same PCM; stands in the attribution record."""
    return {
        **sound_identity(),
        "reference_velocity": REFERENCE_VELOCITY,
        "loudness": f"{TARGET_LUFS:g} LUFS (ITU-R BS.1770-4)",
        "true_peak": f"{CEILING_DBTP:g} dBTP",
        "factor": f"1/{FACTOR_UNIT}",
    }


def _checked(notes: Sequence[PlayedNote], shares: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
    if not notes:
        raise ValueError("there are no notes to render")
    if len(shares) != len(notes):
        raise ValueError(f"{len(notes)} notes need as many rows of shares, not {len(shares)}")
    if any(len(row) != len(shares[0]) for row in shares):
        raise ValueError("the notes do not all have the same number of shares")
    table = np.array(shares, np.int64).reshape(len(notes), -1)
    if table.size and (table.min() < 0 or (table.sum(1) != PPM).any()):
        raise ValueError(f"the shares of a note must not be negative and must sum to {PPM}")
    return table


def _factor(sounds: Sequence[Sounding]) -> int:
    """The factor for the loudness wanted, at which neither the mix nor any stem, whatever the shares, can clip.

    A stem is loudest where it holds all that pulls one way at a moment, and nothing that pulls the other.
    """
    total = np.zeros((max(sound.stop for sound in sounds), CHANNELS))
    loudest = 0.0
    for begin, _, rows in layers(sounds):
        sums = rows.sum(1)
        either_way = np.abs(rows, out=rows).sum(1) + np.abs(sums)
        loudest = max(loudest, float(either_way.max()) / 2)
        total[begin : begin + sums.shape[1]] = sums.T
    total /= GAIN_UNIT * _FULL_SCALE
    limit = _STEM_LIMIT * GAIN_UNIT / loudest if loudest else 1.0
    return factor_of(total, SAMPLE_RATE, limit)


def _to_pcm(samples: npt.NDArray[np.float64]) -> Pcm:
    """As 16-bit integers. Raises `OverflowError` rather than clip, which the choice of the factor rules out."""
    if samples.max(initial=0) >= _FULL_SCALE or samples.min(initial=0) < -_FULL_SCALE:
        raise OverflowError("a sample does not fit into 16 bits")
    return samples.astype(np.int16)
