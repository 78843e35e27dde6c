"""`contrafact evaluate attribution` goes on where it was interrupted, and writes what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contrafact.cli import main
from contrafact.domain.pool_rule import EVALUATION
from contrafact.errors import InvalidInput
from contrafact.evaluation.attribution import Settings, evaluate
from contrafact.evaluation.rows import Results
from tests.evaluation import small

SETTINGS = Settings(pieces=3, seconds=8, seed=1, uncontrolled=2, bar_by_bar=2, tried=1)
EXPECTED = {
    "sum_floats", "sum_integers", "share_error", "share_error_max", "base_share", "ablation", "ablation_shapley",
    "regeneration", "regeneration_partial", "regeneration_weights", "regeneration_off", "regeneration_off_partial",
    "regeneration_bars", "any_rank_1", "top_rank_1", "control_place", "control_share", "control_read", "longest_run",
    "copied_8_notes", "human_longest_run", "variant_longest_run", "replay",
}  # fmt: skip
SERIES = {
    "requested", "realised", "ablation_share", "ablation_drop", "regeneration_share", "regeneration_lost",
    "base_share", "longest_run",
}  # fmt: skip


class _Pulled(Exception):
    """The plug."""


@pytest.mark.slow
def test_an_interrupted_evaluation_goes_on_and_finds_the_same(tmp_path: Path) -> None:
    weights = small.weights_file(tmp_path)

    def pull_at_the_third_piece(what: str, done: int, of: int) -> None:
        if (what, done) == ("pieces", 2):
            raise _Pulled

    with pytest.raises(_Pulled):
        evaluate(SETTINGS, tmp_path / "one", weights, pull_at_the_third_piece)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "one" / "cache").iterdir()}
    resumed = evaluate(SETTINGS, tmp_path / "one", weights)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert resumed == evaluate(SETTINGS, tmp_path / "other", weights, processes=2)
    assert len(kept) == 2 * (2 * (1 + 3) + 1)
    assert {row.id for row in resumed.rows} >= EXPECTED
    assert resumed.series.keys() >= SERIES
    for id in ("sum_floats", "sum_integers", "control_share", "control_read", "replay"):
        assert resumed.row(id).met is True
    for row in resumed.rows:
        assert row.low is None or row.high is None or row.low <= row.high


@pytest.mark.slow
def test_the_command_writes_its_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--n", "2", "--seconds", "8", "--weights", str(small.weights_file(tmp_path)), "--out", str(tmp_path)]
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "attribution", *options, "--skip", "audio", "--json"])
    assert ended.value.code == 0
    results = Results.from_json((tmp_path / "results.json").read_text())
    printed = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in printed["rows"]] == [row.id for row in results.rows]
    assert printed["settings"]["pieces"] == 2


def test_what_cannot_be_left_out_and_what_says_nothing_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "attribution", "--skip", "everything"])
    assert ended.value.code == InvalidInput.exit_code
    assert "audio" in capsys.readouterr().err
    with pytest.raises(InvalidInput, match="two pieces"):
        Settings(pieces=1)


@pytest.mark.slow
def test_the_evaluation_of_influence_is_the_document_that_a_pool_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "training", "--json", "--out", str(tmp_path)])
    assert ended.value.code == 0
    printed, written = json.loads(capsys.readouterr().out), json.loads((tmp_path / "results.json").read_text())
    assert printed == {key: value for key, value in written.items() if key != "series"}
    assert (written["schema"], set(written["catalogues"])) == (EVALUATION, {"correlation", "low", "high"})
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "report.html", "influence.md"}
