"""The gallery in docs/gallery is that of the generator, model and renderer of this package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contrafact.gallery.document import identities, spec_digest
from contrafact.gallery.making import make
from contrafact.gallery.specs import SPECS
from contrafact.music.checkpoint import RELEASED, load_model
from contrafact.music.generate import Generator
from contrafact.music.identity import generator_identity
from contrafact.music.renderer import SoundfontRenderer

FOLDER = Path(__file__).resolve().parents[2] / "docs/gallery"
HOW = "The gallery is of another generator, model or renderer: run `contrafact gallery --out docs/gallery`."


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / "gallery.json").read_text())
    return document


def test_it_names_the_present_identities(found: dict[str, Any]) -> None:
    model = bytes.fromhex(RELEASED.with_suffix(".sha256").read_text().split()[0])
    present = json.loads(json.dumps(identities(generator_identity(), model, SoundfontRenderer().identity)))
    assert {name: found[name] for name in present} == present, HOW
    page = (FOLDER / "index.html").read_text()
    assert model.hex() in page, HOW
    assert found["generator"]["version"] in page, HOW


def test_it_shows_the_pieces_of_the_table(found: dict[str, Any]) -> None:
    assert [(p["slug"], p["spec"]) for p in found["pieces"]] == [(s.slug, spec_digest(s)) for s in SPECS], HOW
    page = (FOLDER / "index.html").read_text()
    assert all(piece["notes_sha256"] in page for piece in found["pieces"]), HOW


def test_its_sound_is_there_and_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (FOLDER / "audio").iterdir()}
    assert sizes.keys() == {f"{spec.slug}.ogg" for spec in SPECS if spec.audio}
    assert sum(sizes.values()) <= 3_000_000
    assert max(sizes.values()) <= 200_000


@pytest.mark.slow
def test_a_piece_made_again_has_the_same_notes_and_shares(found: dict[str, Any]) -> None:
    spec = next(spec for spec in SPECS if spec.steer)
    piece = next(piece for piece in found["pieces"] if piece["slug"] == spec.slug)
    made = make(Generator(load_model()), spec, found["seed"])
    assert made.notes_digest == piece["notes_sha256"]
    assert made.shares == (piece["base"], *(source["share"] for source in piece["sources"]))
    assert made.generation.longest_runs == tuple(source["longest_run"] for source in piece["sources"])
