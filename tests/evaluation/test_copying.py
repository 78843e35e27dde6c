"""Runs that are copied are found, all of them, and each as long as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from contrafact.evaluation import copying
from contrafact.music import tokens as t
from contrafact.music.request import read_sources
from tests.evaluation import small


def longest_by_search(text: list[int], others: list[list[int]]) -> list[int]:
    """For each place the longest run that ends there and stands in another text, by trying them all."""

    def stands(run: list[int]) -> bool:
        return any(run == other[i : i + len(run)] for other in others for i in range(len(other) - len(run) + 1))

    return [max(k for k in range(end + 2) if k == 0 or stands(text[end + 1 - k : end + 1])) for end in range(len(text))]


def test_runs_against_one_source_are_those_of_a_search() -> None:
    rng = np.random.default_rng(0)
    text, source = rng.integers(3, size=40), rng.integers(3, size=50)
    assert copying.run_lengths(text, source).tolist() == longest_by_search(text.tolist(), [source.tolist()])


def test_runs_among_many_texts_are_those_of_a_search() -> None:
    rng = np.random.default_rng(1)
    texts = [rng.integers(4, size=size) for size in (30, 25, 40, 1, 35)]
    families = np.array([0, 0, 1, 2, 1])
    outside, inside = copying._ends(texts, families)
    for i, text in enumerate(texts):
        others = [x.tolist() for x, family in zip(texts, families, strict=True) if family != families[i]]
        variants = [x.tolist() for j, x in enumerate(texts) if families[j] == families[i] and j != i]
        assert outside[i].tolist() == longest_by_search(text.tolist(), others)
        assert inside[i].tolist() == longest_by_search(text.tolist(), variants)


def test_the_part_that_is_copied_counts_notes_in_runs_that_are_long_enough() -> None:
    event = [t.pitch_token(0), t.duration_token(12)]
    tokens = np.array(event * 20)
    ends = np.zeros(40, dtype=np.int64)
    ends[[19, 35]] = 16, 12
    longest, of_eight_notes, of_six_notes = copying.measures(tokens, ends)
    assert (longest, of_eight_notes, of_six_notes) == (16, 8 / 20, 14 / 20)


@pytest.mark.parametrize("seed", range(3))
def test_a_piece_copies_as_much_as_its_generator_reports(tmp_path: Path, seed: int) -> None:
    piece = small.studio(tmp_path).piece(small.asked(seed))
    tokens = copying.tokens_of_piece(piece)
    assert [t.pitch_of(x) for x in tokens[::2] if x != t.REST] == [
        note.pitch - 60 - piece.asked.request.music.tonic for note in piece.notes
    ]
    for form, reported in zip(read_sources(piece.asked.request), piece.played.longest_runs, strict=False):
        source = np.array([x for x in t.write_bars(form.body) if x != t.BAR])
        assert copying.run_lengths(tokens, source).max() == reported
