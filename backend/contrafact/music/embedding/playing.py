"""Works as they sound: the renderer's own notes, added up as in `music.render`, mono, at the rate that is listened at.

A tune shares most of its notes with others of its tempo, so each is rendered once and kept: the pack's 338,000 notes
are 1,600 different ones. Loudness is left as it is; the encoder does not see it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

import midirenderer
import numpy as np
import soundfile

from contrafact.domain.generation import EventNote
from contrafact.domain.instruments import BAND
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput
from contrafact.music import tokens as t
from contrafact.music.arranging.arranger import Arranger
from contrafact.music.arranging.expression import melody_velocity
from contrafact.music.embedding.spectrum import RATE, Samples, at_rate
from contrafact.music.midi import PlayedNote
from contrafact.music.note_sound import REFERENCE_VELOCITY, SAMPLE_RATE, note_sound, soundfont
from contrafact.music.pack import PackedTune
from contrafact.music.renderer import played
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm
from contrafact.music.summing import frames_at

MELODY = "melody"
MIDI = "audio/midi"


def melody_of(score: Score) -> list[EventNote]:
    """The notes of a score as the part `melody`; onsets in ticks from its start."""
    notes, start = [], 0
    for number, bar in enumerate(score.bars):
        notes += [
            EventNote(number, start + n.onset, n.duration, n.pitch, (PPM,), MELODY, 90)
            for n in bar.notes
            if n.duration > 0
        ]
        start += bar.ticks
    return notes


def melody_of_form(form: SourceForm, tonic: int = 0) -> list[EventNote]:
    """The notes of a source form, pick-up and all, as the part `melody`; `tonic` is a pitch class."""
    notes, now = [], 0
    for number, bar in enumerate(form.bars):
        for event in bar:
            if event.pitch is not None:
                notes.append(EventNote(number, now, event.duration, 60 + tonic + event.pitch, (PPM,), MELODY, 90))
            now += event.duration
    return notes


def with_band(score: Score) -> list[EventNote]:
    """The tune with harmony, bass and drums by rule, without its pick-up. Raises InvalidScore, as SourceForm does."""
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
                number,
                start + onset,
                event.duration,
                60 + score.key.tonic + event.pitch,
                (PPM,),
                MELODY,
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
    """Mono sound at `spectrum.RATE` of notes at `tempo` quarters a minute.

    Raises InvalidInput as the renderer does, and where there are no notes.
    """
    placed = [_placed_note(note, tempo) for track in played(notes, programs).values() for note in track]
    if not placed:
        raise InvalidInput("There are no notes to play.", "Use a score with a melody.")
    sound = np.zeros(max(start + len(note) for start, note, _ in placed), np.float32)
    for start, note, gain in placed:
        sound[start : start + len(note)] += gain * note
    return sound


def _placed_note(note: PlayedNote, tempo: int) -> tuple[int, Samples, np.float32]:
    start = frames_at(note.onset, tempo) * RATE // SAMPLE_RATE
    level = ((note.velocity * note.volume) / (REFERENCE_VELOCITY * 127)) ** 2
    length = max(frames_at(note.duration, tempo), 1)
    return start, _mono(note.pitch, length, note.program, note.drums), np.float32(level)


@lru_cache(maxsize=4096)
def _mono(pitch: int, length: int, program: int, drums: bool) -> Samples:
    pcm = note_sound.__wrapped__(pitch, length, program, drums)
    return at_rate(pcm.mean(0, dtype=np.float32) / np.float32(32_768), SAMPLE_RATE)


def midi_sound(file: bytes) -> Samples:
    """Mono sound at `spectrum.RATE` of a MIDI file."""
    samples, rate = soundfile.read(
        io.BytesIO(midirenderer.render_wave_from(soundfont(), file)), dtype="float32", always_2d=True
    )
    return at_rate(samples.mean(axis=1, dtype=np.float32), rate)


def sounds_of(tune: PackedTune) -> list[Samples]:
    """A tune as it is indexed: its melody on a flute and, of what has more voices, all of them as its file has them."""
    melody = sound_of(melody_of(tune.score), tune.score.tempo)
    return [melody, midi_sound(tune.file)] if tune.media_type == MIDI else [melody]


def _placed(bar: t.BarOfEvents, ticks: int) -> list[tuple[int, t.Event]]:
    """The events of a bar with their onsets; a short bar is filled up with a rest."""
    placed, now = [], 0
    for event in bar:
        placed.append((now, event))
        now += event.duration
    return [*placed, (now, t.Event(None, ticks - now))] if now < ticks else placed
