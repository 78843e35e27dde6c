"""What an encoder must beat: the mean spectrum, the mean chroma in its best key, and what a transcription finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from contrafact.evaluation.cache import Cache
from contrafact.evaluation.hearing import hear
from contrafact.evaluation.ranks import rank, soundings_of_tune
from contrafact.evaluation.retrieval_sounds import Asked, generator
from contrafact.evaluation.rows import Found, measured
from contrafact.evaluation.statistics import Floats
from contrafact.evaluation.versions import KINDS, version
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.embedding.windows import Analysis
from contrafact.music.identification.coverage import Identifier, Sounding
from contrafact.music.pack import Pack

_RANGE_DB = 50.0
_LOUDEST = 2**15 - 1


class Spectra:
    """Works by two means over time: of the level of each band, and of each pitch class."""

    def __init__(self) -> None:
        self._levels: list[Floats] = []
        self._chroma: list[Floats] = []

    def add(self, analysis: Analysis) -> None:
        """The next work."""
        self._levels.append(mean_levels(analysis))
        self._chroma.append(mean_chroma(analysis))

    def scores(self, analysis: Analysis) -> dict[str, Floats]:
        """Cosines of each work and a recording, of chroma in the best of twelve keys, shape (works,) each."""
        chroma, levels = mean_chroma(analysis), mean_levels(analysis)
        turned = np.stack([np.roll(chroma, key) for key in range(12)])
        return {
            "spectrum": np.stack(self._levels) @ levels,
            "chroma": (np.stack(self._chroma) @ turned.T).max(1),
        }


def mean_levels(analysis: Analysis) -> Floats:
    """The mean level of each band, in decibels below the loudest, less the mean of all; of length one."""
    power = analysis.power.numpy().astype(np.float64)
    levels = np.maximum(1 + 10 * np.log10(power / power.max() + 1e-9) / _RANGE_DB, 0).mean(0)
    return _unit(levels - levels.mean())


def mean_chroma(analysis: Analysis) -> Floats:
    """The mean amplitude of each pitch class, less the mean of all; of length one."""
    amplitude = np.sqrt(analysis.power.numpy().astype(np.float64))
    chroma = amplitude.reshape(len(amplitude), -1, 12).sum(1).mean(0)
    return _unit(chroma - chroma.mean())


def _unit(values: Floats) -> Floats:
    found: Floats = values / max(float(np.linalg.norm(values)), 1e-12)
    return found


def by_transcription(
    pack: Pack,
    asked: Sequence[Asked],
    works: int,
    seed: int,
    cache: Cache,
    on_progress: Callable[[str, int, int], None],
) -> Found:
    """The identification of `hearing`, which transcribes first: on some works, in some kinds of version."""
    kinds = ("key", "instrument_unheard", "tempo_0.5", "tempo_2", "all", "band")
    ids = sorted({one.tune.id for one in asked})
    some = {ids[i] for i in generator(seed, "transcribed").permutation(len(ids))[:works]}
    tried = [one for one in asked if one.tune.id in some and one.manner.kind in kinds]
    if not tried:
        return Found(())
    identifier = Identifier({tune.id: soundings_of_tune(tune) for tune in pack.tunes})
    family = {tune.id: tune.family for tune in pack.tunes}
    ranks: dict[str, list[float]] = {}
    for done, one in enumerate(tried):
        on_progress("transcriptions", done, len(tried))
        notes, on_grid = cache.get(
            {"what": "heard version", "seed": seed, "work": one.tune.id, "manner": str(one.manner)},
            lambda one=one: _heard(one, seed),  # type: ignore[misc]
        )
        scores = identifier.rank([Sounding(*note) for note in notes], exact=on_grid)
        ranks.setdefault(one.manner.kind, []).append(rank(one.tune.id, scores, family))
    note = "versions that were rendered, transcribed by Basic Pitch's model, and found by runs of intervals"
    rows = tuple(
        measured(
            f"transcription_rank_1_{kind}", f"Through transcription: {KINDS[kind]}: rank 1", _hits(found), note=note
        )
        for kind, found in ranks.items()
    )
    return Found(rows, {"transcribed_works": sorted(some)})


def _hits(ranks: Sequence[float]) -> list[Floats]:
    return [np.array([[float(each == 1)]]) for each in ranks]


def _heard(one: Asked, seed: int) -> tuple[list[list[float]], bool]:
    sound = version(one.tune, one.manner, generator(seed, one.tune.id, one.manner.kind))
    loudest = max(float(np.abs(sound).max()), 1e-9)
    heard = hear(np.rint(sound / loudest * 0.9 * _LOUDEST).astype(np.int16), RATE)
    return [[note.onset, note.duration, note.pitch] for note in heard.notes], heard.on_grid
