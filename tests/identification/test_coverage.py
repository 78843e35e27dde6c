"""Identification finds quotations whatever their key and tempo, and finds nothing in noise."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.errors import InvalidInput
from contrafact.music.identification.coverage import Identifier, Sounding
from contrafact.music.pack import load_pack
from contrafact.music.score import Score

ONE, OTHER = "oneill/1225", "oneill/0958"


def soundings(score: Score) -> list[Sounding]:
    notes, start = [], 0
    for bar in score.bars:
        notes += [Sounding(start + note.onset, note.duration, note.pitch) for note in bar.notes]
        start += bar.ticks
    return notes


@pytest.fixture(scope="module")
def works() -> dict[str, list[Sounding]]:
    tunes = load_pack().by_role("validation")
    return {tune.id: soundings(tune.score) for tune in tunes}


@pytest.fixture(scope="module")
def identifier(works: dict[str, list[Sounding]]) -> Identifier:
    return Identifier(works)


def heard(notes: list[Sounding], *, higher: int = 0, slower: float = 1.0, after: float = 0.0) -> list[Sounding]:
    start = notes[0].onset
    return [Sounding(after + (n.onset - start) * slower, n.duration * slower, n.pitch + higher) for n in notes]


def best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda work: scores[work])


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(("higher", "slower"), [(0, 1.0), (5, 0.73), (-14, 1.9)])
def test_an_excerpt_in_another_key_and_tempo_is_found(identifier, works, higher, slower, exact):
    excerpt = heard(works[ONE][20:60], higher=higher, slower=slower)
    assert best(identifier.rank(excerpt, exact=exact)) == ONE


def test_a_line_that_jumps_by_octaves_is_found(identifier, works):
    excerpt = [Sounding(n.onset, n.duration, n.pitch + 12 * (i % 3 - 1)) for i, n in enumerate(works[ONE][:40])]
    assert best(identifier.rank(excerpt)) == ONE


@pytest.mark.parametrize(("more", "less"), [(ONE, OTHER), (OTHER, ONE)])
def test_of_a_medley_the_work_with_more_of_it_comes_first(identifier, works, more, less):
    first = heard(works[less][:21], higher=2)
    medley = [*first, *heard(works[more][:49], higher=2, after=first[-1].onset + first[-1].duration)]
    scores = identifier.rank(medley)
    assert sorted(scores, key=lambda work: -scores[work])[:2] == [more, less]


def test_random_notes_are_found_nowhere(identifier, works):
    rng = np.random.default_rng(0)
    noise = [Sounding(12 * i, 12, int(pitch)) for i, pitch in enumerate(rng.integers(55, 85, size=150))]
    own = identifier.rank(works[ONE])[ONE]
    assert max(identifier.rank(noise).values()) < own / 5


def test_what_all_works_have_says_nothing(works):
    run = [Sounding(12 * i, 12, 60 + pitch) for i, pitch in enumerate((0, 4, 7, 4, 0, 2, 5, 9))]
    everywhere = Identifier({str(i): run for i in range(40)})
    assert set(everywhere.rank(run).values()) == {0.0}


def test_the_order_of_works_and_of_notes_makes_no_difference(identifier, works):
    turned = Identifier(dict(reversed(works.items())))
    scores = identifier.rank(works[ONE][:50])
    assert turned.rank(works[ONE][:50][::-1]) == pytest.approx(scores)
    assert identifier.rank(works[ONE][:50]) == scores


@pytest.mark.parametrize("length", [0, 1, 2])
def test_too_few_notes_are_found_nowhere(identifier, works, length):
    assert set(identifier.rank(works[ONE][:length]).values()) == {0.0}


def test_works_without_notes_are_never_found(works):
    identifier = Identifier({"silent": [], ONE: works[ONE], OTHER: works[OTHER]})
    scores = identifier.rank(works[ONE])
    assert scores["silent"] == 0 < scores[ONE]


def test_no_works_at_all_are_an_error():
    with pytest.raises(InvalidInput, match="no works"):
        Identifier({})
