"""What a gallery is as data (`gallery.json`): which generator, model and renderer made it, and what came out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from contrafact.domain import pitch
from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.instruments import DRUMS, PROGRAMS
from contrafact.gallery.figures import Figure, melody_figures, note_figures, share_error, sound_figures
from contrafact.gallery.making import Made
from contrafact.gallery.seams import seam_figures
from contrafact.gallery.specs import Spec
from contrafact.music.inspection import SoundFigures
from contrafact.music.pack import PackedTune

SCHEMA = "contrafact/gallery/1"
_COLLECTIONS = {
    "oneill": "O'Neill's Music of Ireland, 1903",
    "ryan": "Ryan's Mammoth Collection, 1883",
    "bach": "J. S. Bach, chorales (soprano)",
}
_INSTRUMENTS = {program: name for name, program in PROGRAMS.items()}


def identities(generator: dict[str, object], model: bytes, renderer: dict[str, object]) -> dict[str, Any]:
    """What decides notes and sound, besides the requests."""
    return {"generator": generator, "model": model.hex(), "renderer": renderer}


def document(seed: int, made_by: dict[str, Any], pieces: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The whole gallery."""
    return {"schema": SCHEMA, "seed": seed, **made_by, "pieces": list(pieces)}


def entry(made: Made, pcm_digest: bytes, sound: SoundFigures) -> dict[str, Any]:
    """One piece: what was asked for, what came out, and its figures."""
    spec = made.spec
    rows = [*melody_figures(made), *seam_figures(made), *note_figures(made), *sound_figures(sound)]
    return {
        "slug": spec.slug,
        "title": spec.title,
        "shows": spec.shows,
        "spec": spec_digest(spec),
        "seconds": spec.seconds,
        "tempo": spec.tempo,
        "key": f"{spec.tonic} {spec.mode}",
        "metre": spec.metre,
        "bars": made.bars,
        "parts": [
            {"part": voice.part, "instrument": _instrument(voice.part, voice.program)} for voice in spec.music.voices
        ],
        "steer": [{"bar": bar, "weights": list(weights)} for bar, weights in spec.steer],
        "base": made.shares[0],
        "sources": [_source(made, i) for i in range(len(made.tunes))],
        "share_error": share_error(made),
        "notes_sha256": made.notes_digest,
        "pcm_digest": pcm_digest.hex(),
        "figures": [asdict(row) for row in rows],
        "flags": [f"{row.name}: {_rounded(row)}, {row.flag}" for row in rows if row.flag],
    }


def spec_digest(spec: Spec) -> str:
    """SHA-256 of all that a spec says, so that a changed spec is seen."""
    return sha256(canonical_json(json.loads(json.dumps(asdict(spec))))).hex()


def _source(made: Made, i: int) -> dict[str, Any]:
    tune, (_, weight) = made.tunes[i], made.spec.sources[i]
    return {
        "id": tune.id,
        "title": tune.title,
        "collection": _COLLECTIONS.get(tune.collection, tune.collection),
        "credits": list(tune.credits),
        "key": _key(tune),
        "metre": f"{tune.score.metre.beats}/{tune.score.metre.unit}",
        "weight": weight,
        "requested": made.requested[i],
        "share": made.shares[1 + i],
        "longest_run": made.generation.longest_runs[i],
    }


def _key(tune: PackedTune) -> str:
    return f"{pitch.NAMES[tune.score.key.tonic]} {tune.score.key.mode}"


def _instrument(part: str, program: int) -> str:
    return "kit" if part == DRUMS else _INSTRUMENTS.get(program, f"program {program}")


def _rounded(row: Figure) -> str:
    return f"{row.value:.0f}" if float(row.value).is_integer() else f"{row.value:.2f}"
