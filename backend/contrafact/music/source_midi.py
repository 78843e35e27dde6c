"""A source form as a MIDI file: the melody alone, with the tonic on C."""

from __future__ import annotations

from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.source_form import SourceForm

TONIC = 60


def to_midi(form: bytes, title: str) -> bytes:
    """The melody of a canonical source form. Raises InvalidScore for other bytes."""
    tune = SourceForm.from_bytes(form)
    notes, at = [], 0
    for event in (event for bar in tune.bars for event in bar):
        if event.pitch is not None:
            notes.append(PlayedNote(at, event.duration, TONIC + event.pitch))
        at += event.duration
    return write_midi({"melody": notes}, Heading(title=title, metre=tune.metre))
