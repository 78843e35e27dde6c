"""The table of pieces shows the range of what can be made, of works that no model learnt from."""

from __future__ import annotations

from contrafact.domain.shares import PPM
from contrafact.gallery.making import request_of
from contrafact.gallery.specs import SPECS
from contrafact.music.metres import meeting
from contrafact.music.pack import load_pack
from contrafact.music.request import bars_of, check, read_sources

CATALOGUE = {tune.id: tune for tune in load_pack().by_role("catalogue")}


def test_there_are_twenty_pieces_of_the_catalogue_under_names_of_their_own() -> None:
    assert len({spec.slug for spec in SPECS}) == len({spec.title for spec in SPECS}) == len(SPECS) == 20
    assert {name for spec in SPECS for name, _ in spec.sources} <= CATALOGUE.keys()


def test_every_piece_can_be_asked_for() -> None:
    for spec in SPECS:
        request = request_of(spec, [CATALOGUE[name] for name, _ in spec.sources], 0)
        check(request)
        read_sources(request)
        for bar, weights in spec.steer:
            assert 1 < bar <= bars_of(spec.music)
            assert sum(weights) == 100


def test_they_show_the_range() -> None:
    metres = {(t.score.metre.beats, t.score.metre.unit) for t in CATALOGUE.values()}
    assert {spec.music.metre for spec in SPECS} >= metres
    assert {len(spec.sources) for spec in SPECS} == set(range(1, 9))
    assert {spec.mode for spec in SPECS} == {"major", "minor", "dorian", "mixolydian"}
    assert {len(spec.music.voices) for spec in SPECS} == {1, 2, 3, 4}
    assert min(spec.seconds for spec in SPECS) < 30 < 60 <= max(spec.seconds for spec in SPECS if spec.audio)
    assert sum(bool(spec.steer) for spec in SPECS) == sum(0 in dict(s.sources).values() for s in SPECS) == 1


def test_sources_of_different_metres_meet_in_the_piece() -> None:
    several = [spec for spec in SPECS if len({_metre(name) for name, _ in spec.sources}) > 1]
    assert len(several) >= 2
    for spec in several:
        assert {_metre(name) for name, _ in spec.sources} <= set(meeting(spec.music.metre))


def test_another_number_and_another_piece_have_other_seeds() -> None:
    seeds = {spec.seed_of(number) for spec in SPECS for number in (0, 1)}
    assert len(seeds) == 40
    assert {len(seed) for seed in seeds} == {32}


def test_weights_are_whole() -> None:
    for spec in SPECS:
        assert sum(weight for _, weight in spec.sources) * (PPM // 100) == PPM


def _metre(name: str) -> tuple[int, int]:
    metre = CATALOGUE[name].score.metre
    return metre.beats, metre.unit
