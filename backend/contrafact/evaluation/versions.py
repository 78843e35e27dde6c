"""Versions of a work: the same music in another key, on another instrument, at another tempo, in part, or worn.

Every version is rendered anew from notes, by the project's renderer; sound is altered only where a recording would be.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import mido
import numpy as np
import soundfile

from contrafact.domain.generation import TICKS_PER_QUARTER, EventNote
from contrafact.music.embedding.playing import MELODY, melody_of, midi_sound, sound_of, with_band
from contrafact.music.embedding.spectrum import RATE, Samples
from contrafact.music.pack import PackedTune

EXCERPT_S = 16.0
UNHEARD = {"violin": 40, "accordion": 21, "banjo": 105, "oboe": 68}  # instruments that training left out
KNOWN = {"piano": 0, "clarinet": 71, "trumpet": 56}
TEMPI = (0.5, 0.7, 0.85, 1.15, 1.4, 2.0)
KEYS = tuple(range(1, 12))  # semitones; the last ones are played an octave lower
_LOUD_ENOUGH = 1e-9
KINDS = {
    "same": "As it is indexed, an excerpt of 16 s",
    "key": "In another key",
    "instrument_unheard": "On a violin, an accordion, a banjo or an oboe, which training left out",
    "instrument_known": "On a piano, a clarinet or a trumpet",
    **{f"tempo_{tempo:g}": f"At {tempo:.0%} of its tempo" for tempo in TEMPI},
    "all": "In another key, on another instrument, at another tempo",
    "band": "In another key, with harmony, bass and drums",
    "noise": "With white noise, 15 dB below",
    "mp3": "Through MP3 of 24 kbit/s",
    "room": "In a hall, through a small loudspeaker",
    "four": "A chorale in its four voices, in another key, all on another instrument",
    "half": "Its second half, where only the first is indexed",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a version is played. `key` in semitones, `tempo` beside the work's own, `program` of the melody;
    `wear` names what the recording went through, `voices` what sounds: the melody, `band`, or a chorale's `four`."""

    kind: str
    key: int = 0
    tempo: float = 1.0
    program: int = 73
    voices: str = MELODY
    wear: str = ""


def manners(rng: np.random.Generator, tune: PackedTune) -> list[Manner]:
    """One version of each kind, with key, instrument and tempo drawn; of chorales also the four voices."""
    key = int(rng.choice(KEYS))
    anyone = int(rng.choice(list({**UNHEARD, **KNOWN}.values())))
    found = [
        Manner("same"),
        Manner("key", key=key),
        Manner("instrument_unheard", program=int(rng.choice(list(UNHEARD.values())))),
        Manner("instrument_known", program=int(rng.choice(list(KNOWN.values())))),
        *(Manner(f"tempo_{tempo:g}", tempo=tempo) for tempo in TEMPI),
        Manner("all", key=int(rng.choice(KEYS)), program=anyone, tempo=float(rng.choice(TEMPI))),
        Manner("band", key=key, voices="band"),
        Manner("noise", wear="noise"),
        Manner("mp3", wear="mp3"),
        Manner("room", wear="room"),
    ]
    return [*found, Manner("four", key=key, program=anyone, voices="four")] if tune.collection == "bach" else found


def version(tune: PackedTune, manner: Manner, rng: np.random.Generator) -> Samples:
    """An excerpt of `EXCERPT_S` seconds at the work's tempo, or all of a shorter work, as it sounds in a manner."""
    sound = midi_sound(_changed(tune.file, manner)) if manner.voices == "four" else _played(tune, manner, rng)
    longest = round(EXCERPT_S * RATE / manner.tempo)
    if manner.voices == "four" and len(sound) > longest:
        start = int(rng.integers(len(sound) - longest))
        sound = sound[start : start + longest]
    return worn(sound, manner.wear, rng)


def _changed(file: bytes, manner: Manner) -> bytes:
    """A MIDI file in another key, all of it on one instrument."""
    midi, by = mido.MidiFile(file=io.BytesIO(file)), _semitones(manner.key)
    for track in midi.tracks:
        notes = [message for message in track if message.type in ("note_on", "note_off")]
        for message in notes:
            message.note += by
        track[:] = [message for message in track if message.type != "program_change"]
        for channel in {message.channel for message in notes}:
            track.insert(0, mido.Message("program_change", program=manner.program, channel=channel))
    changed = io.BytesIO()
    midi.save(file=changed)
    return changed.getvalue()


def _played(tune: PackedTune, manner: Manner, rng: np.random.Generator) -> Samples:
    notes = with_band(tune.score) if manner.voices == "band" else melody_of(tune.score)
    notes = _excerpt(notes, tune.score.tempo, rng)
    tempo = max(1, round(tune.score.tempo * manner.tempo))
    return sound_of(_moved(notes, manner.key), tempo, {MELODY: manner.program})


def _excerpt(notes: Sequence[EventNote], tempo: int, rng: np.random.Generator) -> list[EventNote]:
    """The notes that begin in an excerpt, from its start."""
    end = max(n.onset + n.duration for n in notes)
    length = round(EXCERPT_S * tempo / 60 * TICKS_PER_QUARTER)
    start = int(rng.integers(max(1, end - length)))
    inside = [n for n in notes if start <= n.onset < start + length]
    first = min(n.onset for n in inside)
    return [replace(n, onset=n.onset - first) for n in inside]


def _semitones(key: int) -> int:
    """`key` semitones up, or as many as lead to the same key below where that is nearer."""
    return key if key <= 6 else key - 12


def _moved(notes: Sequence[EventNote], key: int) -> list[EventNote]:
    """All but the drums in another key."""
    by = _semitones(key)
    return [n if n.part == "drums" else replace(n, pitch=n.pitch + by) for n in notes]


def worn(sound: Samples, wear: str, rng: np.random.Generator) -> Samples:
    """Sound with white noise 15 dB below it, through an MP3 file of 24 kbit/s, or in a room; or as it was."""
    return _WEAR[wear](sound, rng) if wear else sound


def _noise(sound: Samples, rng: np.random.Generator) -> Samples:
    level = float(np.sqrt(np.mean(sound**2)) + _LOUD_ENOUGH) * 10 ** (-15 / 20)
    return sound + (level * rng.standard_normal(len(sound))).astype(np.float32)


def _mp3(sound: Samples, rng: np.random.Generator) -> Samples:
    del rng
    file = io.BytesIO()
    loudest = max(float(np.abs(sound).max()), _LOUD_ENOUGH)
    soundfile.write(file, sound / loudest * 0.9, RATE, format="MP3", bitrate_mode="CONSTANT", compression_level=0.9)
    file.seek(0)
    read: Samples = soundfile.read(file, dtype="float32")[0]
    return read


def _room(sound: Samples, rng: np.random.Generator) -> Samples:
    """A hall by noise that dies away: 0.8 s to −60 dB, as loud in all as the direct sound, and a dull loudspeaker."""
    from scipy.signal import butter, fftconvolve, sosfilt

    count = round(0.8 * RATE)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail /= np.sqrt(np.sum(tail**2))
    wet = fftconvolve(sound, tail)[: len(sound)]
    dull = butter(2, (250, 3500), "bandpass", fs=RATE, output="sos")
    return np.asarray(sosfilt(dull, sound + wet), np.float32)


_WEAR: Mapping[str, Callable[[Samples, np.random.Generator], Samples]] = {"noise": _noise, "mp3": _mp3, "room": _room}
