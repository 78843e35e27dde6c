"""Orders that use recordings and so pay their compositions too: see recordings.tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contrafact.domain.allow_list import AllowList
from contrafact.domain.orders import Quote
from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms

from .chain import NATIVE, reverts
from .permits import ask
from .recordings import order_over, received, terms_at, work_at
from .world import Catalogued, Deal, World, even

CHEAP, DEAR = (10, 20, 30, 40), (1000, 2000, 3000, 4000)


@pytest.fixture
def song(world: World) -> Catalogued:
    return work_at(world, 900, DEAR)


@pytest.fixture
def recording(world: World, song: Catalogued) -> Catalogued:
    return work_at(world, 901, CHEAP, song)


def by_id(works: Sequence[Catalogued]) -> list[Catalogued]:
    return sorted(works, key=lambda work: work.work_id)


def two_recordings(world: World, *songs: Catalogued) -> tuple[list[Catalogued], dict[bytes, Catalogued]]:
    """A recording of each song, by work id, and the song of each."""
    pairs = [(work_at(world, 910 + i, CHEAP, song), song) for i, song in enumerate(songs)]
    return by_id([made for made, _ in pairs]), {made.work_id: song for made, song in pairs}


def ask_about(world: World, deal: Deal) -> None:
    ask(world, deal.quote, deal.terms)


def without_last(deal: Deal) -> tuple[Quote, Sequence[Terms]]:
    return replace(deal.quote, sources=deal.quote.sources[:-1]), deal.terms[:-1]


def with_last(deal: Deal, **changes: object) -> Quote:
    """The order with its last composition changed."""
    *sources, last = deal.quote.sources
    return replace(deal.quote, sources=(*sources, replace(last, **changes)))  # type: ignore[arg-type]


# Which composition stands where


def test_a_recording_with_its_composition_is_permitted(world: World, song: Catalogued, recording: Catalogued) -> None:
    for token in (NATIVE, world.usd.address):
        for use in Use:
            ask_about(world, order_over(world, [recording], {recording.work_id: song}, token=token, use=use))


def test_a_recording_without_its_composition_is_refused(world: World, song: Catalogued, recording: Catalogued) -> None:
    with reverts("Licensing_CompositionMismatch", recording.work_id, song.work_id, bytes(32)):
        ask_about(world, order_over(world, [recording]))
    others = [*world.catalogue_works, recording]
    quote, terms = without_last(order_over(world, others, {recording.work_id: song}))
    with reverts("Licensing_CompositionMismatch", recording.work_id, song.work_id, bytes(32)):
        ask(world, quote, terms)


def test_the_composition_in_the_inference_set_is_not_enough(
    world: World, song: Catalogued, recording: Catalogued
) -> None:
    with reverts("Licensing_CompositionMismatch", recording.work_id, song.work_id, bytes(32)):
        ask_about(world, order_over(world, [recording, song]))
    ask_about(world, order_over(world, [recording, song], {recording.work_id: song}))


def test_another_composition_is_refused(world: World, song: Catalogued, recording: Catalogued) -> None:
    other = world.catalogue_works[0]
    with reverts("Licensing_CompositionMismatch", recording.work_id, song.work_id, other.work_id):
        ask_about(world, order_over(world, [recording], {recording.work_id: other}))


def test_a_composition_that_no_recording_asks_for_is_refused(world: World, song: Catalogued) -> None:
    work = world.catalogue_works[0]
    with reverts("Licensing_CompositionMismatch", song.work_id, bytes(32), song.work_id):
        ask_about(world, order_over(world, [work], {work.work_id: song}))


def test_a_recording_does_not_stand_for_a_composition(world: World, song: Catalogued, recording: Catalogued) -> None:
    work = world.catalogue_works[0]
    with reverts("Licensing_CompositionMismatch", recording.work_id, song.work_id, recording.work_id):
        ask_about(world, order_over(world, [work], {work.work_id: recording}))


def test_compositions_stand_in_their_recordings_order(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, song, world.catalogue_works[0])
    deal = order_over(world, works, songs)
    ask_about(world, deal)
    *recordings, first, second = deal.quote.sources
    terms = [*deal.terms[:2], deal.terms[3], deal.terms[2]]
    with reverts("Orders_SourcesUnordered"):
        ask(world, replace(deal.quote, sources=(*recordings, second, first)), terms)
    swapped = (replace(second, through=1), replace(first, through=2))
    with reverts("Licensing_CompositionMismatch", works[0].work_id, first.work_id, second.work_id):
        ask(world, replace(deal.quote, sources=(*recordings, *swapped)), terms)


def test_a_composition_names_the_place_of_its_recording(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, song)
    set_ = by_id([*world.catalogue_works, *works])
    deal = order_over(world, set_, songs)
    ask_about(world, deal)
    place = set_.index(works[0])
    for through in {1, 2, 3, 4} - {place + 1}:
        with reverts("Licensing_CompositionMismatch", works[0].work_id, song.work_id, song.work_id):
            ask(world, with_last(deal, through=through), deal.terms)
    with reverts("Orders_SourcesUnordered"):
        ask(world, with_last(deal, through=5), deal.terms)


def test_a_place_has_one_composition(world: World, song: Catalogued, recording: Catalogued) -> None:
    deal = order_over(world, [recording], {recording.work_id: song})
    doubled = (*deal.quote.sources, deal.quote.sources[-1])
    with reverts("Orders_SourcesUnordered"):
        ask(world, replace(deal.quote, sources=doubled), [*deal.terms, deal.terms[-1]])


def test_a_recording_does_not_stand_behind_a_composition(world: World, song: Catalogued, recording: Catalogued) -> None:
    deal = order_over(world, [recording], {recording.work_id: song})
    with reverts("Orders_SourcesUnordered"):
        ask(world, replace(deal.quote, sources=deal.quote.sources[::-1]), deal.terms[::-1])


@pytest.mark.parametrize("field", ["weight", "min_share"])
def test_a_composition_has_no_weight_or_lowest_share(
    world: World, song: Catalogued, recording: Catalogued, field: str
) -> None:
    deal = order_over(world, [recording], {recording.work_id: song})
    with reverts("Orders_BoundsInvalid"):
        ask(world, with_last(deal, **{field: 1}), deal.terms)


def test_two_recordings_of_one_composition_both_bring_it(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, song, song)
    deal = order_over(world, works, songs)
    ask_about(world, deal)
    with reverts("Licensing_CompositionMismatch", works[1].work_id, song.work_id, bytes(32)):
        ask(world, *without_last(deal))


def test_eight_recordings_bring_eight_compositions(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, *[song] * 8)
    deal = order_over(world, works, songs)
    assert len(deal.quote.sources) == 16
    world.fund(deal)
    world.commit(deal)
    assert world.status(deal) == "committed"


# The composition's terms


def test_the_compositions_terms_count_as_any_sources(world: World, song: Catalogued, recording: Catalogued) -> None:
    deal = order_over(world, [recording], {recording.work_id: song})
    changed = world.set_terms(song, replace(song.terms, uses=frozenset({Use.PRIVATE})))
    with reverts("Licensing_StaleVersion", song.work_id, 2, 3):
        ask_about(world, deal)
    with reverts("Licensing_UseNotPermitted", song.work_id, int(Use.COMMERCIAL)):
        ask_about(world, order_over(world, [recording], {recording.work_id: changed}))
    ask_about(world, order_over(world, [recording], {recording.work_id: changed}, use=Use.PRIVATE))


def test_the_compositions_own_price_is_pinned(world: World, song: Catalogued, recording: Catalogued) -> None:
    deal = order_over(world, [recording], {recording.work_id: song})
    with reverts("Licensing_PriceMismatch", song.work_id, DEAR[1], CHEAP[1]):
        ask(world, with_last(deal, price=CHEAP[1]), deal.terms)


def test_a_compositions_grant_comes_after_those_of_the_set(
    world: World, song: Catalogued, recording: Catalogued
) -> None:
    allows = [AllowList.of([world.operator, world.maker]), AllowList.of([world.operator])]
    works = [
        world.set_terms(work, replace(work.terms, allow=allow))
        for work, allow in zip((recording, song), allows, strict=True)
    ]
    deal = order_over(world, works[:1], {recording.work_id: works[1]})
    ask_about(world, deal)
    with reverts("Licensing_GrantCount", 1):
        world.catalogue.get("requirePermitted", deal.to_abi()[0], deal.to_abi()[1], deal.to_abi()[2][:1])


@pytest.mark.parametrize(("drift", "use"), [(0, Use.COMMERCIAL), (100_000, Use.LIVE)])
def test_the_recordings_weight_is_measured_against_the_composition_too(
    world: World, song: Catalogued, recording: Catalogued, drift: int, use: Use
) -> None:
    highest = 500_000 + drift
    others = [recording, world.catalogue_works[0]]
    just = world.set_terms(song, replace(song.terms, max_weight=highest))
    ask_about(world, order_over(world, others, {recording.work_id: just}, drift=drift, use=use))
    below = world.set_terms(song, replace(song.terms, max_weight=highest - 1))
    with reverts("Licensing_WeightTooHigh", song.work_id, highest, highest - 1):
        ask_about(world, order_over(world, others, {recording.work_id: below}, drift=drift, use=use))


def test_both_ask_for_no_more_than_all_later_revenue(world: World, song: Catalogued, recording: Catalogued) -> None:
    asking = world.set_terms(song, replace(song.terms, downstream=600_000))
    for downstream in (0, 400_000):
        sharing = world.set_terms(recording, replace(recording.terms, downstream=downstream))
        ask_about(world, order_over(world, [sharing], {sharing.work_id: asking}))
    greedy = world.set_terms(recording, replace(recording.terms, downstream=400_001))
    with reverts("Orders_BoundsInvalid"):
        ask_about(world, order_over(world, [greedy], {greedy.work_id: asking}))


# Combining


def of_other_licensors(world: World, song: Catalogued) -> Catalogued:
    """A recording by somebody else than the composition's licensor."""
    work_id = world.register(950, world.pool, world.licensor2, song.work_id)
    return world.set_terms(Catalogued(work_id, world.licensor2, world.pool, world.terms()), world.terms())


