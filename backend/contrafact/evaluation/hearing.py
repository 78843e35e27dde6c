"""Which works is a recording made of? Transcribed and read as a score first, then identified like any notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.errors import InvalidScore
from contrafact.music.identification.coverage import Identifier, Sounding
from contrafact.music.listening.melody import melody_line
from contrafact.music.listening.notes import HeardNote
from contrafact.music.listening.recording import MELODIC, drafted
from contrafact.music.listening.transcription import transcribe
from contrafact.music.reading.draft import to_score
from contrafact.music.score import Score


@dataclass(frozen=True, slots=True)
class Heard:
    """The melody of a recording, one note at a time: in ticks where it could be read as a score, else in seconds."""

    notes: tuple[Sounding, ...]
    on_grid: bool


def identify_audio(pcm: npt.NDArray[np.int16], rate: int, identifier: Identifier) -> dict[str, float]:
    """A score for each work, as `Identifier.rank` gives, from 16-bit sound of shape (frames,) or (frames, channels).

    Raises `NotFound` without the extra `generation`.
    """
    heard = hear(pcm, rate)
    return identifier.rank(heard.notes, exact=heard.on_grid)


def hear(pcm: npt.NDArray[np.int16], rate: int) -> Heard:
    """The melody of a recording."""
    samples = pcm.astype(np.float32) / np.float32(32_768)
    mono = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)
    line = melody_line(transcribe(mono, rate, MELODIC))
    if len(line) < 2:
        return Heard(tuple(_in_seconds(line)), False)
    try:
        return Heard(tuple(soundings(to_score(drafted(line)))), True)
    except InvalidScore:
        return Heard(tuple(_in_seconds(line)), False)


def soundings(score: Score) -> list[Sounding]:
    """The melody of a score; onsets in ticks from its start."""
    starts = np.cumsum([0, *(bar.ticks for bar in score.bars)]).tolist()
    bars = zip(starts, score.bars, strict=False)
    return [Sounding(start + n.onset, n.duration, n.pitch) for start, bar in bars for n in bar.notes]


def _in_seconds(line: Sequence[HeardNote]) -> list[Sounding]:
    return [Sounding(note.start_s, note.end_s - note.start_s, note.pitch) for note in line]
