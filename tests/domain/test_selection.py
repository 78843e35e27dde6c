"""Choosing works: what is pinned for an order, and what is refused before anybody pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.allow_list import AllowList
from contrafact.domain.catalogue import Catalogue
from contrafact.domain.history import TermsVersion
from contrafact.domain.orders import Quote
from contrafact.domain.selection import Selection, select
from contrafact.domain.shares import PPM
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.works import Work
from contrafact.errors import InvalidOrder, NotFound, NotPermitted

from .documents import ALICE, BOB, QUOTED, TERMS, digest

SONG, TAKE, TUNE = (bytes(31) + bytes([n]) for n in (9, 2, 1))  # the recording's id lies below its composition's
OPEN = replace(TERMS, uses=frozenset(Use), max_weight=PPM, valid_from=0, valid_until=0)


def work(work_id: bytes, licensor: str = ALICE, **more: Any) -> Work:
    return Work(work_id, licensor, digest("c"), digest("s"), digest("m"), digest("old split"), 1, **more)


def priced(price: int, **changes: Any) -> Terms:
    return replace(OPEN, prices=(TokenPrice(NATIVE, (price, 2 * price, 0, 4 * price)),), **changes)


def version(work_id: bytes, terms: Terms, number: int = 3) -> TermsVersion:
    return TermsVersion(work_id, number, terms, digest(f"split {work_id[-1]} {number}"), 5)


SONG_TERMS, TAKE_TERMS, TUNE_TERMS = priced(100, downstream=40_000), priced(30), priced(7, approval=True)
WORKS = {SONG: work(SONG, BOB), TAKE: work(TAKE, recording_of=SONG), TUNE: work(TUNE)}
TERMS_OF = {SONG: SONG_TERMS, TAKE: TAKE_TERMS, TUNE: TUNE_TERMS}


def catalogue(works: dict[bytes, Work] = WORKS, lists: Sequence[AllowList] = (), **terms: Terms) -> Catalogue:
    """All three works; `song`, `take` or `tune` replace their terms, as the chain knows them."""
    changed = {SONG: terms.get("song"), TAKE: terms.get("take"), TUNE: terms.get("tune")}
    history = [version(work_id, own) for work_id, own in TERMS_OF.items()]
    history += [version(work_id, new, 4) for work_id, new in changed.items() if new]
    return Catalogue.of(works.values(), history, lists)


def chosen(*choices: tuple[bytes, int], known: Catalogue | None = None, **more: Any) -> Selection:
    use = more.pop("use", Use.PRIVATE)
    return select(known or catalogue(), choices, use, NATIVE, 400_000, 150, **more)


def test_each_work_is_pinned_with_its_version_and_split() -> None:
    selection = chosen((TUNE, PPM))
    (source,) = selection.sources
    assert (source.work_id, source.terms_version, source.split_root) == (TUNE, 3, digest("split 1 3"))
    assert (source.weight, source.min_share, source.price, source.through) == (PPM, 300_000, 7, 0)
    assert selection.terms == (TUNE_TERMS,)


def test_the_latest_version_counts() -> None:
    (source,) = chosen((TUNE, PPM), known=catalogue(tune=priced(8))).sources
    assert (source.terms_version, source.price, source.split_root) == (4, 8, digest("split 1 4"))


def test_a_recording_brings_its_composition() -> None:
    selection = chosen((TAKE, 600_000), (TUNE, 400_000))
    tune, take, song = selection.sources
    assert [tune.work_id, take.work_id, song.work_id] == [TUNE, TAKE, SONG]
    assert (song.through, song.weight, song.min_share, song.price, song.downstream) == (2, 0, 0, 100, 40_000)
    assert (take.through, take.price) == (0, 30)
    assert selection.terms == (TUNE_TERMS, TAKE_TERMS, SONG_TERMS)


def test_what_is_selected_has_the_form_that_the_contract_takes() -> None:
    selection = chosen((TAKE, 500_000), (SONG, 200_000), (TUNE, 300_000), use=Use.COMMERCIAL)
    quote: Quote = replace(QUOTED, use=Use.COMMERCIAL, drift=0, sources=selection.sources)
    quote.check()
    assert quote.rates.prices == (14, 60, 200, 200)


def test_works_whose_licensors_must_sign_are_named() -> None:
    assert chosen((TAKE, 600_000), (TUNE, 400_000)).approvals == (TUNE,)
    asking = catalogue(song=replace(SONG_TERMS, approval=True))
    assert chosen((TAKE, 600_000), (SONG, 400_000), known=asking).approvals == (SONG,)


def refused(*choices: tuple[bytes, int], **more: Any) -> str:
    with pytest.raises(NotPermitted) as error:
        chosen(*choices, **more)
    return str(error.value)


def test_the_composition_of_a_recording_must_permit_the_order_too() -> None:
    assert SONG.hex() in refused((TAKE, PPM), known=catalogue(song=Terms.opted_out()))
    assert SONG.hex() in refused((TAKE, PPM), known=catalogue(song=priced(1, max_weight=PPM - 1)))


def test_its_composition_is_no_combination_for_a_recording() -> None:
    strict = catalogue(take=priced(1, combinable=False))
    chosen((TAKE, PPM), known=strict)
    assert "combined" in refused((TAKE, PPM), known=catalogue(song=priced(1, combinable=False)))
    assert "combined" in refused((TAKE, 600_000), (SONG, 400_000), known=strict)


def test_a_composition_has_the_weight_of_its_recordings_and_its_own() -> None:
    known = catalogue(song=priced(1, max_weight=PPM - 1))
    assert SONG.hex() in refused((TAKE, 600_000), (SONG, 400_000), known=known)


def test_weights_of_a_live_order_may_move_as_far_as_the_terms_go() -> None:
    known = catalogue(tune=priced(1, max_weight=600_000), song=priced(1))
    two = ((TUNE, 500_000), (SONG, 500_000))
    tune, _ = chosen(*two, known=known, use=Use.LIVE, drift=100_000).sources
    assert (tune.weight, tune.min_share) == (500_000, 120_000)  # half of what is left of the lowest weight
    assert "weight" in refused(*two, known=known, use=Use.LIVE, drift=100_001)


def test_a_drift_never_asks_for_more_than_the_whole() -> None:
    (source,) = chosen((TUNE, PPM), use=Use.LIVE, drift=PPM).sources
    assert source.min_share == 0


def test_lists_are_checked_where_their_members_are_known() -> None:
    allow = AllowList.of([ALICE], [digest("model")])
    on_chain = Terms.from_words(replace(TUNE_TERMS, allow=allow).to_words())
    known = catalogue(lists=[allow], tune=on_chain)
    chosen((TUNE, PPM), known=known, operator=ALICE, model_id=digest("model"))
    assert BOB in refused((TUNE, PPM), known=known, operator=BOB)
    assert "model" in refused((TUNE, PPM), known=known, operator=ALICE, model_id=digest("other"))
    assert known.in_force(TUNE).terms.allow == allow


def test_a_list_of_other_terms_is_not_taken() -> None:
    allow = AllowList.of([ALICE])
    only_models = replace(allow, lists_operators=False, lists_models=True, operators=())
    known = catalogue(lists=[allow], tune=replace(TUNE_TERMS, allow=only_models))
    assert known.in_force(TUNE).terms.allow == only_models


@pytest.mark.parametrize("state", ["contested", "barred"])
@pytest.mark.parametrize("disputed", [TAKE, SONG])
def test_a_disputed_work_enters_no_order(state: str, disputed: bytes) -> None:
    changes: dict[str, Any] = {state: True}
    known = catalogue(WORKS | {disputed: replace(WORKS[disputed], **changes)})
    assert disputed.hex() in refused((TAKE, PPM), known=known)


def test_a_work_without_terms_enters_no_order() -> None:
    known = Catalogue.of(WORKS.values(), [version(TAKE, TAKE_TERMS)])
    assert "no licence terms" in refused((TUNE, PPM), known=known)


def test_an_unknown_work_is_not_found() -> None:
    with pytest.raises(NotFound):
        chosen((digest("x"), PPM))


@pytest.mark.parametrize("weights", [(), (PPM - 1,), (PPM, 1)])
def test_weights_that_do_not_fit_are_refused_first(weights: tuple[int, ...]) -> None:
    with pytest.raises(InvalidOrder):
        chosen(*((TUNE, weight) for weight in weights))
