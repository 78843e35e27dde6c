"""How much is copied, and how much do the tunes of the catalogue share with one another?

A *run* is a stretch of pitch and duration tokens that stands in another tune too, pitches counted from the tonic. A
piece is held against the sources it read. The human measure holds each tune of the catalogue against all other
families of the catalogue, and against the variants in its own family.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.rows import Found, Row, at_most, measured
from contrafact.evaluation.statistics import Floats, highest
from contrafact.music import tokens as t
from contrafact.music.constraints import LONGEST_RUN
from contrafact.music.pack import PackedTune
from contrafact.music.request import read_sources
from contrafact.music.source_form import SourceForm

LONG, SHORT = 16, 12
"""Tokens of a run that count as copied: eight notes, and six."""

Ints = NDArray[np.int64]
_NAMES = ("longest run in tokens", "part of the notes in copied runs of ≥ 8 notes", "… of ≥ 12 tokens")
_IDS = ("longest_run", "copied_8_notes", "copied_12_tokens")


def copying(pieces: Sequence[Piece], tunes: Sequence[PackedTune]) -> Found:
    """Rows for pieces against their sources, and for tunes against other families and against their variants."""
    generated = np.array([_of_piece(piece) for piece in pieces])
    others, variants = of_tunes(tunes)
    rows = (
        *_rows("", "Piece against its sources", generated),
        *_rows("human_", "Catalogue tune against other families", others),
        *_rows("variant_", "Catalogue tune against its variants", variants),
    )
    series = {
        "longest_run": generated[:, 0].tolist(),
        "human_longest_run": others[:, 0].tolist(),
        "variant_longest_run": variants[:, 0].tolist(),
    }
    return Found(rows, series)


def run_lengths(tokens: Ints, source: Ints) -> Ints:
    """For each token, how long the run is that ends with it and stands in `source` too."""
    longest = np.zeros(len(tokens), dtype=np.int64)
    runs = np.zeros(len(source), dtype=np.int64)
    for at, token in enumerate(tokens):
        runs = np.where(source == token, np.concatenate(([0], runs[:-1])) + 1, 0)
        longest[at] = runs.max(initial=0)
    return longest


def measures(tokens: Ints, ends: Ints) -> tuple[float, float, float]:
    """Longest run, and the part of the notes in runs of `LONG` and of `SHORT` tokens, from the runs' ends."""
    return (float(ends.max(initial=0)), _copied(tokens, ends, LONG), _copied(tokens, ends, SHORT))


def of_tunes(tunes: Sequence[PackedTune]) -> tuple[Floats, Floats]:
    """Measures (tunes, 3) against all other families, and (tunes with variants, 3) against the variants."""
    texts = [_tokens_of_form(SourceForm.from_score(tune.score)) for tune in tunes]
    numbers = {family: i for i, family in enumerate(sorted({tune.family for tune in tunes}))}
    families = np.array([numbers[tune.family] for tune in tunes])
    outside, inside = _ends(texts, families)
    related = [i for i, family in enumerate(families) if (families == family).sum() > 1]
    return (
        np.array([measures(text, ends) for text, ends in zip(texts, outside, strict=True)]),
        np.array([measures(texts[i], inside[i]) for i in related]).reshape(-1, 3),
    )


def _ends(texts: Sequence[Ints], families: Ints) -> tuple[list[Ints], list[Ints]]:
    """For each token of each text the run that ends there: of other families, and of other texts of its own family.

    All texts lie one after another, parted by tokens that occur once. Runs of k + 1 tokens are told apart by numbering
    the pairs of a run of k and the token after it.
    """
    owners = np.concatenate([np.full(len(text) + 1, i) for i, text in enumerate(texts)])
    flat = np.concatenate([np.append(text, t.VOCABULARY + i) for i, text in enumerate(texts)])
    outside, inside = np.zeros(len(flat), dtype=np.int64), np.zeros(len(flat), dtype=np.int64)
    names, length = flat, 1
    while True:
        owner, family = owners[: len(names)], families[owners[: len(names)]]
        in_others = _held_by_several(names, family)
        in_variants = _held_by_several(names * (families.max() + 1) + family, owner)
        outside[np.flatnonzero(in_others) + length - 1] = length
        inside[np.flatnonzero(in_variants) + length - 1] = length
        if not (in_others | in_variants).any():
            break
        pairs = names[:-1] * (flat.max() + 1) + flat[length:]
        names, length = np.unique(pairs, return_inverse=True)[1], length + 1
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    spans = [slice(start, start + len(text)) for start, text in zip(starts, texts, strict=True)]
    return [outside[span] for span in spans], [inside[span] for span in spans]


def _held_by_several(names: Ints, holders: Ints) -> NDArray[np.bool_]:
    """For each place, whether its name also stands at a place of another holder."""
    _, number = np.unique(names, return_inverse=True)
    lowest = np.full(number.max() + 1, holders.max() + 1)
    highest_of = np.full(number.max() + 1, -1)
    np.minimum.at(lowest, number, holders)
    np.maximum.at(highest_of, number, holders)
    several: NDArray[np.bool_] = (lowest != highest_of)[number]
    return several


def _of_piece(piece: Piece) -> tuple[float, float, float]:
    tokens = tokens_of_piece(piece)
    sources = [_tokens_of_form(form) for form in read_sources(piece.asked.request)]
    ends = np.max([run_lengths(tokens, source) for source in sources], axis=0)
    return measures(tokens, ends)


def tokens_of_piece(piece: Piece) -> Ints:
    """The pitch and duration tokens of the melody, rests among them; a bar's first draw is of its component."""
    draws = iter(piece.played.ledger.draws)
    tokens: list[int] = []
    for trace in piece.played.traces:
        next(draws)
        tokens += [next(draws).token for _ in range(2 * len(trace.ticks))]
    return np.array(tokens)


def _copied(tokens: Ints, ends: Ints, least: int) -> float:
    covered = np.zeros(len(tokens), dtype=bool)
    for end in np.flatnonzero(ends >= least):
        covered[end - ends[end] + 1 : end + 1] = True
    notes = (tokens >= t.FIRST_PITCH) & (tokens < t.FIRST_DURATION)
    return float(covered[notes].mean()) if notes.any() else 0.0


def _tokens_of_form(form: SourceForm) -> Ints:
    return np.array([token for token in t.write_bars(form.body) if token != t.BAR])


def _rows(prefix: str, name: str, values: Floats) -> tuple[Row, ...]:
    if not len(values):
        return ()
    clusters = [row[None] for row in values]
    means = [
        measured(f"{prefix}{id}", f"{name}: {what}, mean", [c[:, [i]] for c in clusters])
        for i, (id, what) in enumerate(zip(_IDS, _NAMES, strict=True))
    ]
    limit = None if prefix else at_most(LONGEST_RUN)
    return (*means, measured(f"{prefix}longest_run_max", f"{name}: {_NAMES[0]}, greatest", clusters, highest, limit))
