"""The page about identification says what was measured, with the threshold and the pack of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.evaluation.identification_report import markdown, plots
from contrafact.evaluation.rows import Results
from contrafact.music.identification.verdict import THRESHOLD
from contrafact.music.pack import load_pack

DOCS = Path(__file__).parents[2] / "docs"
KEPT = DOCS / "evaluation" / "identification"


@pytest.fixture(scope="module")
def results() -> Results:
    return Results.from_json((KEPT / "results.json").read_text(encoding="utf-8"))


def test_the_page_and_its_plots_are_those_of_the_results(results: Results) -> None:
    assert (DOCS / "identification.md").read_text(encoding="utf-8") == markdown(results)
    for name, svg in plots(results).items():
        assert (KEPT / name).read_text(encoding="utf-8") == svg


def test_what_was_measured_is_the_present_threshold_on_the_present_pack(results: Results) -> None:
    assert (results.settings["threshold"], results.settings["works"]) == (THRESHOLD, len(load_pack().tunes))


def test_enough_was_asked_and_what_is_missed_stands_at_the_top(results: Results) -> None:
    asked = [results.row(name).n for name in ("versions", "scores", "copies")]
    assert sum(asked) >= 300
    assert results.row("false_accepts").n >= 1000
    head = (DOCS / "identification.md").read_text(encoding="utf-8").split("##")[0]
    assert all(row.name in head for row in results.rows if row.met is False)
