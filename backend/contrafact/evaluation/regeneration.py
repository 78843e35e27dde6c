"""Independent evidence: what of a source does a piece lose when it is generated again without that source?

A source's *overlap* with a piece is the part of the piece, by duration, that lies in runs of intervals which the source
has too (`overlap`). What is *lost* is the overlap of the piece less that of the piece generated again, with the same
seed, without the source; so the overlap that any music of this kind has by chance cancels out. No likelihood enters.

Whole piece: all is written anew, the other weights in proportion. Bar by bar: each bar alone is written anew, after
the recorded past (`Studio.bars_without`), and judged with the notes just before it. Bars cannot be explained by the
weights, which are the same for all bars of a piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from contrafact.domain.generation import EventNote
from contrafact.evaluation.overlap import INTERVALS, Likeness, overlap
from contrafact.evaluation.pieces import Piece, of_bars
from contrafact.evaluation.rows import NOT_BEATEN, Found, Row, Target, at_least, measured, stated
from contrafact.evaluation.statistics import Floats, correlation, partial_correlation
from contrafact.evaluation.studio import Studio, Tone
from contrafact.music.control import CONTROL
from contrafact.music.request import read_sources

BAR_INTERVALS = 4
"""In a run, where bars are judged one by one: a bar has few notes."""
SHARE, LOST, WEIGHT, LIKENESS = range(4)
"""The columns of what is measured for a source."""


def of_whole_pieces(
    studio: Studio, pieces: Sequence[Piece], likeness: Likeness, control: float = CONTROL, length: int = INTERVALS
) -> list[Floats]:
    """For each piece an array (sources, columns): share, overlap lost, weight, likeness as a part of one."""
    return [_of_piece(studio, piece, likeness, control, length) for piece in pieces]


def of_bars_of_pieces(studio: Studio, pieces: Sequence[Piece], likeness: Likeness) -> list[Floats]:
    """For each piece an array (sources, bars, columns), bar by bar; weight and likeness are those of the piece."""
    return [_by_bars(studio, piece, likeness) for piece in pieces]


def rows_of_pieces(id: str, name: str, measures: Sequence[Floats], target: Target | None = None) -> tuple[Row, ...]:
    """Share against overlap lost, beside what the weights, likeness and an equal split would say."""
    share = measured(id, f"{name}: Spearman", _pairs(measures, SHARE), correlation, target)
    partial = measured(
        f"{id}_partial",
        "… partial, given the weights",
        [m[:, [SHARE, LOST, WEIGHT]] for m in measures],
        partial_correlation,
        note="what the share knows beyond the weights",
    )
    rows = [share, partial]
    for column, suffix, baseline in _BASELINES:
        row = measured(f"{id}_{suffix}", f"… baseline: {baseline}", _pairs(measures, column), correlation)
        rows.append(row if share.value > row.value else replace(row, note=NOT_BEATEN))
    equal = stated(f"{id}_equal", "… baseline: equal split", 0.0, len(measures), note="equal shares order nothing")
    return (*rows, equal)


def regeneration(
    studio: Studio, pieces: Sequence[Piece], uncontrolled: Sequence[Piece], bar_by_bar: int, likeness: Likeness
) -> Found:
    """All rows: whole pieces with the share controller on and off, and bar by bar of the first `bar_by_bar` pieces."""
    whole = of_whole_pieces(studio, pieces, likeness)
    free = of_whole_pieces(studio, uncontrolled, likeness, control=0.0)
    bars = of_bars_of_pieces(studio, pieces[:bar_by_bar], likeness)
    flat = [b.reshape(-1, b.shape[-1]) for b in bars]
    others = [of_whole_pieces(studio, pieces, likeness, length=n) for n in (INTERVALS - 1, INTERVALS + 1)]
    rows = (
        *rows_of_pieces("regeneration", "Share against overlap lost without the source", whole, at_least(0.75)),
        *rows_of_pieces("regeneration_off", "The same, controller off", free),
        *rows_of_pieces("regeneration_bars", "Bar by bar, share of the bar", flat),
        *rows_of_pieces("regeneration_bars_sum", "Bar by bar, added up over the piece", [b.mean(axis=1) for b in bars]),
        *(_other_length(n, m) for n, m in zip((INTERVALS - 1, INTERVALS + 1), others, strict=True)),
    )
    series = {**_series("regeneration", whole), **_series("regeneration_off", free), **_series("bars", flat)}
    return Found(rows, series)


def pitches_of(piece: Piece) -> list[list[int]]:
    """The pitches of each chosen work as the generator read it, in semitones from the tonic."""
    forms = read_sources(piece.asked.request)
    return [[e.pitch for bar in form.body for e in bar if e.pitch is not None] for form in forms]


def likeness_of(piece: Piece, likeness: Likeness) -> Floats:
    """The likeness of the piece to each chosen work, divided so that they sum to one."""
    found = likeness.of([note.pitch for note in piece.notes])
    values = np.array([found[work] for work in piece.asked.chosen])
    return values / values.sum() if values.sum() else np.full(len(values), 1 / len(values))


_BASELINES = (
    (WEIGHT, "weights", "requested weights"),
    (LIKENESS, "likeness", "likeness of piece and source"),
)


def _pairs(measures: Sequence[Floats], column: int) -> list[Floats]:
    return [m[:, [column, LOST]] for m in measures]


def _other_length(length: int, measures: Sequence[Floats]) -> Row:
    name = f"Share against overlap lost, runs of {length} intervals instead of {INTERVALS}"
    return measured(f"regeneration_runs_{length}", name, _pairs(measures, SHARE), correlation)


def _series(name: str, measures: Sequence[Floats]) -> dict[str, list[float]]:
    together = np.concatenate(list(measures))
    columns = (("share", SHARE), ("lost", LOST), ("weight", WEIGHT), ("likeness", LIKENESS))
    return {f"{name}_{column}": together[:, i].tolist() for column, i in columns}


def _of_piece(studio: Studio, piece: Piece, likeness: Likeness, control: float, length: int) -> Floats:
    before = [(n.bar, n.onset, n.duration, n.pitch) for n in piece.notes]
    lost = []
    for i, source in enumerate(pitches_of(piece)):
        after = studio.tones(piece.asked.without(i), control)
        lost.append(_overlap(before, source, length) - _overlap(after, source, length))
    return np.stack([piece.shares, lost, piece.weights, likeness_of(piece, likeness)], axis=1)


def _overlap(tones: Sequence[Tone], source: Sequence[int], length: int) -> float:
    return overlap([t[3] for t in tones], [t[2] for t in tones], source, length)


def _by_bars(studio: Studio, piece: Piece, likeness: Likeness) -> Floats:
    anew = studio.bars_without(piece)
    bars = len(piece.played.traces)
    parts = np.array([note.responsibilities[1:-1] for note in piece.notes]) / 1e6
    shares = of_bars(piece.notes, parts, bars)
    lost = [
        _lost_by_bar(piece.notes, bars_anew, source) for bars_anew, source in zip(anew, pitches_of(piece), strict=True)
    ]
    columns = [shares.T, np.array(lost)]
    for value in (piece.weights, likeness_of(piece, likeness)):
        columns.append(np.repeat(value[:, None], bars, axis=1))
    return np.stack(columns, axis=2)


def _lost_by_bar(notes: Sequence[EventNote], anew: Sequence[Sequence[Tone]], source: Sequence[int]) -> list[float]:
    lost = []
    for bar, tones in enumerate(anew):
        past = [n.pitch for n in notes if n.bar < bar][-BAR_INTERVALS:]
        recorded = [(n.pitch, n.duration) for n in notes if n.bar == bar]
        written = [(tone[3], tone[2]) for tone in tones]
        lost.append(_overlap_after(past, recorded, source) - _overlap_after(past, written, source))
    return lost


def _overlap_after(past: Sequence[int], bar: Sequence[tuple[int, int]], source: Sequence[int]) -> float:
    """The overlap of a bar, runs that begin in the notes before it counted."""
    pitches, durations = [*past, *(pitch for pitch, _ in bar)], [*(0 for _ in past), *(ticks for _, ticks in bar)]
    return overlap(pitches, durations, source, BAR_INTERVALS) if bar else 0.0
