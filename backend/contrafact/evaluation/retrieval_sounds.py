"""What retrieval is measured on: works of the catalogue in versions of every kind, and all works to find them in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from contrafact.evaluation.analysed import Analysed
from contrafact.evaluation.versions import Manner, manners, version
from contrafact.music.embedding.playing import MIDI, melody_of, midi_sound, sound_of
from contrafact.music.embedding.windows import Analysis
from contrafact.music.pack import Pack, PackedTune


@dataclass(frozen=True, slots=True)
class Asked:
    """A work that is looked for, and how it is played."""

    tune: PackedTune
    manner: Manner


class Sounds:
    """Analyses of works and versions, made when first asked for and kept."""

    def __init__(self, kept: Analysed, seed: int) -> None:
        self._kept, self._seed = kept, seed

    def work(self, tune: PackedTune, *, own_tempo: bool = True) -> Analysis:
        """A work as it is indexed."""
        return self._kept.get(
            f"work {tune.id}", lambda: sound_of(melody_of(tune.score), tune.score.tempo), own_tempo=own_tempo
        )

    def voices(self, tune: PackedTune) -> list[Analysis]:
        """What is indexed of a work besides its melody: all voices of a chorale."""
        if tune.media_type != MIDI:
            return []
        return [self._kept.get(f"voices {tune.id}", lambda: midi_sound(tune.file), own_tempo=True)]

    def version(self, asked: Asked) -> Analysis:
        """A version of a work."""
        rng = generator(self._seed, asked.tune.id, asked.manner.kind)
        return self._kept.get(
            f"version {self._seed} {asked.tune.id} {asked.manner}", lambda: version(asked.tune, asked.manner, rng)
        )


def chosen(pack: Pack, count: int, seed: int, role: str = "catalogue") -> list[PackedTune]:
    """About `count` works of a role: of each collection the same part, but at least every tenth of them all."""
    tunes = pack.by_role(role)
    found: list[PackedTune] = []
    for collection in sorted({tune.collection for tune in tunes}):
        own = [tune for tune in tunes if tune.collection == collection]
        wanted = min(len(own), max(round(count * len(own) / len(tunes)), count // 5))
        rng = generator(seed, collection, "works")
        found += [own[i] for i in sorted(rng.permutation(len(own))[:wanted])]
    return found


def all_asked(tunes: Sequence[PackedTune], seed: int) -> Iterator[Asked]:
    """Every work in a version of each kind."""
    for tune in tunes:
        yield from (Asked(tune, manner) for manner in manners(generator(seed, tune.id, "manners"), tune))


def generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that are a function of seed and names, whatever else is drawn."""
    return np.random.default_rng(int.from_bytes(sha256(repr((seed, names)).encode()).digest()[:8], "big"))
