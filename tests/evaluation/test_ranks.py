"""Ranks among works of other families, and what is said of baselines that are as good."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.evaluation.overlap import Likeness
from contrafact.evaluation.ranks import identification, rank, soundings_of_tune
from contrafact.evaluation.requests import metre_of
from contrafact.evaluation.rows import NOT_BEATEN
from contrafact.music.identification.coverage import Identifier
from contrafact.music.pack import load_pack
from tests.evaluation import small

FAMILY = {"a": "a", "b": "b", "c": "a", "d": "d"}


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"a": 3, "b": 2, "c": 1, "d": 0}, 1),
        ({"a": 1, "b": 2, "c": 1, "d": 3}, 3),
        ({"a": 1, "b": 0, "c": 9, "d": 0}, 1),  # a variant is no competitor
        ({"a": 0, "b": 0, "c": 0, "d": 0}, 2),  # equal scores share their mean rank
    ],
)
def test_a_rank_counts_the_better_works_of_other_families(scores: dict[str, float], expected: float) -> None:
    assert rank("a", scores, FAMILY) == expected


@pytest.mark.slow
def test_a_piece_that_quotes_its_top_source_alone_is_found_and_a_false_top_is_not(tmp_path: Path) -> None:
    """The pieces' notes are those of a chosen work; which source is the top is what the ledger says."""
    pack = load_pack()
    tunes = pack.by_role("catalogue")
    jigs = [tune for tune in tunes if metre_of(tune) == (6, 8)]
    works = {tune.id: soundings_of_tune(tune) for tune in tunes}
    identifier, likeness = Identifier(works), Likeness({w: [n.pitch for n in notes] for w, notes in works.items()})
    pieces = [small.quotation(jigs[i], jigs[i + 1 : i + 4]) for i in (3, 12, 30)]
    found = {row.id: row for row in identification(pieces, tunes, identifier, likeness).rows}
    assert found["any_rank_1"].value == found["top_rank_1"].value == 1
    false = [small.rotated(piece) for piece in pieces]
    found = {row.id: row for row in identification(false, tunes, identifier, likeness).rows}
    assert found["any_rank_1"].value == 1
    assert found["top_rank_1"].value == 0
    assert NOT_BEATEN in found["top_rank_1_likeness"].note