def test_its_composition_is_no_combination_for_a_recording(world: World, song: Catalogued) -> None:
    foreign = of_other_licensors(world, song)
    strict = world.set_terms(foreign, replace(foreign.terms, combinable=False))
    ask_about(world, order_over(world, [strict], {strict.work_id: song}))


def test_a_strangers_recording_is_a_combination_for_the_composition(world: World, song: Catalogued) -> None:
    alone = world.set_terms(song, replace(song.terms, combinable=False))
    foreign = of_other_licensors(world, song)
    with reverts("Licensing_NotCombinable", song.work_id):
        ask_about(world, order_over(world, [foreign], {foreign.work_id: alone}))


def test_another_recordings_composition_is_a_combination(world: World, song: Catalogued) -> None:
    theirs = world.catalogued(940, world.pool, world.licensor2, terms_at(world, DEAR))
    works, songs = two_recordings(world, song, theirs)
    strict = next(work for work in works if songs[work.work_id] is song)
    changed = world.set_terms(strict, replace(strict.terms, combinable=False))
    with reverts("Licensing_NotCombinable", strict.work_id):
        ask_about(world, order_over(world, [changed if work is strict else work for work in works], songs))


# Money


def test_the_dearest_is_a_recording_with_its_composition(world: World, song: Catalogued, recording: Catalogued) -> None:
    deal = order_over(world, [recording], {recording.work_id: song}, base_rate=0)
    assert world.escrow.get("escrowOf", deal.quote.to_abi()) == (CHEAP[1] + DEAR[1]) * 4 + 250_000
    dearer_base = order_over(world, [recording], {recording.work_id: song}, base_rate=CHEAP[1] + DEAR[1] + 1)
    assert world.escrow.get("escrowOf", dearer_base.quote.to_abi()) == (CHEAP[1] + DEAR[1] + 1) * 4 + 250_000
    with_other = order_over(world, [recording, world.catalogue_works[0]], {recording.work_id: song}, base_rate=0)
    assert world.escrow.get("escrowOf", with_other.quote.to_abi()) == 2_500_000 * 4 + 250_000


