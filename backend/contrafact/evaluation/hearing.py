"""Which works is a recording made of? Transcribed first, then identified like any notes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from contrafact.evaluation.identification import Identifier, Sounding
from contrafact.music.listening.melody import melody_line
from contrafact.music.listening.transcription import transcribe


def identify_audio(pcm: npt.NDArray[np.int16], rate: int, identifier: Identifier) -> dict[str, float]:
    """A score for each work, as `Identifier.rank` gives, from 16-bit sound of shape (frames,) or (frames, channels).

    Raises `NotFound` without the extra `generation`.
    """
    return identifier.rank(heard_melody(pcm, rate), exact=False)


def heard_melody(pcm: npt.NDArray[np.int16], rate: int) -> list[Sounding]:
    """The melody of a recording, one note at a time, in seconds."""
    samples = pcm.astype(np.float32) / np.float32(32_768)
    mono = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)
    notes = melody_line(transcribe(mono, rate))
    return [Sounding(note.start_s, note.end_s - note.start_s, note.pitch) for note in notes]
