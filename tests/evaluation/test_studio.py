"""Pieces are made once, and bars are written anew as they would have been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.domain.shares import PPM
from contrafact.errors import InvalidScore
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.controls import controls, with_junk
from contrafact.evaluation.pieces import Played
from contrafact.evaluation.requests import ask, metre_of
from contrafact.evaluation.shares import completeness, requested_and_realised
from contrafact.music.checkpoint import Model
from contrafact.music.pack import load_pack
from contrafact.music.request import compatible_metres
from tests.evaluation import small
from tests.music import tiny


def test_a_piece_is_the_same_when_it_comes_from_the_cache_where_nothing_can_be_generated(tmp_path: Path) -> None:
    made = small.studio(tmp_path).piece(small.asked(1))
    without_network = Model(None, tiny.model().digest)  # type: ignore[arg-type]
    kept = small.studio(tmp_path, without_network).piece(small.asked(1))
    assert kept.played.ledger == made.played.ledger
    assert kept.played.to_json() == made.played.to_json() == Played.from_json(made.played.to_json()).to_json()
    with pytest.raises(AttributeError):
        small.studio(tmp_path, without_network).piece(small.asked(2))


def test_another_model_or_controller_makes_another_piece(tmp_path: Path) -> None:
    piece = small.studio(tmp_path).piece(small.asked(1))
    other = Model(tiny.model().network, bytes(32))
    small.studio(tmp_path, other).piece(small.asked(1))
    assert len(list(tmp_path.iterdir())) == 2
    assert small.studio(tmp_path).piece(small.asked(1), control=0.0).played.ledger != piece.played.ledger


def test_a_damaged_value_is_made_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get({"a": 1}, lambda: 5) == 5
    assert cache.get({"a": 1}, lambda: 6) == 5
    next(tmp_path.iterdir()).write_text("[1, 2")
    assert cache.get({"a": 1}, lambda: 7) == 7


def test_bars_written_again_with_all_sources_are_the_recorded_ones(tmp_path: Path) -> None:
    """Taking a source away that has no weight takes nothing away."""
    piece = small.studio(tmp_path).piece(small.asked(3))
    with_control = replace(piece, asked=replace(piece.asked, chosen=(*piece.asked.chosen, "control")))
    anew = small.studio(tmp_path).bars_without(with_control)
    recorded = [
        [(n.bar, n.onset, n.duration, n.pitch) for n in piece.notes if n.bar == bar] for bar in range(len(anew[0]))
    ]
    assert anew[3] == recorded
    assert all(bars != recorded for bars in anew[:3])


def test_without_a_source_the_others_keep_their_proportions(tmp_path: Path) -> None:
    asked = small.asked(4)
    before = [source.weight for source in asked.request.sources]
    after = [source.weight for source in asked.without(1).sources]
    assert after[1] == after[3] == 0
    assert sum(after) == PPM
    assert after[0] * before[2] == pytest.approx(after[2] * before[0], rel=1e-4)


def test_a_control_is_not_read_while_a_source_is(tmp_path: Path) -> None:
    studio = small.studio(tmp_path)
    piece = studio.piece(small.asked(5))
    assert all(row.met for row in controls(studio, [piece], tried=1).rows)
    read = replace(piece.asked.request, sources=piece.asked.request.sources[:-1])
    with pytest.raises(InvalidScore):
        studio.piece(with_junk(replace(piece.asked, request=read)))


def test_shares_given_to_the_wrong_sources_are_far_from_the_requested(tmp_path: Path) -> None:
    studio = small.studio(tmp_path)
    pieces = [studio.piece(small.asked(seed, seconds=40)) for seed in range(3)]
    true, false = (requested_and_realised(x, x).rows[0] for x in (pieces, [small.rotated(p) for p in pieces]))
    assert false.value > 2 * true.value
    assert all(row.met for row in completeness(pieces).rows)


def test_requests_are_of_different_families_that_meet_and_of_weights_that_reach_far() -> None:
    pack = load_pack()
    asked = ask(pack.by_role("catalogue"), 30, 45, seed=0)
    assert asked == ask(pack.by_role("catalogue"), 30, 45, seed=0) != ask(pack.by_role("catalogue"), 30, 45, seed=1)
    for one in asked:
        tunes = [pack.tune(work) for work in (*one.chosen, one.control)]
        assert len({tune.family for tune in tunes}) == 4
        assert {metre_of(tune) for tune in tunes} <= set(compatible_metres(one.request.music.metre))
        assert one.request.sources[-1].weight == 0
    weights = [source.weight for one in asked for source in one.request.sources[:-1]]
    assert 50_000 <= min(weights) < 100_000
    assert max(weights) > 700_000
