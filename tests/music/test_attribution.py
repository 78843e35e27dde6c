"""The formulas of method/1 against brute force, and the shares they lead to."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from contrafact.music import attribution as a

probabilities = st.integers(1, 4).flatmap(
    lambda sources: st.integers(1, 5).flatmap(
        lambda notes: arrays(float, (1 + sources, notes), elements=st.floats(1e-9, 1))
    )
)


def gates_for(components: int) -> a.Floats:
    weights = np.arange(1, components + 1, dtype=float)
    return weights / weights.sum()


def attribute(notes: a.Floats) -> a.Floats:
    likelihood = np.log(a.leave_to_base(notes)).sum(axis=1)
    return a.responsibilities(a.bar_posterior(gates_for(len(notes)), likelihood), notes)


def brute_force(notes: a.Floats) -> a.Floats:
    """Enumerate every bar component and every choice between expert and base, and count who wrote what."""
    components, length = notes.shape
    result = np.zeros((components, length))
    for z, gate in enumerate(gates_for(components)):
        for from_base in product((False, True), repeat=length):
            writers = [0 if base else z for base in from_base]
            chance = gate
            for n, base in enumerate(from_base):
                chance *= (a.EPSILON if base else 1 - a.EPSILON) * notes[writers[n], n]
            for n, writer in enumerate(writers):
                result[writer, n] += chance
    return result / result.sum(axis=0)


@given(probabilities)
@settings(max_examples=60)
def test_responsibilities_are_the_posterior_found_by_brute_force(notes: a.Floats) -> None:
    np.testing.assert_allclose(attribute(notes), brute_force(notes), atol=1e-9)


@given(probabilities)
def test_responsibilities_of_a_note_sum_to_one(notes: a.Floats) -> None:
    np.testing.assert_allclose(attribute(notes).sum(axis=0), 1, atol=1e-9)
    assert (attribute(notes) >= 0).all()


@given(probabilities)
def test_whole_numbers_sum_exactly_and_stay_within_one_millionth(notes: a.Floats) -> None:
    for column in attribute(notes).T:
        parts = a.in_ppm(column)
        assert sum(parts) == 1_000_000
        np.testing.assert_allclose(np.array(parts) / 1e6, column, atol=1.001e-6)


def test_a_note_that_a_component_cannot_write_is_not_its() -> None:
    result = attribute(np.array([[0.5], [0.0], [0.5]]))
    assert result[1, 0] == 0


@given(st.lists(st.tuples(st.integers(1, 96), st.integers(0, 1_000_000)), min_size=1, max_size=9))
def test_what_accompanies_a_bar_carries_the_mean_of_its_melody(notes: list[tuple[int, int]]) -> None:
    parts = a.of_bar([(ticks, (part, 1_000_000 - part)) for ticks, part in notes])
    assert sum(parts) == 1_000_000
    mean = sum(ticks * part for ticks, part in notes) / sum(ticks for ticks, _ in notes)
    assert abs(parts[0] - mean) <= 1
