"""Results can be kept and read again, and a row knows whether its target is met."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.errors import InvalidInput
from contrafact.evaluation.rows import Results, at_least, at_most, exactly, measured, stated


def test_a_row_has_its_interval_and_judges_its_target() -> None:
    clusters = [np.array([[value]]) for value in (0.1, 0.2, 0.3, 0.4)]
    row = measured("x", "X", clusters, target=at_most(0.3))
    assert row.value == pytest.approx(0.25)
    assert row.low is not None
    assert row.high is not None
    assert 0.1 <= row.low < 0.25 < row.high <= 0.4
    assert (row.n, row.target, row.met) == (4, "≤ 0.3", True)
    assert measured("x", "X", clusters, target=at_least(0.3)).met is False
    assert stated("x", "X", 0, 4, exactly(0)).met is True
    assert stated("x", "X", 1e-9, 4, exactly(0)).met is False
    assert stated("x", "X", 1, 4).met is None


def test_results_are_the_same_after_a_file() -> None:
    row = stated("sum", "Sum", 0.125, 3, at_most(1), "a note")
    results = Results([row], {"longest_run": [3.0, 4.0]}, {"pieces": 3})
    again = Results.from_json(results.to_json())
    assert again == results
    assert again.row("sum") == row


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "contrafact/events/2"}', "[]"])
def test_other_documents_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="contrafact/evaluation/1"):
        Results.from_json(text)
