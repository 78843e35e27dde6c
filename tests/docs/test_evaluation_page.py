"""The page about attribution says what was measured, with the generator and the weights of today."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from contrafact.evaluation.report import html, markdown
from contrafact.evaluation.rows import Results
from contrafact.music.checkpoint import RELEASED
from contrafact.music.identity import generator_identity

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def results() -> Results:
    return Results.from_json((DOCS / "evaluation" / "results.json").read_text(encoding="utf-8"))


def test_the_pages_are_those_of_the_results(results: Results) -> None:
    assert (DOCS / "evaluation.md").read_text(encoding="utf-8") == markdown(results)
    assert (DOCS / "evaluation" / "report.html").read_text(encoding="utf-8") == html(results)


def test_what_was_measured_is_the_present_generator_with_the_present_weights(results: Results) -> None:
    assert results.settings["model"] == hashlib.sha256(RELEASED.read_bytes()).hexdigest()
    assert results.settings["generator"] == generator_identity()


def test_a_hundred_pieces_were_measured_and_their_intervals_hold_the_values(results: Results) -> None:
    assert results.settings["pieces"] >= 100
    bounded = [row for row in results.rows if row.low is not None and row.high is not None]
    assert len(bounded) > 20
    assert all(row.low <= row.value <= row.high for row in bounded)
    told = (DOCS / "evaluation.md").read_text(encoding="utf-8")
    for row in results.rows:
        if row.met is False:
            assert row.name in told.split("##")[0]
