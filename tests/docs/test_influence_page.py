"""The page about influence says what the committed losses and scores give."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.pool_rule import PoolRule, Rule, require_licence
from contrafact.errors import NotPermitted
from contrafact.evaluation.training import data, report
from contrafact.evaluation.training.study import Study, study
from contrafact.music.checkpoint import RELEASED

pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def found() -> Study:
    return study(data.load())


def test_the_pages_are_those_of_the_data(found: Study) -> None:
    assert (DOCS / "evaluation" / "training" / "results.json").read_text(encoding="utf-8") == found.to_json()
    assert (DOCS / "evaluation" / "training" / "report.html").read_text(encoding="utf-8") == report.html(found.results)
    assert (DOCS / "influence.md").read_text(encoding="utf-8") == report.markdown(found.results)


def test_there_are_as_many_halves_and_seeds_as_the_page_says(found: Study) -> None:
    losses = data.load().losses
    assert len(losses.indices("half")) >= 64
    assert len(losses.seeds("half")) >= 3
    assert str(found.results.settings["models"]) in (DOCS / "influence.md").read_text(encoding="utf-8")


def test_what_was_measured_on_a_proxy_licenses_nothing_for_the_released_model(found: Study) -> None:
    evaluation = found.to_json().encode()
    assert found.low > 0
    rule = PoolRule(Rule.INFLUENCE, 1_000_000, sha256(evaluation))
    with pytest.raises(NotPermitted, match="not on this one"):
        require_licence(rule, sha256(RELEASED.read_bytes()), evaluation)
    require_licence(rule, found.model, evaluation)
