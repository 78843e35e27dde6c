"""What identification is asked in its evaluation: recordings of tunes in other keys, tempi and on other instruments.

Tunes are divided by family in two halves: on the one (`SET`) the threshold is set, on the other it is measured. A
recording of a tune is a version where the tune is in the catalogue, and a stranger where its family is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from contrafact.domain.digests import sha256
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.retrieval_sounds import generator
from contrafact.evaluation.versions import KNOWN, TEMPI, UNHEARD, Manner, version
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.listening.heard import HeardNote
from contrafact.music.listening.melody import melody_line
from contrafact.music.listening.recording import MELODIC
from contrafact.music.listening.transcription import transcribe
from contrafact.music.pack import Pack, PackedTune

PROGRAMS = (*UNHEARD.values(), *KNOWN.values())
ALL_KEYS = tuple(range(12))
MIXED = "all"  # key, tempo and instrument drawn


@dataclass(frozen=True, slots=True)
class Query:
    """A recording of a tune, played in a manner."""

    tune: PackedTune
    manner: Manner

    @property
    def kind(self) -> str:
        return self.manner.kind


def for_setting(tune: PackedTune) -> bool:
    """Whether a tune is of the half that thresholds are set on: half of the families of the role `train`."""
    return tune.role == "train" and sha256(tune.family.encode())[0] % 2 == 0


def mixed(tune: PackedTune, seed: int) -> Query:
    """A tune in a key, at a tempo and on an instrument that are drawn for it."""
    rng = generator(seed, tune.id, MIXED)
    tempo, program = float(rng.choice(TEMPI)), int(rng.choice(PROGRAMS))
    return Query(tune, Manner(MIXED, key=int(rng.choice(ALL_KEYS)), tempo=tempo, program=program))


def versions_of(pack: Pack, each: int, seed: int) -> Iterator[Query]:
    """Versions of catalogue works, `each` works of every kind: twelve keys, six tempi, and so on."""
    for manner in _manners():
        rng = generator(seed, "queries", manner.kind)
        works = pack.by_role("catalogue")
        for place in sorted(rng.permutation(len(works))[:each].tolist()):
            yield Query(works[place], _drawn(manner, rng))


def strangers(tunes: Sequence[PackedTune], count: int, seed: int) -> Iterator[Query]:
    """One recording each of `count` tunes, in a manner drawn for it, in an order that depends on the seed alone."""
    for place in generator(seed, "strangers").permutation(len(tunes))[:count]:
        yield mixed(tunes[place], seed)


def _manners() -> list[Manner]:
    return [
        *(Manner(f"key_{key}", key=key) for key in ALL_KEYS),
        *(Manner(f"tempo_{tempo:g}", tempo=tempo) for tempo in TEMPI),
        Manner("instrument"),
        Manner("instrument_2"),
        *(Manner(f"{MIXED}_{part}") for part in range(6)),
        Manner("band", voices="band"),
        Manner("band_2", voices="band"),
        Manner("room", wear="room"),
        Manner("noise_version", wear="noise"),
    ]


def _drawn(manner: Manner, rng: np.random.Generator) -> Manner:
    """The manner with what its kind leaves open: key, tempo, instrument."""
    key, tempo, program = manner.key, manner.tempo, manner.program
    if not manner.kind.startswith(("key", "tempo", "instrument")):
        key = int(rng.choice(ALL_KEYS))
    if manner.kind.startswith(MIXED):
        tempo = float(rng.choice(TEMPI))
    if manner.kind.startswith((MIXED, "instrument")):
        program = int(rng.choice(PROGRAMS))
    return Manner(manner.kind, key, tempo, program, manner.voices, manner.wear)


def heard(query: Query, cache: Cache, seed: int) -> list[HeardNote]:
    """The melody line that is heard in the recording; kept, for it takes half a second."""
    key = {"what": "melody line", "seed": seed, "tune": query.tune.id, "manner": str(query.manner)}
    rows = cache.get(key, lambda: _heard(query, seed))
    return [HeardNote(*row) for row in rows]


def _heard(query: Query, seed: int) -> list[list[float]]:
    sound = version(query.tune, query.manner, generator(seed, query.tune.id, str(query.manner)))
    loudest = max(float(np.abs(sound).max()), 1e-9)
    line = melody_line(transcribe(sound / np.float32(loudest) * np.float32(0.9), RATE, MELODIC))
    return [[note.start_s, note.end_s, note.pitch, note.amplitude] for note in line]
