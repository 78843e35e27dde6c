"""Are the sources found again by ear, so to say: among all works of the pack, by the notes of the piece alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from contrafact.evaluation.hearing import soundings
from contrafact.evaluation.overlap import Likeness
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.regeneration import likeness_of
from contrafact.evaluation.requests import metre_of
from contrafact.evaluation.rows import NOT_BEATEN, Found, Row, at_least, measured
from contrafact.evaluation.statistics import Floats, median
from contrafact.music.identification.coverage import Identifier, Sounding
from contrafact.music.pack import PackedTune
from contrafact.music.request import compatible_metres

Scores = Mapping[str, float]


def soundings_of_tune(tune: PackedTune) -> list[Sounding]:
    """The tune's melody; onsets in ticks from its start."""
    return soundings(tune.score)


def soundings_of_piece(piece: Piece) -> list[Sounding]:
    """What the model wrote of a piece; onsets in ticks."""
    return [Sounding(n.onset, n.duration, n.pitch) for n in piece.notes]


def identification(
    pieces: Sequence[Piece], tunes: Sequence[PackedTune], identifier: Identifier, likeness: Likeness
) -> Found:
    """Ranks of the chosen works among all works that are not variants of them, and of the controls."""
    scores = [identifier.rank(soundings_of_piece(piece)) for piece in pieces]
    family = {tune.id: tune.family for tune in tunes}
    ranks = [np.array([rank(work, s, family) for work in p.asked.chosen]) for p, s in zip(pieces, scores, strict=True)]
    tops = {
        "top": [p.top for p in pieces],
        "weights": [int(p.weights.argmax()) for p in pieces],
        "likeness": [int(likeness_of(p, likeness).argmax()) for p in pieces],
    }
    first = {name: _first([r[[top]] for r, top in zip(ranks, at, strict=True)]) for name, at in tops.items()}
    among = f"rank 1 of {len(tunes)} works"
    top = measured("top_rank_1", f"The top-attributed song is {among}", first["top"], target=at_least(0.8))
    same_kind = "this likeness is an identification itself, so nearly a tautology"
    equal = [np.array([[float(np.mean(r == 1))]]) for r in ranks]
    rows = (
        measured("any_rank_1", f"A chosen song is {among}", _first(ranks), target=at_least(0.95)),
        top,
        _baseline("top_rank_1_weights", "the song with the largest weight", first["weights"], top),
        _baseline("top_rank_1_likeness", "the song of the largest likeness", first["likeness"], top, same_kind),
        _baseline("top_rank_1_equal", "equal split: any of them", equal, top),
        measured("rank_median", "Median rank of a chosen song", [r[:, None] for r in ranks], median),
        *_of_controls(pieces, tunes, scores, family),
    )
    series = {"rank_of_top": [float(r[t]) for r, t in zip(ranks, tops["top"], strict=True)]}
    return Found(rows, {**series, "ranks": [float(x) for r in ranks for x in r]})


def rank(work: str, scores: Scores, family: Mapping[str, str]) -> float:
    """The rank of a work, 1 the best, among those of other families; equal scores share their mean rank."""
    others = np.array([score for other, score in scores.items() if family[other] != family[work]])
    return 1.0 + float((others > scores[work]).sum()) + 0.5 * float((others == scores[work]).sum())


def _of_controls(
    pieces: Sequence[Piece], tunes: Sequence[PackedTune], scores: Sequence[Scores], family: Mapping[str, str]
) -> tuple[Row, ...]:
    """Where the works that were named but not to be used stand: among all, and among those they compete with."""
    places, ranks = [], []
    for piece, score in zip(pieces, scores, strict=True):
        taken = {family[work] for work in piece.asked.chosen}
        usable = compatible_metres(piece.asked.request.music.metre)
        rivals = {t.id: score[t.id] for t in tunes if metre_of(t) in usable and t.family not in taken}
        ranks.append(np.array([[rank(piece.asked.control, score, family)]]))
        places.append(np.array([[rank(piece.asked.control, rivals, family) / len(rivals)]]))
    place = measured(
        "control_place", "Opted-out control: mean place, 0 to 1, among unchosen works of its metre", places
    )
    chance = place.low is not None and place.high is not None and place.low <= 0.5 <= place.high
    held = Row(
        **{
            **place.__dict__,
            "target": "0.5 within the interval",
            "met": chance,
            "note": "0.5 is chance; works of which nothing is found share their mean rank",
        }
    )
    return held, measured("control_rank", f"… median rank among all {len(tunes)} works", ranks, median)


def _first(ranks: Sequence[Floats]) -> list[Floats]:
    return [np.array([[float(r.min() == 1)]]) for r in ranks]


def _baseline(id: str, name: str, clusters: Sequence[Floats], top: Row, note: str = "") -> Row:
    row = measured(id, f"… baseline: {name}", clusters, note=note)
    beaten = NOT_BEATEN if row.value >= top.value else ""
    return Row(**{**row.__dict__, "note": "; ".join(text for text in (beaten, note) if text)})
