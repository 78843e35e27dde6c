"""Works as they sound: notes to one whole sound, without stems, which is all that listening needs.

The file of all notes goes through the renderer of the project's notes (midirenderer and its soundfont) in one piece: a third of
the time that rendering every note apart takes, and the same sound but for rounding and loudness, which the encoder
does not see.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import midirenderer
import numpy as np
import soundfile

from contrafact.domain.generation import EventNote
from contrafact.domain.instruments import BAND
from contrafact.domain.shares import PPM
from contrafact.music import tokens as t
from contrafact.music.arranging.arranger import Arranger
from contrafact.music.arranging.expression import melody_velocity
from contrafact.music.embedding.spectrum import Samples, at_rate
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.note_sound import soundfont
from contrafact.music.renderer import played
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm

MELODY = "melody"
Parts = Mapping[str, Sequence[PlayedNote]]


def melody_of(score: Score) -> list[EventNote]:
    """The notes of a score as the part `melody`; onsets in ticks from its start."""
    notes, start = [], 0
    for number, bar in enumerate(score.bars):
        notes += [
            EventNote(number, start + n.onset, n.duration, n.pitch, (PPM,), MELODY, 90) for n in bar.notes if n.duration > 0
        ]
        start += bar.ticks
    return notes


def with_band(score: Score) -> list[EventNote]:
    """The tune with harmony, bass and drums by rule; its pick-up is left out. Raises InvalidScore, as SourceForm does."""
    form = SourceForm.from_score(score)
    parts = [voice.part for voice in BAND if voice.part != MELODY]
    arranger = Arranger(
        mode=form.mode, metre=form.metre, tonic=score.key.tonic, bars=len(form.body), parts=[*parts, "drums"]
    )
    notes: list[EventNote] = []
    for number, bar in enumerate(form.body):
        start, events = number * form.metre.ticks, _placed(bar, form.metre.ticks)
        notes += [
            EventNote(
                number, start + onset, event.duration, 60 + score.key.tonic + event.pitch, (PPM,), MELODY,
                melody_velocity(form.metre, number, len(form.body), onset),
            )
            for onset, event in events
            if event.pitch is not None
        ]
        notes += [
            EventNote(number, start + n.onset, n.duration, n.pitch, (PPM,), n.part, n.velocity)
            for n in arranger.bar(number, events)
        ]
    return notes


def sound_of(notes: Sequence[EventNote], tempo: int, programs: Mapping[str, int] | None = None) -> Samples:
    """Mono sound at `spectrum.RATE` of notes at `tempo` quarters a minute. Raises InvalidInput, as the renderer does."""
    return midi_sound(write_midi(played(notes, programs), Heading(tempo=tempo)))


def midi_sound(file: bytes) -> Samples:
    """Mono sound at `spectrum.RATE` of a MIDI file."""
    samples, rate = soundfile.read(io.BytesIO(midirenderer.render_wave_from(soundfont(), file)), dtype="float32", always_2d=True)
    return at_rate(samples.mean(axis=1, dtype=np.float32), rate)


def _placed(bar: t.BarOfEvents, ticks: int) -> list[tuple[int, t.Event]]:
    """The events of a bar with their onsets; a short bar is filled up with a rest."""
    placed, now = [], 0
    for event in bar:
        placed.append((now, event))
        now += event.duration
    return [*placed, (now, t.Event(None, ticks - now))] if now < ticks else placed
