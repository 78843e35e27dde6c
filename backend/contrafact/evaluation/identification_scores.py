"""Scores as somebody else might have written a tune down: MIDI without a key, in another key, tempo and extent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from contrafact.errors import InvalidScore
from contrafact.evaluation.identification_catalogue import melody_of
from contrafact.evaluation.identification_queries import ALL_KEYS
from contrafact.evaluation.retrieval_sounds import generator
from contrafact.music.embedding.playing import melody_of as notes_of
from contrafact.music.identification.melody import Melody
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.pack import Pack, PackedTune
from contrafact.music.reading import read_score

PART_NOTES = 40
ALTERED = 0.1  # of the notes
KINDS = {
    "key": "In another key",
    "tempo": "With all notes half or twice as long",
    "part": f"An excerpt of {PART_NOTES} notes, in another key",
    "altered": "One note in ten changed, left out or doubled, in another key",
    "all": "All of that at once",
}


@dataclass(frozen=True, slots=True)
class ScoreQuery:
    """A score of a tune; `melody` is None where it cannot be read."""

    tune: PackedTune
    kind: str
    melody: Melody | None


def score_versions(pack: Pack, each: int, seed: int) -> Iterator[ScoreQuery]:
    """`each` catalogue works in every kind."""
    works = pack.by_role("catalogue")
    for kind in KINDS:
        for place in generator(seed, "scores", kind).permutation(len(works))[:each].tolist():
            tune = works[place]
            yield ScoreQuery(tune, kind, _read(written(tune, kind, generator(seed, tune.id, "score", kind))))


def part_of(melody: Melody, rng: np.random.Generator) -> Melody | None:
    """A run of `PART_NOTES` notes; None of a shorter melody."""
    if len(melody) < PART_NOTES:
        return None
    start = int(rng.integers(len(melody) - PART_NOTES + 1))
    return melody.part(start, start + PART_NOTES)


def written(tune: PackedTune, kind: str, rng: np.random.Generator) -> bytes:
    """The tune as a MIDI file of that kind."""
    notes = [PlayedNote(n.onset, n.duration, n.pitch) for n in notes_of(tune.score)]
    if kind in ("part", "all") and len(notes) > PART_NOTES:
        start = int(rng.integers(len(notes) - PART_NOTES + 1))
        notes = notes[start : start + PART_NOTES]
    if kind in ("altered", "all"):
        notes = list(_altered(notes, rng))
    key = 0 if kind == "tempo" else int(rng.choice(ALL_KEYS[1:]))
    longer = float(rng.choice((0.5, 2.0))) if kind in ("tempo", "all") else 1.0
    first = notes[0].onset
    moved = [
        replace(
            n,
            onset=round((n.onset - first) * longer),
            duration=max(round(n.duration * longer), 1),
            pitch=n.pitch + (key if key <= 6 else key - 12),
        )
        for n in notes
    ]
    return write_midi({"melody": moved}, Heading(tempo=tune.score.tempo, metre=tune.score.metre))


def _altered(notes: Sequence[PlayedNote], rng: np.random.Generator) -> Iterator[PlayedNote]:
    for note in notes:
        kind = rng.choice(("step", "out", "double")) if rng.random() < ALTERED else "same"
        half = note.duration // 2
        if kind == "step":
            yield replace(note, pitch=note.pitch + int(rng.choice((-2, -1, 1, 2))))
        elif kind == "double" and half:
            yield replace(note, duration=half)
            yield replace(note, onset=note.onset + half, duration=note.duration - half)
        elif kind != "out":
            yield note


def _read(file: bytes) -> Melody | None:
    try:
        return melody_of(read_score(file, "audio/midi"))
    except InvalidScore:
        return None
