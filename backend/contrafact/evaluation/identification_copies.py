"""Copies of recordings, and other performances of the same works, which are none."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import soundfile
from scipy.signal import resample_poly

from contrafact.evaluation.cache import Cache
from contrafact.evaluation.identification_queries import PROGRAMS, mixed
from contrafact.evaluation.retrieval_sounds import generator
from contrafact.evaluation.rows import Found, at_least, at_most, rate
from contrafact.evaluation.versions import EXCERPT_S, version, worn
from contrafact.music.embedding.playing import MELODY, melody_of, sound_of
from contrafact.music.embedding.spectrum import RATE, Samples
from contrafact.music.identification.index import Index
from contrafact.music.identification.landmarks import landmarks
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.recordings import FEWEST, LEAST_COVERED, LEAST_PART, recordings_like
from contrafact.music.pack import PackedTune

Sound = tuple[Samples, int]
_NO_MELODY = Melody(*(np.zeros(0, np.int64) for _ in range(4)))


def _louder(sound: Samples, factor: float) -> Samples:
    """At another level, kept as 16 bits, clipped where it is too loud."""
    file = io.BytesIO()
    soundfile.write(file, np.clip(sound * np.float32(factor), -1, 1), RATE, format="WAV")
    file.seek(0)
    read: Samples = soundfile.read(file, dtype="float32")[0]
    return read


def _at(sound: Samples, up: int, down: int) -> Sound:
    return resample_poly(sound, up, down).astype(np.float32), RATE * up // down


COPIES: dict[str, tuple[str, Callable[[Samples, np.random.Generator], Sound]]] = {
    "excerpt": ("16 s from anywhere", lambda s, _: (s, RATE)),
    "noise": ("… with white noise, 15 dB below", lambda s, rng: (worn(s, "noise", rng), RATE)),
    "mp3": ("… through MP3 of 24 kbit/s", lambda s, rng: (worn(s, "mp3", rng), RATE)),
    "quiet": ("… 30 dB softer", lambda s, _: (_louder(s, 10**-1.5), RATE)),
    "loud": ("… 6 dB louder, clipped", lambda s, _: (_louder(s, 2.0), RATE)),
    "44k": ("… at 44.1 kHz", lambda s, _: _at(s, 441, 160)),
    "11k": ("… at 11.025 kHz", lambda s, _: _at(s, 441, 640)),
    "all": (
        "… softer, with noise, and through MP3",
        lambda s, rng: (worn(worn(_louder(s, 0.1), "noise", rng), "mp3", rng), RATE),
    ),
}
OTHERS = {"instrument": "on another instrument", "tempo": "5 % faster", "key": "a semitone higher"}


@dataclass(frozen=True)
class Studio:
    """Known recordings: each tune on one instrument, at its own tempo."""

    tunes: Sequence[PackedTune]
    index: Index
    seed: int

    @classmethod
    def of(cls, tunes: Sequence[PackedTune], seed: int, told: Callable[[str, int, int], None]) -> Studio:
        studio = cls(tunes, Index(None), seed)
        for done, tune in enumerate(tunes):
            told("known recordings", done, len(tunes))
            studio.index.add(tune.id.encode(), b"", b"", _NO_MELODY, 0, landmarks(studio.recording(tune), RATE))
        return studio

    def recording(self, tune: PackedTune, *, key: int = 0, tempo: float = 1.0, other: bool = False) -> Samples:
        """The known recording, or another performance."""
        first, second = generator(self.seed, tune.id, "instrument").permutation(len(PROGRAMS))[:2]
        notes = [replace(note, pitch=note.pitch + key) for note in melody_of(tune.score)]
        sound = sound_of(notes, round(tune.score.tempo * tempo), {MELODY: PROGRAMS[second if other else first]})
        return sound / np.float32(max(float(np.abs(sound).max()), 1e-9)) * np.float32(0.8)

    def excerpt(self, sound: Samples, *names: str) -> Samples:
        """16 s from anywhere, or all of a shorter one."""
        length = round(EXCERPT_S * RATE)
        rng = generator(self.seed, "excerpt", *names)
        start = int(rng.integers(max(1, len(sound) - length)))
        return sound[start : start + length]

    def asked(self, sound: Samples, rate_hz: int) -> list[str]:
        """Ids of the tunes of whose recordings the sound is taken for a copy, best first."""
        found = [one for one in recordings_like(sound, rate_hz, self.index) if one.is_copy]
        works = [self.index.work(one.number) for one in found]
        return [work.work_id.decode() for work in works if work]


def copies(
    tunes: Sequence[PackedTune],
    strangers: Sequence[PackedTune],
    kin: Mapping[str, set[bytes]],
    each: int,
    seed: int,
    cache: Cache,
    told: Callable[[str, int, int], None],
) -> Found:
    """Copies of `each` recordings in every kind, other performances of them, and recordings of other tunes."""
    key: dict[str, Any] = {"what": "copies", "seed": seed, "each": each, "of": len(tunes), "strangers": len(strangers)}
    key["copy"] = [LEAST_COVERED, LEAST_PART, FEWEST]
    found = cache.get(key, lambda: _asked(Studio.of(tunes, seed, told), strangers, kin, each, told))
    known = f"among {len(tunes)} recordings"
    every = [hit for kind in COPIES for hit in found["copies"][kind]]
    rows = [rate("copies", f"All kinds together, {known}", every, at_least(0.98))]
    rows += [rate(f"copy_{kind}", COPIES[kind][0], found["copies"][kind]) for kind in COPIES]
    false = [hit for hits in found["others"].values() for hit in hits]
    note = f"{len(false)} files can show no less than the interval's upper end"
    words = "Taken for a copy: another performance, or another tune"
    rows.append(rate("false_copies", words, false, at_most(0.001), note))
    rows += [
        rate(f"other_{kind}", f"… another performance, {words}", found["others"][kind])
        for kind, words in OTHERS.items()
    ]
    rows.append(rate("other_tunes", "… another tune", found["others"]["tunes"]))
    return Found(tuple(rows))


def _asked(
    studio: Studio,
    strangers: Sequence[PackedTune],
    kin: Mapping[str, set[bytes]],
    each: int,
    told: Callable[[str, int, int], None],
) -> dict[str, dict[str, list[bool]]]:
    hits: dict[str, list[bool]] = {kind: [] for kind in COPIES}
    others: dict[str, list[bool]] = {kind: [] for kind in (*OTHERS, "tunes")}
    chosen = generator(studio.seed, "copies").permutation(len(studio.tunes))[:each].tolist()
    for done, place in enumerate(chosen):
        told("copies", done, len(chosen))
        tune = studio.tunes[place]
        sound = studio.recording(tune)
        for kind, (_, change) in COPIES.items():
            part = studio.excerpt(sound, tune.id, kind)
            named = studio.asked(*change(part, generator(studio.seed, tune.id, kind, "wear")))
            hits[kind].append(bool(named) and named[0] == tune.id)
        performances = {
            "instrument": studio.recording(tune, other=True),
            "tempo": studio.recording(tune, tempo=1.05),
            "key": studio.recording(tune, key=1),
        }
        for kind, other in performances.items():
            others[kind].append(bool(_unrelated(studio, other, tune, kin, keep=True)))
    for done, tune in enumerate(strangers):
        told("other tunes", done, len(strangers))
        query = mixed(tune, studio.seed)
        others["tunes"].append(
            bool(_unrelated(studio, version(tune, query.manner, generator(studio.seed, tune.id, "x")), tune, kin))
        )
    return {"copies": hits, "others": others}


def _unrelated(
    studio: Studio, sound: Samples, tune: PackedTune, kin: Mapping[str, set[bytes]], *, keep: bool = False
) -> list[str]:
    """What a sound is taken for, but for relatives of the tune; with `keep`, the tune itself counts."""
    named = studio.asked(studio.excerpt(sound, tune.id, "other"), RATE)
    return [name for name in named if name.encode() not in kin[tune.id] or (keep and name == tune.id)]
