"""Recordings for tests, made by the packaged renderer: no recording of players is at hand."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import soundfile

from contrafact.music.midi import PlayedNote
from contrafact.music.render import SAMPLE_RATE, Pcm, render_mix
from contrafact.music.score import Score


def played(score: Score, program: int) -> list[PlayedNote]:
    """A score's melody on a General MIDI instrument."""
    notes = []
    start = 0
    for bar in score.bars:
        notes += [PlayedNote(start + note.onset, note.duration, note.pitch, 90, program) for note in bar.notes]
        start += bar.ticks
    return notes


def sounding(score: Score, program: int, tempo: int) -> Pcm:
    """The sound of a score's melody, shape (frames, 2), 16 bits at 48 kHz."""
    return render_mix(played(score, program), tempo).mix


def mono(pcm: Pcm) -> npt.NDArray[np.float32]:
    return (pcm.astype(np.float32) / 32_768).mean(axis=1)


def encoded(sound: npt.ArrayLike, kind: str = "FLAC", rate: int = SAMPLE_RATE, subtype: str | None = None) -> bytes:
    """The sound as an audio file of a kind that soundfile knows."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.asarray(sound), rate, format=kind, subtype=subtype)
    return buffer.getvalue()
