"""Views: how a tune may sound, as band powers: another key, instrument, tempo, accompaniment, room and recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.domain.generation import TICKS_PER_QUARTER, EventNote
from contrafact.errors import InvalidScore
from contrafact.music.embedding.playing import MELODY, with_band
from contrafact.music.embedding.spectrum import BANDS
from contrafact.music.embedding.training.palette import BASSES, FRAMES_A_SECOND, HARMONIC, MELODIC, Palette, Powers
from contrafact.music.embedding.windows import FRAME_S
from contrafact.music.pack import PackedTune

Ints = npt.NDArray[np.int64]
_PARTS = (MELODY, "harmony", "bass", "drums")
_BAND_SHARE = 0.35  # of the views are accompanied
_KEYS = 9  # semitones up or down, at most
_TEMPO = 1.2  # octaves of tempo up or down, at most
_RESIDUAL = 0.19  # … of which a stretch leaves so much
_RELEASE_S = (0.04, 0.25)


@dataclass(frozen=True, slots=True)
class Tune:
    """Notes as rows of part, onset, duration (seconds at the tune's tempo) and pitch, ordered by onset."""

    id: str
    family: str
    notes: npt.NDArray[np.float64]
    seconds: float


def tune_of(packed: PackedTune) -> Tune | None:
    """The tune with its accompaniment, or None if it has no source form."""
    try:
        notes = with_band(packed.score)
    except InvalidScore:
        return None
    tick = 60 / packed.score.tempo / TICKS_PER_QUARTER
    rows = sorted(_row(note, tick) for note in notes)
    table = np.array(rows)[:, [1, 0, 2, 3]]
    return Tune(packed.id, packed.family, table, float((table[:, 1] + table[:, 2]).max()))


def _row(note: EventNote, tick: float) -> tuple[float, float, float, float]:
    return note.onset * tick, _PARTS.index(note.part), note.duration * tick, note.pitch


@dataclass(frozen=True, slots=True)
class Manner:
    """How a view sounds. `programs` of melody, harmony and bass; `tempo` and `frame_s` together say how far the music
    moves from one frame to the next; levels in dB."""

    programs: tuple[int, int, int]
    band: bool
    key: int
    tempo: float
    frame_s: float
    legato: float
    jitter_s: float
    release_s: float
    levels: tuple[float, float, float, float]
    noise: float
    tilt: float
    cut: int
    detune: float
    dropped: float


PLAIN = Manner((73, 24, 33), False, 0, 1.0, FRAME_S, 1.0, 0.0, 0.1, (0, -5, -5, -12), -70, 0, BANDS, 0, 0)


def some_manner(rng: np.random.Generator, freedom: float = 1.0) -> Manner:
    """Any manner. Key, instruments and tempo are always free, everything else as far as `freedom`, 0 to 1, says."""
    tempo = 2 ** rng.uniform(-_TEMPO, _TEMPO)
    return Manner(
        programs=(int(rng.choice(MELODIC)), int(rng.choice(HARMONIC)), int(rng.choice(BASSES))),
        band=bool(rng.random() < _BAND_SHARE * freedom),
        key=int(rng.integers(-_KEYS, _KEYS + 1)),
        tempo=tempo,
        frame_s=FRAME_S / tempo * 2 ** (rng.uniform(-_RESIDUAL, _RESIDUAL) * freedom),
        legato=1 - rng.uniform(-0.05, 0.4) * freedom,
        jitter_s=rng.uniform(0, 0.015) * freedom,
        release_s=rng.uniform(*_RELEASE_S),
        levels=(0.0, rng.uniform(-14, -2), rng.uniform(-12, -1), rng.uniform(-25, -8)),
        noise=-70 + rng.uniform(0, 45) * freedom,
        tilt=rng.uniform(-12, 12) * freedom,
        cut=int(rng.integers(50, BANDS + 1)) if rng.random() < 0.4 * freedom else BANDS,
        detune=rng.uniform(-0.4, 0.4) if rng.random() < 0.5 * freedom else 0.0,
        dropped=rng.uniform(0, 0.06) * freedom,
    )


def view(palette: Palette, tune: Tune, manner: Manner, start: float, frames: int, rng: np.random.Generator) -> Powers:
    """Band powers of shape (frames, BANDS), from `start` seconds on in the tune at its own tempo."""
    power = np.zeros((frames, BANDS), np.float32)
    span = frames * manner.frame_s * manner.tempo
    for part, onset, duration, pitch in _heard(tune, manner, start, span, rng):
        _add(power, palette, manner, (int(part), onset, duration, int(pitch)), rng)
    return _recorded(power, manner, rng)


def _heard(
    tune: Tune, manner: Manner, start: float, span: float, rng: np.random.Generator
) -> Sequence[Sequence[float]]:
    """The notes that sound from `start` on, with onsets and durations in seconds as they sound."""
    rows = tune.notes
    kept = (rows[:, 1] < start + span) & (rows[:, 1] + rows[:, 2] > start)
    if not manner.band:
        kept &= rows[:, 0] == 0
    kept &= (rows[:, 0] != 0) | (rng.random(len(rows)) >= manner.dropped)
    heard = rows[kept].copy()
    heard[:, 1] = (heard[:, 1] - start) / manner.tempo + rng.normal(0, 1, len(heard)) * manner.jitter_s
    heard[:, 2] *= manner.legato / manner.tempo
    tuned = heard[:, 0] != 3
    heard[tuned, 3] += manner.key
    found: list[list[float]] = heard.tolist()
    return found


def _add(
    power: Powers, palette: Palette, manner: Manner, note: tuple[int, float, float, int], rng: np.random.Generator
) -> None:
    part, onset, duration, pitch = note
    sound = (
        palette.note(Palette.drums, pitch)
        if part == 3
        else palette.note(manner.programs[part], _playable(pitch, palette))
    )
    first = max(0, int(np.ceil(onset / manner.frame_s)))
    last = min(len(power), int((onset + duration + 3 * manner.release_s) / manner.frame_s) + 1)
    if first >= last:
        return
    at = np.arange(first, last) * manner.frame_s - onset
    places = np.minimum((at * FRAMES_A_SECOND).astype(np.int64), len(sound) - 1)
    fading = np.exp(-np.maximum(at - duration, 0) / manner.release_s) if part != 3 else np.ones(len(at))
    gain = 10 ** ((manner.levels[part] + rng.uniform(-3, 3)) / 10)
    power[first:last] += sound[places] * (gain * fading).astype(np.float32)[:, None]


def _playable(pitch: int, palette: Palette) -> int:
    while pitch < palette.low:
        pitch += 12
    while pitch > palette.high:
        pitch -= 12
    return pitch


def _recorded(power: Powers, manner: Manner, rng: np.random.Generator) -> Powers:
    """Out of tune, through an uneven loudspeaker, without the highest bands, with noise."""
    if manner.detune:
        part, step = abs(manner.detune), int(np.sign(manner.detune))
        power = (1 - part) * power + part * np.roll(power, step, axis=1)
    slope = 10 ** (manner.tilt * np.linspace(-0.5, 0.5, BANDS) / 10)
    power = power * slope.astype(np.float32)
    power[:, manner.cut :] *= 1e-5
    noise = rng.exponential(1, power.shape).astype(np.float32) * np.float32(10 ** (manner.noise / 10))
    found: Powers = power + noise * max(float(power.max()), 1e-6)
    return found
