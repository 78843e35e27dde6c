"""Tune families."""

from contrafact.domain.families import families, interval_runs

MELODY = [62, 66, 69, 74, 73, 71, 69, 66, 67, 71, 74, 76, 78, 76, 74, 71, 69, 67, 66, 64, 62]
OTHER = [60, 64, 62, 65, 64, 67, 65, 69, 67, 71, 72, 67, 64, 60, 62, 59, 60, 67, 65, 64, 62]


def test_a_transposed_variant_with_another_ending_is_of_the_family() -> None:
    variant = [pitch + 5 for pitch in MELODY[:18]] + [60, 60, 60]
    marks = {"a": interval_runs(MELODY), "b": interval_runs(variant), "c": interval_runs(OTHER)}
    assert families(marks) == {"a": "a", "b": "a", "c": "c"}


def test_kinship_is_transitive_and_named_after_the_first() -> None:
    assert families({"c": {1}, "b": {1, 2}, "a": {2}, "d": {3}}) == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_a_shared_oscillation_is_no_kinship() -> None:
    assert interval_runs([60, 62] * 12) == set()


def test_a_melody_shorter_than_a_run_has_no_marks() -> None:
    assert interval_runs(MELODY[:16]) == set()
    assert len(interval_runs(MELODY[:17])) == 1
