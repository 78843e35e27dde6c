"""What was recognised, as rows: versions by kind, strangers that were taken for versions, and the time it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from contrafact.evaluation.identification_catalogue import PackIndex
from contrafact.evaluation.identification_scores import KINDS as SCORES
from contrafact.evaluation.rows import Found, at_least, at_most, rate, stated
from contrafact.evaluation.versions import TEMPI
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.verdict import THRESHOLD
from contrafact.music.pack import PackedTune

RECORDINGS = {
    "key": "In each of the twelve keys",
    **{f"tempo_{tempo:g}": f"At {tempo:.0%} of its tempo" for tempo in TEMPI},
    "instrument": "On another instrument",
    "all": "In another key, at another tempo, on another instrument",
}
BESIDE = {
    "band": "In another key, with harmony, bass and drums",
    "room": "In another key, in a hall, through a small loudspeaker",
    "noise_version": "In another key, with white noise, 15 dB below",
}


@dataclass(frozen=True, slots=True)
class VersionFound:
    """A version that was asked for: whether its work came before all works that are no relatives, how well it fitted,
    and how long that took (s)."""

    tune: str
    kind: str
    first: bool
    measure: float
    seconds: float

    @classmethod
    def of(cls, known: PackIndex, tune: PackedTune, kind: str, melody: Melody | None) -> VersionFound:
        began = perf_counter()
        match, first = known.own(melody, tune)
        return cls(tune.id, kind, first, match.measure if match else 0.0, perf_counter() - began)

    @property
    def accepted(self) -> bool:
        return self.first and self.measure >= THRESHOLD


@dataclass(frozen=True, slots=True)
class Stranger:
    """A file of no work: how well what it is most like fits, relatives taken out of the catalogue, and its name; and the
    same with the tune's family alone taken out."""

    tune: str
    kind: str
    measure: float
    like: str
    family_measure: float
    family_like: str

    @classmethod
    def of(cls, known: PackIndex, tune: PackedTune, kind: str, melody: Melody | None) -> Stranger:
        by_family = known.best(melody, known.families[tune.id])
        # What is no relative and yet the best is so as well where the relatives are not there.
        related = by_family and by_family.work.work_id in known.kin[tune.id]
        found = (known.best(melody, known.kin[tune.id]) if related else by_family, by_family)
        said = [(one.measure, one.work.work_id.decode()) if one else (0.0, "") for one in found]
        return cls(tune.id, kind, *said[0], *said[1])


def versions(found: Sequence[VersionFound]) -> Found:
    """Rank 1 and verdict by kind of recording."""
    target = [one for one in found if _kind(one) in RECORDINGS]
    rows = [
        rate("versions", "Recordings of all these kinds: rank 1", [one.first for one in target], at_least(0.9)),
        rate("versions_accepted", "… and called a version", [one.accepted for one in target]),
    ]
    for kind, words in {**RECORDINGS, **BESIDE}.items():
        own = [one for one in found if _kind(one) == kind]
        rows.append(rate(f"version_{kind}", f"{words}: rank 1", [one.first for one in own]))
        rows.append(rate(f"version_{kind}_accepted", "… and called a version", [one.accepted for one in own]))
    keys = {f"key_{key}": [one.first for one in found if one.kind == f"key_{key}"] for key in range(12)}
    times = [1000 * one.seconds for one in found]
    rows += [
        stated(
            "time_median", "Time to find a melody among all works, median (ms)", float(np.median(times)), len(times)
        ),
        stated("time_p99", "… 99th percentile (ms)", float(np.percentile(times, 99)), len(times)),
    ]
    worst = min(keys, key=lambda key: sum(keys[key]))
    rows.append(rate("version_worst_key", f"The worst of the twelve keys (+{worst[4:]}): rank 1", keys[worst]))
    return Found(tuple(rows), {"own_measures": [one.measure for one in target]})


def scores(found: Sequence[VersionFound]) -> Found:
    """The same for scores."""
    rows = [
        rate("scores", "Scores of all these kinds: rank 1", [one.first for one in found], at_least(0.9)),
        rate("scores_accepted", "… and called a version", [one.accepted for one in found]),
    ]
    for kind, words in SCORES.items():
        own = [one for one in found if one.kind == kind]
        rows.append(rate(f"score_{kind}", f"{words}: rank 1", [one.first for one in own]))
        rows.append(rate(f"score_{kind}_accepted", "… and called a version", [one.accepted for one in own]))
    return Found(tuple(rows))


def strangers(measured: Sequence[Stranger]) -> Found:
    """How often a file of no work was called a version."""
    rows = [rate("false_accepts", "Files of no work: called a version", _called(measured), at_most(0.001))]
    for kind, words in (("score", "whole scores"), ("part", "parts of 40 notes"), ("recording", "recordings")):
        rows.append(rate(f"false_{kind}", f"… {words}", _called([one for one in measured if one.kind == kind])))
    by_family = [one.family_measure >= THRESHOLD for one in measured]
    note = "relatives that the pack's families do not know count as errors here"
    rows.append(rate("false_family", "Only the tune's own family taken out: called a version", by_family, note=note))
    named = sorted((one for one in measured if one.family_measure >= THRESHOLD), key=lambda one: -one.family_measure)
    return Found(
        tuple(rows),
        {
            "stranger_measures": [one.measure for one in measured],
            "taken_for": [
                [one.tune, one.kind, one.family_like, round(one.family_measure, 2), one.measure >= THRESHOLD]
                for one in named
            ],
        },
    )


def _called(found: Sequence[Stranger]) -> list[bool]:
    return [one.measure >= THRESHOLD for one in found]


def _kind(found: VersionFound) -> str:
    for kind in ("key", "instrument", "all", "band"):
        if found.kind == kind or found.kind.startswith(f"{kind}_"):
            return kind
    return found.kind
