"""`contrafact evaluate training`: rows from the committed ground truth, in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from contrafact.domain.digests import canonical_json, sha256
from contrafact.evaluation.rows import Results, Row, Target, at_least, measured, stated
from contrafact.evaluation.statistics import Floats
from contrafact.evaluation.training import measures
from contrafact.evaluation.training.data import Data
from contrafact.evaluation.training.runs import HALF

SCHEMA = "contrafact/training-evaluation/1"
CHOSEN = "trak"
ABOVE_ZERO = Target("interval above 0", lambda low: low > 0)
NEAR_ZERO = Target("within 0.05 of 0", lambda value: abs(value) <= 0.05)


@dataclass(frozen=True)
class Study:
    """The rows, and what a pool's rule asks of them."""

    results: Results
    model: bytes
    correlation: float
    low: float
    high: float

    def to_json(self) -> str:
        """The document that licenses the rule `influence`, or does not: `contrafact/training-evaluation/1`."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "model": self.model.hex(),
            "catalogues": {"correlation": self.correlation, "low": self.low, "high": self.high},
            "settings": self.results.settings,
            "rows": [asdict(row) for row in self.results.rows],
        }
        return json.dumps({**document, "series": self.results.series}, ensure_ascii=False, indent=1)


def study(data: Data) -> Study:
    """Everything that the ground truth says of the estimators.

    The model that is measured is the proxy, named by the digest of its setting: no file of weights has that name, so
    nothing of this licenses a pool to be shared by influence.
    """
    subsets = np.stack([run.members(data.catalogues) for run in _halves(data)])
    truth = measures.halves(data.of_queries)
    lost = measures.lost_catalogues(data.of_queries)
    rows = [
        *_lds_rows(data, subsets, truth),
        *_limits(data, truth),
        *_centred_rows(data, subsets, truth),
        *_degenerate_rows(data, subsets, truth),
        *_self_rows(data),
        *_catalogue_rows(data, lost),
        *_work_rows(data),
    ]
    sums = measures.of_catalogues(data.scores[CHOSEN], data.catalogues)
    series = {
        "lds": measures.lds(data.scores[CHOSEN], subsets, truth).tolist(),
        "catalogue_estimated": _standardised(sums).flatten().tolist(),
        "catalogue_lost": _standardised(lost).flatten().tolist(),
        "estimators": list(data.scores),
        "estimator_lds": [float(measures.lds(s, subsets, truth).mean()) for s in data.scores.values()],
    }
    counts = {"training_works": len(data.titles), "queries": len(data.kinds), "models": len(data.losses.runs)}
    settings = {**_flat(data.setting), **counts}
    low, high = measures.catalogue_interval(sums, lost)
    digest = sha256(canonical_json({"proxy": data.setting}))
    return Study(Results(rows, series, settings), digest, measures.catalogue_correlation(sums, lost), low, high)


def _lds_rows(data: Data, subsets: Any, truth: Floats) -> Iterator[Row]:
    for name, scores in data.scores.items():
        target = at_least(0.35) if name == CHOSEN else NEAR_ZERO if name == "random" else None
        values = measures.lds(scores, subsets, truth)
        note = f"standard error over queries {_error(values):.3f}"
        if name == CHOSEN:
            low, high = measures.over_subsets(scores, subsets, truth)
            note += f"; interval over queries and halves together {low:.2f} … {high:.2f}"
        yield measured(f"lds.{_id(name)}", f"LDS, {name}", _clusters(values), target=target, note=note)
    for kind in sorted(set(data.kinds)):
        of_kind = np.array([k == kind for k in data.kinds])
        values = measures.lds(data.scores[CHOSEN][of_kind], subsets, truth[:, of_kind])
        yield measured(f"lds_of.{_id(kind)}", f"LDS, {CHOSEN}, {kind}", _clusters(values))


def _limits(data: Data, truth: Floats) -> Iterator[Row]:
    agreement = measures.reliability(data.of_queries)
    seeds = len(data.losses.seeds(HALF))
    yield measured("limit.reliability", "agreement of two seeds on one subset's losses", _clusters(agreement))
    best = measures.ceiling(float(agreement.mean()), seeds)
    yield stated("limit.ceiling", f"highest LDS that {seeds} seeds allow", best, truth.shape[1])


def _centred_rows(data: Data, subsets: Any, truth: Floats) -> Iterator[Row]:
    for name, scores in data.scores.items():
        values = measures.centred_lds(scores, subsets, truth)
        yield measured(f"centred.{_id(name)}", f"centred LDS, {name}", _clusters(values))


def _degenerate_rows(data: Data, subsets: Any, truth: Floats) -> Iterator[Row]:
    scores = data.scores[CHOSEN]
    values = measures.lds(measures.one_for_all(scores), subsets, truth)
    yield measured("degenerate.lds", "LDS of one ranking for all queries (the mean of the scores)", _clusters(values))
    alike = measures.sameness(scores)
    target = Target("≤ 0.5", lambda value: value <= 0.5)
    yield stated("degenerate.same", "rank correlation of two queries' rankings", alike, len(scores), target)


def _self_rows(data: Data) -> Iterator[Row]:
    for name, own in data.own.items():
        ranks = measures.self_ranks(own)
        target = Target("= 1", lambda value: value == 1) if name == CHOSEN else None
        first, label = _clusters((ranks == 1).astype(float)), f"a copy of a training tune ranks that tune first, {name}"
        yield measured(f"own.first.{_id(name)}", label, first, target=target)
        yield measured(f"own.rank.{_id(name)}", f"rank of a training tune for itself, {name}", _clusters(ranks))


def _catalogue_rows(data: Data, lost: Floats) -> Iterator[Row]:
    for name, scores in data.scores.items():
        sums = measures.of_catalogues(scores, data.catalogues)
        value, (low, high) = measures.catalogue_correlation(sums, lost), measures.catalogue_interval(sums, lost)
        judged = (ABOVE_ZERO.text, bool(ABOVE_ZERO.keeps(low))) if name == CHOSEN else ("", None)
        label = f"rank correlation over catalogues left out, {name}"
        yield Row(f"catalogues.{_id(name)}", label, value, low, high, lost.shape[0], *judged)


def _work_rows(data: Data) -> Iterator[Row]:
    works, lost = measures.lost_works(data.of_queries)
    for name, scores in data.scores.items():
        values = _clusters(measures.work_correlations(scores[:, works], lost))
        yield measured(f"works.{_id(name)}", f"rank correlation over queries, one work left out, {name}", values)
    everything = measures.lost_works(data.losses)[1][len(data.kinds) :]
    places = np.array([(everything[:, i] >= everything[work, i]).sum() for i, work in enumerate(works)], dtype=float)
    label = "place of the work itself among all training tunes by what they lose without it"
    yield measured("works.own", label, _clusters(places))


def _halves(data: Data) -> list[Any]:
    first = data.losses.seeds(HALF)[0]
    return [run for run in data.losses.runs if run.kind == HALF and run.seed == first]


def _clusters(values: Floats) -> list[Floats]:
    return [np.array([[value]]) for value in values]


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _standardised(table: Floats) -> Floats:
    """Each query's values about their mean, in units of their spread."""
    centred = table - table.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(centred.std(axis=1, keepdims=True), 1e-12))


def _id(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


def _flat(setting: Mapping[str, Any]) -> dict[str, Any]:
    return {key: json.dumps(value) if isinstance(value, dict) else value for key, value in setting.items()}
