"""Works that were named but not licensed: their share is zero, and nothing of them is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.requests import Asked
from contrafact.evaluation.rows import Found, exactly, stated
from contrafact.evaluation.studio import Studio

JUNK = b"\x00 this is no source form"


def controls(studio: Studio, pieces: Sequence[Piece], tried: int) -> Found:
    """Shares of the controls of all pieces; of the first `tried`, whether junk in its place changes a note."""
    worst = max(piece.control_share for piece in pieces)
    different = sum(_changed(studio, piece) for piece in pieces[:tried])
    count = min(tried, len(pieces))
    unread = "the control's source form was replaced by bytes that no reader accepts"
    rows = (
        stated("control_share", "Share of an opted-out control, ppm: the greatest", worst, len(pieces), exactly(0)),
        stated("control_read", "Pieces that change without the control", different, count, exactly(0), unread),
    )
    return Found(rows)


def _changed(studio: Studio, piece: Piece) -> bool:
    return studio.piece(with_junk(piece.asked)).played.ledger != piece.played.ledger


def with_junk(asked: Asked) -> Asked:
    """The same request, with bytes that cannot be read in the control's place."""
    *chosen, control = asked.request.sources
    return replace(asked, request=replace(asked.request, sources=(*chosen, replace(control, form=JUNK))))