def test_two_dear_recordings_are_not_added_up(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, song, song)
    deal = order_over(world, works, songs, base_rate=0)
    assert world.escrow.get("escrowOf", deal.quote.to_abi()) == (CHEAP[1] + DEAR[1]) * 4 + 250_000


@pytest.mark.parametrize("native", [True, False])
def test_both_are_paid_by_the_recordings_share(
    world: World, song: Catalogued, recording: Catalogued, native: bool
) -> None:
    token = NATIVE if native else world.usd.address
    others = world.catalogue_works[:2]
    deal = order_over(world, [*others, recording], {recording.work_id: song}, token=token, base_rate=0)
    world.fund(deal)
    assert world.balance(token, world.escrow.address) >= deal.quote.escrow
    shares = even(3, PPM - 100_001)
    world.commit(deal, world.commit_of(deal, 100_001, shares))
    place = [source.work_id for source in deal.quote.inference_set].index(recording.work_id)
    assert received(world, recording, token) == CHEAP[1] * 4 * shares[place] // PPM
    assert received(world, song, token) == DEAR[1] * 4 * shares[place] // PPM


def test_a_composition_of_two_recordings_is_paid_through_each(world: World, song: Catalogued) -> None:
    works, songs = two_recordings(world, song, song)
    deal = order_over(world, works, songs, base_rate=0)
    world.fund(deal)
    shares = (300_000, 700_000)
    world.commit(deal, world.commit_of(deal, 0, shares))
    assert received(world, song, deal.quote.token) == sum(DEAR[1] * 4 * share // PPM for share in shares)


def test_a_composition_has_the_weight_of_all_its_recordings_and_its_own(world: World) -> None:
    song = work_at(world, 900, DEAR, max_weight=999_999)
    works, songs = two_recordings(world, song, song)
    with reverts("Licensing_WeightTooHigh", song.work_id, PPM, 999_999):
        ask_about(world, order_over(world, works, songs))
    alone = works[0]
    with reverts("Licensing_WeightTooHigh", song.work_id, PPM, 999_999):
        ask_about(world, order_over(world, [alone, song], {alone.work_id: song}))
    apart = [alone, world.catalogue_works[0]]
    ask_about(world, order_over(world, apart, {alone.work_id: song}))
