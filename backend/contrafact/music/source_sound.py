"""A source form as sound: the melody alone, played by the service's own renderer."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from contrafact.domain.instruments import PROGRAMS
from contrafact.domain.pitch import usual_tempo
from contrafact.music.midi import PlayedNote
from contrafact.music.render import SAMPLE_RATE, Pcm, render_mix, renderer_identity
from contrafact.music.source_form import SourceForm

_MIDDLE = 60
"""Forms have no octave of their own; with the tonic on the C up to the B from here, a flute has the notes."""


def to_mp3(form: bytes, tonic: int) -> bytes:
    """The melody of a canonical source form on a tonic (0 = C), at the usual tempo of its metre, as a mono MP3.

    Raises InvalidScore for other bytes.
    """
    tune = SourceForm.from_bytes(form)
    notes, at = [], 0
    for event in (event for bar in tune.bars for event in bar):
        if event.pitch is not None:
            notes.append(PlayedNote(at, event.duration, _MIDDLE + tonic + event.pitch, program=PROGRAMS["flute"]))
        at += event.duration
    return _written(render_mix(notes, usual_tempo((tune.metre.beats, tune.metre.unit))).mix)


def sound_version() -> str:
    """Changes with whatever changes the sound."""
    return "1 " + " ".join(str(value) for value in renderer_identity().values())


def _written(pcm: Pcm) -> bytes:
    made = io.BytesIO()
    # libsndfile 1.2.2 distorts 16-bit integers that it writes as MP3, beyond recognition; floating point it does not.
    mono = pcm.mean(axis=1, dtype=np.float32) / np.float32(32_768)
    soundfile.write(made, mono, SAMPLE_RATE, format="MP3", subtype="MPEG_LAYER_III")
    return made.getvalue()
