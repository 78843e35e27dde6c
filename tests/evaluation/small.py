"""A few short pieces by the tiny network of the music tests: the real experiments, on little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from contrafact.domain.generation import EventLedger, EventNote, GenerationRequest, MusicRequest
from contrafact.domain.shares import PPM
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.pieces import Piece, Played
from contrafact.evaluation.ranks import soundings_of_tune
from contrafact.evaluation.requests import Asked, metre_of, source_of, weights_of
from contrafact.evaluation.studio import Studio
from contrafact.music.checkpoint import Model, save_weights
from contrafact.music.pack import PackedTune, load_pack
from tests.music import tiny


def asked(seed: int, sources: int = 3, seconds: int = 16) -> Asked:
    """A request of made-up tunes, and a jig of the catalogue as the control."""
    rng = np.random.default_rng(seed)
    forms = tuple(tiny.tune(100 * seed + i) for i in range(sources))
    request = tiny.request(weights_of(rng, sources), forms=forms, seed=bytes([seed]) * 32, seconds=seconds)
    control = source_of(load_pack().tune("oneill/0002"), 0)
    names = tuple(f"made-up/{seed}-{i}" for i in range(sources))
    return Asked(names, "oneill/0002", replace(request, sources=(*request.sources, control)))


def studio(folder: Path, model: Model | None = None) -> Studio:
    return Studio(model or tiny.model(), Cache(folder))


def rotated(piece: Piece) -> Piece:
    """The piece with a false attribution: each source has what another one wrote."""
    ledger = piece.played.ledger
    return replace(
        piece, played=replace(piece.played, ledger=replace(ledger, notes=tuple(map(_rotated, ledger.notes))))
    )


def weights_file(folder: Path) -> Path:
    """The tiny network as a weights file."""
    path = folder / "tiny.safetensors"
    path.with_suffix(".sha256").write_text(save_weights(tiny.model().network, path))
    return path


def _rotated(note: EventNote) -> EventNote:
    base, *sources, control = note.responsibilities
    return replace(note, responsibilities=(base, *sources[1:], sources[0], control))


def quotation(tune: PackedTune, others: Sequence[PackedTune]) -> Piece:
    """A made-up piece that is `tune` from end to end, all of it attributed to it; two others are named too."""
    weights = (400_000, 300_000, 300_000, 0)
    sources = tuple(source_of(t, weight) for t, weight in zip((tune, *others), weights, strict=True))
    music = MusicRequest(30, 120, 0, "major", metre_of(tune))
    request = GenerationRequest(sources, music, bytes(32), 200_000)
    parts = (0, PPM, 0, 0, 0)
    notes = tuple(EventNote(0, round(n.onset), round(n.duration), n.pitch, parts) for n in soundings_of_tune(tune))
    ledger = EventLedger(("base", *(s.work_id for s in sources)), notes, ())
    chosen = (tune.id, others[0].id, others[1].id)
    return Piece(Asked(chosen, others[2].id, request), Played(ledger, (0, 0, 0, 0), ()))
