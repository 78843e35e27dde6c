"""The sound of one note, as it sounds when nothing else does: what every rendering is added up from.

It comes from midirenderer and the soundfont in the wheel of pretty_midi, rendered at one velocity; how loud a note is
becomes a factor. midirenderer's loudness goes with the square of the velocity, so no other rendering is needed, and
notes that differ in velocity alone share one.
"""

from __future__ import annotations

import hashlib
import io
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
from contrafact.music.midi import DRUM_CHANNEL

SAMPLE_RATE = 48_000
CHANNELS = 2
SOUNDFONT = "TimGM6mb.sf2"
REFERENCE_VELOCITY = 100
# What sounds after a note's end (release, room): cut off after a second, faded out over its last quarter.
TAIL = SAMPLE_RATE
_FADE = SAMPLE_RATE // 4

Pcm = npt.NDArray[np.int16]


@lru_cache(maxsize=512)
def note_sound(pitch: int, length: int, program: int, drums: bool) -> Pcm:
    """16-bit samples, shape (2, frames), of a note of `length` frames with its tail; read only.

    `program` is a General MIDI instrument, 0 to 127, or with `drums` of no effect: then `pitch` names the drum.
    """
    data = midirenderer.render_wave_from(soundfont(), _single_note(pitch, length, program, drums))
    samples, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    if rate != SAMPLE_RATE or samples.shape[1] != CHANNELS:
        raise RuntimeError(f"the renderer gave {samples.shape[1]} channels at {rate} Hz, not 2 at {SAMPLE_RATE}")
    fade = np.minimum(np.arange(len(samples), 0, -1) / _FADE, 1.0)
    sound = np.rint(samples.T * fade).astype(np.int16)
    return _without_silent_end(sound)


def sound_identity() -> dict[str, str | int]:
    """What must be the same for a note to sound the same."""
    return {
        "renderer": f"midirenderer {version('midirenderer')}",
        "soundfont": SOUNDFONT,
        "soundfont_sha256": hashlib.sha256(soundfont()).hexdigest(),
        "sample_rate": SAMPLE_RATE,
    }


def _without_silent_end(sound: Pcm) -> Pcm:
    sounding = np.flatnonzero(sound.any(0))
    kept: Pcm = np.ascontiguousarray(sound[:, : sounding[-1] + 1 if len(sounding) else 1])
    kept.setflags(write=False)
    return kept


def _single_note(pitch: int, length: int, program: int, drums: bool) -> bytes:
    """A MIDI file of one note, in which a tick is two audio frames."""
    file = mido.MidiFile(type=0, ticks_per_beat=SAMPLE_RATE // 2)
    track = mido.MidiTrack()
    file.tracks.append(track)
    channel = DRUM_CHANNEL if drums else 0
    track.append(mido.MetaMessage("set_tempo", tempo=1_000_000))
    if not drums:
        track.append(mido.Message("program_change", program=program))
    track.append(mido.Message("control_change", control=7, value=127, channel=channel))
    track.append(mido.Message("note_on", note=pitch, velocity=REFERENCE_VELOCITY, channel=channel))
    track.append(mido.Message("note_off", note=pitch, time=max(length // 2, 1), channel=channel))
    # The renderer stops at the last event, so one that does nothing marks the end of the tail.
    track.append(mido.Message("control_change", control=7, value=127, channel=channel, time=TAIL // 2))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


@cache
def soundfont() -> bytes:
    """The soundfont that comes with pretty_midi's wheel; that package itself is not imported."""
    package = find_spec("pretty_midi")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / SOUNDFONT
        if path.is_file():
            return path.read_bytes()
    raise NotFound(f"The soundfont {SOUNDFONT} is missing.", "Install it: pip install 'contrafact[generation]'.")
