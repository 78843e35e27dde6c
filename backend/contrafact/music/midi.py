"""Writing Standard MIDI Files: the compact score format of the pack, and what the renderer reads.

The same notes always give the same bytes: one tempo, one key, one metre, events ordered by time,
note ends before note starts, then by pitch.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mido

from contrafact.music.score import TICKS_PER_QUARTER, Key, Metre

DRUM_CHANNEL = 9
MAX_MELODIC_TRACKS = 15
# Signature names as mido spells them, for major keys; a mode is written with its relative major's accidentals.
_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_COMMON_TIME = Metre(4, 4)
_MINOR_NAMES = ("Cm", "C#m", "Dm", "D#m", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """One note in time: `onset` and `duration` in ticks from the start of the piece.

    `program` is the General MIDI instrument (0 = piano); with `drums` set the pitch names a drum
    and the program is ignored. `volume` and `pan` are the controllers 7 and 10 (127 = full, 64 = centre).
    """

    onset: int
    duration: int
    pitch: int
    velocity: int = 90
    program: int = 0
    drums: bool = False
    volume: int = 127
    pan: int = 64


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the start of a file. `pickup` is the length in ticks of a short first bar, or 0;
    `credits` go into the file as text, so that they travel with it."""

    title: str = ""
    tempo: int = 120
    metre: Metre = _COMMON_TIME
    key: Key | None = None
    pickup: int = 0
    credits: tuple[str, ...] = ()


def write_midi(tracks: Mapping[str, Sequence[PlayedNote]], heading: Heading | None = None) -> bytes:
    """A type-1 MIDI file with one track per named part, at 24 ticks a quarter.

    Each part keeps to one instrument, volume and pan (those of its first note). Raises `ValueError` if there are more
    melodic parts than MIDI has channels.
    """
    heading = heading or Heading()
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, charset="utf-8")
    file.tracks.append(_conductor(heading))
    melodic = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for name, notes in tracks.items():
        drums = bool(notes) and notes[0].drums
        channel = DRUM_CHANNEL if drums else next(melodic, None)
        if channel is None:
            raise ValueError(f"MIDI has room for {MAX_MELODIC_TRACKS} melodic parts, not {len(tracks)}")
        file.tracks.append(_part(name, notes, channel))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _conductor(heading: Heading) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=heading.title))
    track.extend(mido.MetaMessage("text", text=credit) for credit in heading.credits)
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(heading.tempo)))
    if heading.key is not None:
        track.append(mido.MetaMessage("key_signature", key=_signature_name(heading.key)))
    if heading.pickup:
        # A pick-up is a bar of its own length, in the finest unit that the grid writes as a time signature.
        pickup = Metre(heading.pickup * 32 // (TICKS_PER_QUARTER * 4), 32)
        track.append(_time_signature(pickup, 0))
    track.append(_time_signature(heading.metre, heading.pickup))
    return track


def _time_signature(metre: Metre, delta: int) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=metre.beats, denominator=metre.unit, time=delta)


def _signature_name(key: Key) -> str:
    if key.mode == "minor":
        return _MINOR_NAMES[key.tonic]
    shift = {"major": 0, "dorian": -2, "mixolydian": -7}[key.mode]
    return _MAJOR_NAMES[(key.tonic + shift) % 12]


def _part(name: str, notes: Sequence[PlayedNote], channel: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=name))
    if notes and channel != DRUM_CHANNEL:
        track.append(mido.Message("program_change", program=notes[0].program, channel=channel))
    if notes:
        track.extend(_controllers(notes[0], channel))
    events = [(note.onset, 1, note.pitch, note.velocity) for note in notes]
    events += [(note.onset + note.duration, 0, note.pitch, 0) for note in notes]
    now = 0
    for time, starts, pitch, velocity in sorted(events):
        kind = "note_on" if starts else "note_off"
        track.append(mido.Message(kind, note=pitch, velocity=velocity, time=time - now, channel=channel))
        now = time
    return track


def _controllers(note: PlayedNote, channel: int) -> list[mido.Message]:
    """Volume and pan, where they are not what a synthesiser begins with anyway."""
    settings = [(7, note.volume, 127), (10, note.pan, 64)]
    return [
        mido.Message("control_change", control=number, value=value, channel=channel)
        for number, value, default in settings
        if value != default
    ]
