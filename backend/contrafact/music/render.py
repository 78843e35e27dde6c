"""Notes to sound, and the sound apart by source.

Rendering is additive by definition here: every note is rendered apart, the mix is the sum of its notes, and
the stem of a source is the same sum with each note weighted by the part of it that is the source's
(its responsibility). So the stems add up to the mix, exactly, and a rights holder hears what was paid for.

Everything is integer or elementwise float64 in a fixed order: the same notes give the same PCM in any process.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import midirenderer
import mido
import numpy as np
import numpy.typing as npt
import soundfile

from contrafact.errors import NotFound
from contrafact.music.midi import DRUM_CHANNEL, PlayedNote
from contrafact.music.score import TICKS_PER_QUARTER

SAMPLE_RATE = 48_000
CHANNELS = 2
SOUNDFONT = "TimGM6mb.sf2"
# What sounds after a note's end (release, room): cut off after a second, faded out over its last quarter.
_TAIL = SAMPLE_RATE
_FADE = SAMPLE_RATE // 4
# The loudest sample of a mix, 6 dB below full scale: room for a stem to be louder than the mix.
_PEAK = 16_384
_GAIN_TOLERANCE = 1e-6

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Rendering:
    """16-bit sound, shape (frames, 2) each. The stems add up to the mix, sample for sample, in whole numbers.

    `scale` is the one factor by which the summed notes were multiplied, in the mix and the stems alike.
    """

    mix: Pcm
    stems: tuple[Pcm, ...]
    scale: float
    sample_rate: int = SAMPLE_RATE


def render_mix(notes: Sequence[PlayedNote], tempo: int) -> Rendering:
    """The sound of the notes at `tempo` quarters a minute, without stems."""
    return render_stems(notes, [()] * len(notes), tempo)


def render_stems(notes: Sequence[PlayedNote], gains: Sequence[Sequence[float]], tempo: int) -> Rendering:
    """The mix of all notes and, for each k, the stem in which note i has the gain `gains[i][k]`.

    Gains of a note lie in [0, 1] and sum to one; give an empty sequence for each note to have no stems.
    Raises `ValueError` if they do not, or if there are no notes.
    """
    weights = _checked(notes, gains)
    starts = [frames_at(note.onset, tempo) for note in notes]
    sounds = [_sound_of(note, tempo) for note in notes]
    length = max(start + len(sound) for start, sound in zip(starts, sounds, strict=True))
    total = np.zeros((length, CHANNELS), np.int64)
    for start, sound in zip(starts, sounds, strict=True):
        total[start : start + len(sound)] += sound
    scale = _PEAK / max(int(np.abs(total).max()), 1)
    mix = _to_pcm(total * scale)
    stems = _split(mix, weights, starts, sounds, scale)
    return Rendering(mix, stems, scale)


def frames_at(ticks: int, tempo: int) -> int:
    """The audio frame, to the nearest, at which a tick begins, at `tempo` quarters a minute."""
    return (2 * ticks * 60 * SAMPLE_RATE + tempo * TICKS_PER_QUARTER) // (2 * tempo * TICKS_PER_QUARTER)


def renderer_identity() -> dict[str, str | int]:
    """What must be the same for a replay to give the same PCM; stands in the attribution record."""
    return {
        "renderer": f"midirenderer {version('midirenderer')}",
        "soundfont": SOUNDFONT,
        "soundfont_sha256": hashlib.sha256(_soundfont()).hexdigest(),
        "sample_rate": SAMPLE_RATE,
    }


def _checked(notes: Sequence[PlayedNote], gains: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    if not notes:
        raise ValueError("there are no notes to render")
    if len(gains) != len(notes):
        raise ValueError(f"{len(notes)} notes need as many rows of gains, not {len(gains)}")
    weights = np.asarray(gains, np.float64).reshape(len(notes), -1)
    if weights.shape[1] and (weights.min() < 0 or np.abs(weights.sum(1) - 1).max() > _GAIN_TOLERANCE):
        raise ValueError("the gains of a note must not be negative and must sum to one")
    return weights


def _split(
    mix: Pcm,
    weights: npt.NDArray[np.float64],
    starts: Sequence[int],
    sounds: Sequence[Pcm],
    scale: float,
) -> tuple[Pcm, ...]:
    """The stems. Each is the difference of two rounded running sums, so that rounding errors cancel in total."""
    stems: list[Pcm] = []
    running = np.zeros(mix.shape, np.float64)
    below = np.zeros(mix.shape, np.int16)
    for k in range(weights.shape[1]):
        if k == weights.shape[1] - 1:
            above = mix
        else:
            for start, sound, weight in zip(starts, sounds, weights[:, k], strict=True):
                if weight:
                    running[start : start + len(sound)] += weight * sound
            above = _to_pcm(running * scale)
        stems.append(_to_pcm(above.astype(np.float64) - below))
        below = above
    return tuple(stems)


def _to_pcm(samples: npt.NDArray[np.floating]) -> Pcm:
    clipped: Pcm = np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)
    return clipped


def _sound_of(note: PlayedNote, tempo: int) -> Pcm:
    length = frames_at(note.onset + note.duration, tempo) - frames_at(note.onset, tempo)
    return _render_note(note.pitch, length, note.velocity, note.program, note.drums)


@lru_cache(maxsize=1024)
def _render_note(pitch: int, length: int, velocity: int, program: int, drums: bool) -> Pcm:
    """One note of `length` frames with its tail, as it sounds when nothing else does."""
    data = midirenderer.render_wave_from(_soundfont(), _single_note(pitch, length, velocity, program, drums))
    samples, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    if rate != SAMPLE_RATE or samples.shape[1] != CHANNELS:
        raise RuntimeError(f"the renderer gave {samples.shape[1]} channels at {rate} Hz, not 2 at {SAMPLE_RATE}")
    fade = np.minimum(np.arange(len(samples), 0, -1) / _FADE, 1.0)
    sound = _to_pcm(samples * fade[:, None])
    sound.setflags(write=False)
    return sound


def _single_note(pitch: int, length: int, velocity: int, program: int, drums: bool) -> bytes:
    """A MIDI file of one note, in which a tick is two audio frames."""
    file = mido.MidiFile(type=0, ticks_per_beat=SAMPLE_RATE // 2)
    track = mido.MidiTrack()
    file.tracks.append(track)
    channel = DRUM_CHANNEL if drums else 0
    track.append(mido.MetaMessage("set_tempo", tempo=1_000_000))
    if not drums:
        track.append(mido.Message("program_change", program=program))
    track.append(mido.Message("control_change", control=7, value=127, channel=channel))
    track.append(mido.Message("note_on", note=pitch, velocity=velocity, channel=channel))
    track.append(mido.Message("note_off", note=pitch, time=max(length // 2, 1), channel=channel))
    # The renderer stops at the last event, so one that does nothing marks the end of the tail.
    track.append(mido.Message("control_change", control=7, value=127, channel=channel, time=_TAIL // 2))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


@cache
def _soundfont() -> bytes:
    """The soundfont that comes with pretty_midi's wheel; that package itself is not imported."""
    package = find_spec("pretty_midi")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / SOUNDFONT
        if path.is_file():
            return path.read_bytes()
    raise NotFound(f"The soundfont {SOUNDFONT} is missing.", "Install it: pip install 'contrafact[generation]'.")
