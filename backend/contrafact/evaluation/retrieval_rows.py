"""Ranks of versions as rows: by kind of change, by collection and style, of unlike music, and of what is cheaper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from contrafact.evaluation.retrieval_sounds import Asked
from contrafact.evaluation.rows import Found, Row, at_least, measured, stated
from contrafact.evaluation.statistics import Floats
from contrafact.evaluation.styles import metre, style
from contrafact.evaluation.versions import KINDS
from contrafact.music.pack import PackedTune

_TARGETS = {"all": 0.9}
_FEWEST = 5  # works of a group that has a row
METHODS = {
    "spectrum": "mean spectrum in semitone bands",
    "chroma": "mean chroma, in the best of twelve keys",
}


@dataclass(frozen=True)
class Ranked:
    """A version and how it was found: the rank of its work among works of other families, how alike they are, the
    ten nearest works of other families with their likeness, and the rank by each of `METHODS`."""

    asked: Asked
    rank: float
    own: float
    nearest: tuple[tuple[int, float], ...]
    others: Mapping[str, float]


def by_kind(ranked: Sequence[Ranked], halves: Sequence[float], works: int) -> Found:
    """Rank 1, recall among ten and mean reciprocal rank for each kind of change."""
    kinds = list(dict.fromkeys(one.asked.manner.kind for one in ranked))
    rows: list[Row] = []
    for kind in kinds:
        ranks = [_cluster([one.rank]) for one in ranked if one.asked.manner.kind == kind]
        target = at_least(_TARGETS[kind]) if kind in _TARGETS else None
        rows.append(measured(f"rank_1_{kind}", f"{KINDS[kind]}: rank 1 of {works} works", ranks, rank_1, target))
        rows.append(measured(f"recall_10_{kind}", "… among the first ten", ranks, recall_10))
        rows.append(measured(f"mrr_{kind}", "… mean reciprocal rank", ranks, reciprocal))
    parts = [_cluster([rank]) for rank in halves]
    note = "half a tune often repeats what the other half says, and often does not"
    rows.append(measured("rank_1_half", f"{KINDS['half']}: rank 1 of {works} works", parts, rank_1, note=note))
    rows.append(measured("recall_10_half", "… among the first ten", parts, recall_10))
    rows.append(measured("mrr_half", "… mean reciprocal rank", parts, reciprocal))
    named = [KINDS[kind] for kind in kinds]
    firsts = [row.value for row in rows if row.id.startswith("rank_1_") and row.id != "rank_1_half"]
    return Found(tuple(rows), {"kinds": named, "kinds_rank_1": firsts, "ranks_all": _ranks(ranked, "all")})


def by_group(ranked: Sequence[Ranked]) -> Found:
    """Rank 1 and recall over all kinds of change together, by collection, style, metre and mode."""
    groups: dict[str, Callable[[PackedTune], str]] = {
        "collection": lambda tune: {"oneill": "O'Neill", "ryan": "Ryan", "bach": "Bach"}[tune.collection],
        "style": style,
        "metre": metre,
        "mode": lambda tune: tune.score.key.mode,
    }
    rows: list[Row] = []
    for name, of in groups.items():
        found: dict[str, dict[str, list[float]]] = {}
        for one in ranked:
            found.setdefault(of(one.asked.tune), {}).setdefault(one.asked.tune.id, []).append(one.rank)
        for value in sorted(found):
            clusters = [_cluster(ranks) for ranks in found[value].values()]
            if len(clusters) >= _FEWEST:
                key = f"{name}_{value}".replace(" ", "_").replace("'", "")
                rows.append(
                    measured(
                        f"{key}_rank_1", f"{name.capitalize()} {value}: rank 1, all kinds together", clusters, rank_1
                    )
                )
                rows.append(measured(f"{key}_recall_10", "… among the first ten", clusters, recall_10))
    return Found(tuple(rows))


def unlike(ranked: Sequence[Ranked], tunes: Sequence[PackedTune]) -> Found:
    """How far apart jigs and chorales are: the ten works of other families that are nearest to each."""
    styles = [style(tune) for tune in tunes]
    rows: list[Row] = []
    for one, other in (("jig", "chorale"), ("chorale", "jig")):
        asked = [r for r in ranked if style(r.asked.tune) == one and r.asked.manner.kind not in ("band", "four")]
        if not asked:
            continue
        usual = np.mean([each == other for each in styles])
        by_work: dict[str, list[float]] = {}
        for r in asked:
            by_work.setdefault(r.asked.tune.id, []).append(float(np.mean([styles[i] == other for i, _ in r.nearest])))
        note = f"{usual:.3f} of all works are"
        name = f"False neighbours: {other}s among the ten other works nearest to a version of a {one}"
        rows.append(measured(f"unlike_{one}", name, [_cluster(v) for v in by_work.values()], note=note))
    gaps: dict[str, list[float]] = {}
    for r in ranked:
        gaps.setdefault(r.asked.tune.id, []).append(r.own - r.nearest[0][1])
    own, rival = [r.own for r in ranked], [r.nearest[0][1] for r in ranked]
    name = "Margin: likeness of a version and its work, less that of the nearest work of another family"
    rows.append(measured("margin", name, [_cluster(v) for v in gaps.values()]))
    rows.append(
        stated(
            "separation",
            "A version is more like its work than a rival is like another version (AUC)",
            _auc(own, rival),
            len(own),
        )
    )
    return Found(tuple(rows), {"own": [round(x, 4) for x in own], "rival": [round(x, 4) for x in rival]})


def baselines(ranked: Sequence[Ranked], works: int) -> Found:
    """The same versions by what is cheaper: all kinds together, and what is changed in everything; and chance."""
    everything = [one for one in ranked if one.asked.manner.kind == "all"]
    rows = [
        *_beside("", "all kinds together", ranked),
        *_beside("all_", "key, instrument and tempo changed", everything),
    ]
    rows.append(stated("baseline_random", "Chance: rank 1", 1 / works, works))
    return Found(tuple(rows))


def _beside(id: str, what: str, ranked: Sequence[Ranked]) -> list[Row]:
    """The encoder and the baselines on some versions; a row says where a baseline is as good."""
    ours = measured(f"encoder_{id}rank_1", f"The encoder, {what}: rank 1", _by_work(ranked, lambda r: r.rank), rank_1)
    rows = [ours]
    for method, name in METHODS.items():
        clusters = _by_work(ranked, lambda r, method=method: r.others[method])  # type: ignore[misc]
        first = measured(f"baseline_{method}_{id}rank_1", f"Baseline, {name}, {what}: rank 1", clusters, rank_1)
        beaten = "the encoder does NOT beat this baseline" if first.value >= ours.value else ""
        rows.append(replace(first, note=beaten))
        rows.append(measured(f"baseline_{method}_{id}recall_10", "… among the first ten", clusters, recall_10))
    return rows


def _by_work(ranked: Sequence[Ranked], value: Callable[[Ranked], float]) -> list[Floats]:
    """The values of each work's versions."""
    found: dict[str, list[float]] = {}
    for one in ranked:
        found.setdefault(one.asked.tune.id, []).append(value(one))
    return [_cluster(values) for values in found.values()]


def rank_1(units: Floats) -> float:
    """The part of the ranks that are 1."""
    return float((units[:, 0] == 1).mean())


def recall_10(units: Floats) -> float:
    """The part of the ranks that are 10 or better."""
    return float((units[:, 0] <= 10).mean())


def reciprocal(units: Floats) -> float:
    """The mean of one over the rank."""
    return float((1 / units[:, 0]).mean())


def _ranks(ranked: Sequence[Ranked], kind: str) -> list[float]:
    return [one.rank for one in ranked if one.asked.manner.kind == kind]


def _cluster(values: Sequence[float]) -> Floats:
    return np.array(values, np.float64)[:, None]


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """The probability that one of `higher` is above one of `lower`."""
    low = np.sort(lower)
    return float(np.mean([np.searchsorted(low, value) / len(low) for value in higher]))
