"""A small catalogue of real tunes, and of one recording, that is indexed once for all tests."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from contrafact.evaluation.versions import Manner, version
from contrafact.music.embedding.playing import MELODY, melody_of, sound_of
from contrafact.music.embedding.spectrum import RATE, Samples
from contrafact.music.identification.index import Index
from contrafact.music.identification.works import WorkIdentification
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.source_form import SourceForm

JIG, SONG, PLAYED = "oneill/0788", "oneill/0395", "oneill/1128"
OTHERS = ("oneill/0150", "oneill/0600", "oneill/1065", "oneill/1411", "ryan/indys-favorite-reel", "bach/bwv10.7")
STRANGER = "ryan/paddy-miles-fricassee-reel"


def tune(name: str) -> PackedTune:
    return load_pack().tune(name)


def form_of(name: str) -> bytes:
    return SourceForm.from_score(tune(name).score).to_bytes()


def file_of(sound: Samples, kind: str = "WAV", rate: int = RATE) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, sound / np.abs(sound).max() * 0.7, rate, format=kind)
    return buffer.getvalue()


def recording(name: str) -> Samples:
    """All of a tune on a violin, as it is registered."""
    score = tune(name).score
    return sound_of(melody_of(score), score.tempo, {MELODY: 40})


def performance(name: str, **manner: object) -> bytes:
    """An excerpt of about 16 s, played otherwise."""
    return file_of(version(tune(name), Manner("x", **manner), np.random.default_rng(2)))  # type: ignore[arg-type]


def notated(name: str, *, higher: int, notes: slice = slice(None), wrong: int = 0) -> bytes:
    """A tune, or part of it, as a MIDI file that says nothing of its key; each `wrong`th note a whole tone off."""
    score = tune(name).score
    part = melody_of(score)[notes]
    first = part[0].onset
    played = [
        PlayedNote(n.onset - first, n.duration, n.pitch + higher + 2 * (wrong > 0 and i % wrong == wrong - 1))
        for i, n in enumerate(part)
    ]
    return write_midi({"melody": played}, Heading(tempo=score.tempo, metre=score.metre))


@pytest.fixture(scope="session")
def works() -> WorkIdentification:
    """Scores of eight tunes, and a recording of another."""
    found = WorkIdentification(Index(None))
    for name in (JIG, SONG, *OTHERS):
        found.add(name.encode(), tune(name).file, tune(name).media_type, form_of(name))
    found.add(PLAYED.encode(), file_of(recording(PLAYED), "FLAC"), "audio/flac", form_of(PLAYED))
    return found
