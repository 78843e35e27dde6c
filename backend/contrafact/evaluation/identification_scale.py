"""How identification grows with the catalogue: real tunes, and made-up ones until there are enough.

A made-up work is spliced from parts of real tunes, each in a key of its own: its runs are about as common as real
ones, which random notes' would not be. From the sizes that are measured, the figures of ten million are projected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from contrafact.evaluation.retrieval_sounds import generator
from contrafact.evaluation.rows import Found, Row, rate, stated
from contrafact.music.identification.index import Index
from contrafact.music.identification.matching import matches
from contrafact.music.identification.melody import Melody
from contrafact.music.pack import PackedTune
from contrafact.music.source_form import SourceForm

MANY = 10_000_000
_PARTS, _PART_NOTES = (4, 9), (12, 25)

OnProgress = Callable[[str, int, int], None]
Asked = tuple[str, Melody]


def spliced(melodies: Sequence[Melody], rng: np.random.Generator) -> Melody:
    """A made-up melody of 4 to 8 parts of 12 to 24 notes."""
    parts, now, bar = [], 0, 0
    for _ in range(int(rng.integers(*_PARTS))):
        of = melodies[int(rng.integers(len(melodies)))]
        start = int(rng.integers(max(1, len(of) - _PART_NOTES[0])))
        part = of.part(start, start + int(rng.integers(*_PART_NOTES)))
        shifted = part.onsets - part.onsets[0] + now
        parts.append((shifted, part.durations, part.pitches + int(rng.integers(12)), part.bars - part.bars[0] + bar))
        now, bar = int(shifted[-1] + part.durations[-1]), int(parts[-1][3][-1]) + 1
    return Melody(*(np.concatenate([part[field] for part in parts]) for field in range(4)))


def growth(
    tunes: Sequence[PackedTune], sizes: Sequence[int], asked: Sequence[Asked], folder: Path, seed: int, told: OnProgress
) -> dict[str, Any]:
    """For each size: bytes on disk, seconds of each query, and whether each query's work was rank 1."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as apart:
        path = Path(apart) / "index.sqlite"
        index, made = Index(path), _works(tunes, generator(seed, "spliced"))
        found = [_grown(index, path, size, made, asked, told) for size in sizes]
        index.close()
    return {"sizes": found, "real": len(tunes)}


def _grown(
    index: Index, path: Path, size: int, made: Iterator[tuple[bytes, Melody]], asked: Sequence[Asked], told: OnProgress
) -> dict[str, Any]:
    """What is measured once the index has `size` works."""
    began = perf_counter()
    for number in range(len(index), size):
        name, melody = next(made)
        index.add(name, name, name, melody, 120)
        told("works of the index", number, size)
    building = perf_counter() - began
    index.tidy()
    return {"size": size, "bytes": path.stat().st_size, "building": building, **_measured(index, asked)}


def _works(tunes: Sequence[PackedTune], rng: np.random.Generator) -> Iterator[tuple[bytes, Melody]]:
    melodies = []
    for tune in tunes:
        melodies.append(Melody.of(SourceForm.from_score(tune.score), tune.score.key.tonic))
        yield tune.id.encode(), melodies[-1]
    number = 0
    while True:
        number += 1
        yield f"spliced {number}".encode(), spliced(melodies, rng)


def _measured(index: Index, asked: Sequence[Asked]) -> dict[str, Any]:
    seconds, first = [], []
    for name, melody in asked:
        began = perf_counter()
        found = matches(melody, index)
        seconds.append(perf_counter() - began)
        first.append(bool(found) and found[0].work.work_id == name.encode())
    return {"seconds": seconds, "first": first}


def rows(grown: dict[str, Any]) -> Found:
    """Disk, time and rank 1 at each size, and what ten million works would take."""
    sizes = grown["sizes"]
    note = f"{grown['real']} real tunes, beyond them spliced ones; relatives count as rivals here"
    found: list[Row] = []
    for one in sizes:
        size, times = one["size"], np.array(one["seconds"]) * 1000
        n = len(times)
        found += [
            stated(f"scale_{size}_median", f"{size:,} works: time of a query, median (ms)", float(np.median(times)), n),
            stated(f"scale_{size}_p99", "… 99th percentile (ms)", float(np.percentile(times, 99)), n),
            stated(f"scale_{size}_disk", "… bytes of the index per work", one["bytes"] / size, size),
            rate(f"scale_{size}_rank_1", "… the right work is rank 1", one["first"], note=note),
        ]
    small, large = sizes[-2], sizes[-1]
    per_work = (large["bytes"] - small["bytes"]) / (large["size"] - small["size"])
    slope = (np.median(large["seconds"]) - np.median(small["seconds"])) / (large["size"] - small["size"])
    upper = 1000 * (np.median(large["seconds"]) + max(float(slope), 0.0) * (MANY - large["size"]))
    projected = "projected from the two largest sizes, not measured"
    found += [
        stated(
            "scale_projected_disk",
            f"{MANY:,} works: gigabytes of the index",
            per_work * MANY / 1e9,
            MANY,
            note=projected,
        ),
        stated(
            "scale_projected_time",
            "… time of a query, if it went on growing in proportion (ms)",
            upper,
            MANY,
            note=f"{projected}; a bound, for no key gives more than a thousand entries",
        ),
    ]
    return Found(tuple(found))
