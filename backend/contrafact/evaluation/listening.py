"""Are the sources found by ear? The piece is rendered, transcribed again, and identified among all works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from contrafact.domain.generation import MusicRequest
from contrafact.domain.instruments import BAND
from contrafact.evaluation.hearing import Heard, hear
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.ranks import rank
from contrafact.evaluation.requests import Asked
from contrafact.evaluation.rows import Found, Row, at_least, measured
from contrafact.evaluation.studio import Studio
from contrafact.music.identification.coverage import Identifier, Sounding
from contrafact.music.pack import PackedTune
from contrafact.music.render import SAMPLE_RATE, render_mix
from contrafact.music.renderer import played


def listening(
    studio: Studio, pieces: Sequence[Piece], bands: Sequence[Piece], tunes: Sequence[PackedTune], identifier: Identifier
) -> Found:
    """Ranks of the chosen works by the sound of melodies alone, and of the same melodies with accompaniment."""
    alone, alone_ranks = _of("audio", "the sound of the melody", studio, pieces, tunes, identifier)
    band, _ = _of("audio_band", "the sound with harmony and bass", studio, bands, tunes, identifier)
    return Found((*alone, *band), {"audio_ranks": alone_ranks})


def with_band(asked: Asked) -> Asked:
    """The same request with accompaniment; the melody does not change by it."""
    music: MusicRequest = replace(asked.request.music, voices=BAND)
    return replace(asked, request=replace(asked.request, music=music))


def _of(
    id: str, what: str, studio: Studio, pieces: Sequence[Piece], tunes: Sequence[PackedTune], identifier: Identifier
) -> tuple[tuple[Row, ...], list[float]]:
    family = {tune.id: tune.family for tune in tunes}
    heard = [_heard(studio, piece) for piece in pieces]
    found = [identifier.rank(each.notes, exact=each.on_grid) for each in heard]
    ranks = [[rank(work, s, family) for work in p.asked.chosen] for p, s in zip(pieces, found, strict=True)]
    first = [np.array([[float(min(each) == 1)]]) for each in ranks]
    top = [np.array([[float(each[p.top] == 1)]]) for p, each in zip(pieces, ranks, strict=True)]
    target = at_least(0.8) if id == "audio" else None
    rows = (
        measured(f"{id}_any_rank_1", f"By {what}, a chosen song is rank 1 of {len(tunes)} works", first, target=target),
        measured(f"{id}_top_rank_1", "… the top-attributed song is", top),
    )
    return rows, [place for each in ranks for place in each]


def _heard(studio: Studio, piece: Piece) -> Heard:
    rows, on_grid = studio.kept("heard as a score", piece.asked.request, lambda: _transcribed(piece))
    return Heard(tuple(Sounding(*row) for row in rows), on_grid)


def _transcribed(piece: Piece) -> tuple[list[list[float]], bool]:
    """Onset, duration and pitch of each note that was heard, and whether times are on a grid."""
    music = piece.asked.request.music
    notes = [note for part in played(piece.played.ledger.notes, music.programs).values() for note in part]
    heard = hear(render_mix(notes, music.tempo).mix, SAMPLE_RATE)
    return [[note.onset, note.duration, note.pitch] for note in heard.notes], heard.on_grid
