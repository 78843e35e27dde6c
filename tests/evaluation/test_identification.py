"""What identification is measured on: no family on both sides, relatives known, queries the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from contrafact.errors import InvalidInput
from contrafact.evaluation.identification import Settings
from contrafact.evaluation.identification_catalogue import PackIndex
from contrafact.evaluation.identification_queries import ALL_KEYS, for_setting, mixed, strangers, versions_of
from contrafact.evaluation.identification_rows import Stranger, VersionFound
from contrafact.evaluation.identification_scores import score_versions
from contrafact.evaluation.versions import TEMPI
from contrafact.music.pack import Pack, load_pack


@pytest.fixture(scope="module")
def small() -> Pack:
    """Validation tunes, called catalogue works here; some are of one family."""
    return Pack(load_pack().by_role("validation")[:60])


@pytest.fixture(scope="module")
def known(small: Pack) -> PackIndex:
    return PackIndex(small.tunes)


def test_no_family_is_on_both_sides_and_no_catalogue_work_sets_a_threshold() -> None:
    tunes = load_pack().tunes
    sides = [{tune.family for tune in tunes if for_setting(tune) is side} for side in (True, False)]
    assert not sides[0] & sides[1]
    assert {tune.role for tune in tunes if for_setting(tune)} == {"train"}


def test_versions_are_in_all_keys_and_tempi_and_the_same_for_a_seed() -> None:
    asked = list(versions_of(load_pack(), 2, 0))
    assert {query.manner.key for query in asked} == set(ALL_KEYS)
    assert {query.manner.tempo for query in asked} >= set(TEMPI)
    assert {query.tune.role for query in asked} == {"catalogue"}
    assert asked == list(versions_of(load_pack(), 2, 0)) != list(versions_of(load_pack(), 2, 1))
    tunes = load_pack().by_role("validation")
    assert list(strangers(tunes, 5, 0)) == list(strangers(tunes, 9, 0))[:5]
    assert mixed(tunes[0], 0) == mixed(tunes[0], 0)


def test_a_tune_is_found_and_is_a_stranger_where_its_relatives_are_not_there(small: Pack, known: PackIndex) -> None:
    tune = next(tune for tune in small.tunes if len(known.families[tune.id]) == 1)
    melody = known.index.work(known.index.number(tune.id.encode()) or 0).melody  # type: ignore[union-attr]
    found = VersionFound.of(known, tune, "key_0", melody)
    assert found.accepted
    assert found.measure == pytest.approx(np.sqrt(len(melody)), rel=0.01)
    stranger = Stranger.of(known, tune, "score", melody)
    assert stranger.like != tune.id
    assert stranger.measure <= stranger.family_measure < found.measure


def test_altered_scores_are_read(known: PackIndex) -> None:
    asked = list(score_versions(load_pack(), 3, 0))
    assert sum(query.melody is not None for query in asked) >= len(asked) - 1
    assert len({query.kind for query in asked}) == 5


def test_settings_that_say_nothing_are_refused() -> None:
    with pytest.raises(InvalidInput):
        Settings(copies=1)
