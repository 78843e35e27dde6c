"""The page about retrieval says what was measured, with the encoder and the sounds of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.digests import canonical_json, sha256
from contrafact.evaluation.retrieval_report import markdown, plots
from contrafact.evaluation.rows import Results
from contrafact.music.embedding.opinion import TEMPERATURE
from contrafact.music.embedding.weights import RELEASED
from contrafact.music.note_sound import sound_identity
from contrafact.music.pack import load_pack

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def results() -> Results:
    return Results.from_json((DOCS / "retrieval" / "results.json").read_text(encoding="utf-8"))


def test_the_page_and_its_plots_are_those_of_the_results(results: Results) -> None:
    assert (DOCS / "retrieval.md").read_text(encoding="utf-8") == markdown(results)
    for name, svg in plots(results).items():
        assert (DOCS / "retrieval" / name).read_text(encoding="utf-8") == svg


def test_what_was_measured_is_the_present_encoder_with_the_present_sounds(results: Results) -> None:
    settings = results.settings
    assert settings["encoder"] == RELEASED.with_suffix(".sha256").read_text().split()[0]
    assert settings["sounds"] == sha256(canonical_json(sound_identity())).hex()
    assert (settings["temperature"], settings["works_indexed"]) == (TEMPERATURE, len(load_pack().tunes))


def test_intervals_hold_their_values_and_what_is_missed_stands_at_the_top(results: Results) -> None:
    bounded = [row for row in results.rows if row.low is not None and row.high is not None]
    assert len(bounded) > 50
    assert all(row.low <= row.value <= row.high for row in bounded)
    head = (DOCS / "retrieval.md").read_text(encoding="utf-8").split("##")[0]
    assert all(row.name in head for row in results.rows if row.met is False)
