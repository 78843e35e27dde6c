"""Does the second opinion agree with the shares? Pieces of three works, heard without their notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from contrafact.evaluation.cache import Cache
from contrafact.evaluation.listening import with_band
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.requests import TEMPO, ask
from contrafact.evaluation.rows import Found, Row, measured
from contrafact.evaluation.statistics import Floats, correlation
from contrafact.evaluation.studio import Studio
from contrafact.music.checkpoint import load_model
from contrafact.music.embedding.comparison import Comparison, compare
from contrafact.music.embedding.index import Index
from contrafact.music.embedding.opinion import estimate
from contrafact.music.embedding.playing import melody_of_form, sound_of
from contrafact.music.embedding.weights import Ear
from contrafact.music.pack import PackedTune
from contrafact.music.source_form import SourceForm

SECONDS = 45
OnProgress = Callable[[str, int, int], None]


def opinions(
    ear: Ear, others: Index, tunes: Sequence[PackedTune], count: int, seed: int, cache: Cache, told: OnProgress
) -> Found:
    """Estimates beside exact shares: of melodies alone, and of the same pieces with harmony and bass."""
    studio = Studio(load_model(), cache)
    asked = ask(tunes, count, SECONDS, seed)
    alone, band = [], []
    for done, one in enumerate(asked):
        told("pieces", done, len(asked))
        alone.append(compared(ear, others, studio.piece(one)))
        band.append(compared(ear, others, studio.piece(with_band(one))))
    series = {"exact": [x for c in alone for x in c.exact], "estimated": [x for c in alone for x in c.estimated]}
    return Found(
        (*_rows("opinion", "melody alone", alone), *_rows("opinion_band", "with harmony and bass", band)), series
    )


def compared(ear: Ear, others: Index, piece: Piece) -> Comparison:
    """The second opinion on a piece, beside its shares."""
    request = piece.asked.request
    heard = sound_of(piece.played.ledger.notes, request.music.tempo, request.music.programs)
    sources = {
        work: sound_of(melody_of_form(SourceForm.from_bytes(source.form)), TEMPO)
        for work, source in zip(piece.asked.chosen, request.sources, strict=False)
    }
    return compare(piece.played.ledger, request.music.tempo, estimate(ear, heard, sources, others))


def _rows(id: str, what: str, found: Sequence[Comparison]) -> list[Row]:
    if not found:
        return []
    pairs = [np.stack([c.estimated, c.exact], axis=1) for c in found]
    errors = [np.abs(pair[:, :1] - pair[:, 1:]) for pair in pairs]
    chance = f"chance: {1 / len(found[0].sources):.2f}"
    return [
        measured(
            f"{id}_top",
            f"Pieces, {what}: the opinion's top source is that of the shares",
            _flags([c.same_top for c in found]),
            note=chance,
        ),
        measured(
            f"{id}_windows",
            "… of windows of 4 s, the top source is the same",
            _flags([c.windows_agree for c in found]),
            note=chance,
        ),
        measured(
            f"{id}_rank", "… rank correlation of estimated and exact shares, sources of all pieces", pairs, correlation
        ),
        measured(f"{id}_error", "… mean absolute difference of a share", errors),
    ]


def _flags(values: Sequence[float]) -> list[Floats]:
    return [np.array([[float(value)]]) for value in values]
