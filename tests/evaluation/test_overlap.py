"""What two melodies share, by runs of intervals."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.evaluation.overlap import Likeness, overlap, shared

TUNE = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]


def test_a_transposed_melody_is_shared_note_for_note() -> None:
    assert shared([p + 5 for p in TUNE], TUNE).tolist() == [1] * len(TUNE)


def test_only_the_notes_of_shared_runs_count_by_their_duration() -> None:
    quoted = [50, 51, *TUNE[4:10], 90]
    np.testing.assert_array_equal(shared(quoted, TUNE, length=5), [0, 0, 1, 1, 1, 1, 1, 1, 0])
    durations = [1, 1, *[2] * 6, 6]
    assert overlap(quoted, durations, TUNE, length=5) == pytest.approx(12 / 20)


def test_a_melody_too_short_for_a_run_shares_nothing() -> None:
    assert overlap(TUNE[:5], [1] * 5, TUNE) == 0
    assert overlap([], [], TUNE) == 0


def test_a_work_is_most_like_itself_in_any_key() -> None:
    rng = np.random.default_rng(0)
    works = {str(i): rng.integers(60, 72, 40).tolist() for i in range(20)}
    found = Likeness(works).of([p - 3 for p in works["7"]])
    assert max(found, key=found.__getitem__) == "7"
    assert found["7"] == pytest.approx(1)
    assert all(0 <= value < 0.5 for work, value in found.items() if work != "7")
