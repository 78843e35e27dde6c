"""Orders that make no sense are refused when they are funded: see quote_form.tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.orders import Quote, Source
from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM

from .chain import Reverted, reverts
from .world import Deal, World, digest, even

HOURS = 3600
PANIC = "4e487b71"  # the machine's own error


def with_words(deal: Deal, words: dict[int, int]) -> tuple[Any, ...]:
    """The arguments of `fund` with bits set in the quote's first four words."""
    quote, *rest = deal.to_abi()
    return (tuple(part | words[i] if i in words else part for i, part in enumerate(quote)), *rest)


@pytest.mark.parametrize(("word", "first"), [(0, 224), (1, 240), (2, 248), (3, 192)])
def test_bits_without_a_meaning_are_refused(world: World, word: int, first: int) -> None:
    deal = world.deal(world.quote())
    for bit in (first, 255):
        with reverts("Orders_SpareBits"):
            world.escrow.send(world.maker, "fund", *with_words(deal, {word: 1 << bit}))
    below = with_words(deal, {word: 1 << first - 1})[0]
    assert world.escrow.get("orderIdOf", below) != deal.order_id  # the bit below has a meaning


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("bit", [208, 255])
def test_bits_without_a_meaning_in_a_source_are_refused(world: World, place: int, bit: int) -> None:
    deal = world.deal(world.quote())
    quote, *rest = deal.to_abi()
    sources = [(a, b, pinned | 1 << bit if i == place else pinned) for i, (a, b, pinned) in enumerate(quote[8])]
    with reverts("Orders_SpareBits"):
        world.escrow.send(world.maker, "fund", (*quote[:8], sources), *rest)


def test_a_number_that_is_no_use_is_refused(world: World) -> None:
    deal = world.deal(world.quote(use=Use.LIVE))
    quote, words, grants, *_ = with_words(deal, {0: 4 << 160})
    with pytest.raises(Reverted, match=PANIC):
        world.catalogue.get("requirePermitted", quote, words, grants)


def fund(world: World, quote: Quote) -> None:
    world.fund(world.deal(quote))


@pytest.mark.parametrize("duration", [0, 601, 2**32 - 1])
def test_a_duration_out_of_bounds_is_refused(world: World, duration: int) -> None:
    with reverts("Orders_DurationInvalid", duration):
        fund(world, world.quote(duration=duration))


@pytest.mark.parametrize("duration", [0, 4 * HOURS + 1, 2**32 - 1])
def test_a_live_duration_out_of_bounds_is_refused(world: World, duration: int) -> None:
    with reverts("Orders_DurationInvalid", duration):
        fund(world, world.quote(duration=duration, use=Use.LIVE))


@pytest.mark.parametrize(("duration", "use"), [(1, Use.PRIVATE), (600, Use.BROADCAST), (4 * HOURS, Use.LIVE)])
def test_durations_at_their_bounds_are_funded(world: World, duration: int, use: Use) -> None:
    deal = world.funded(duration=duration, use=use)
    assert world.status(deal) == "funded"


@pytest.mark.parametrize(("duration", "units"), [(1, 1), (30, 1), (31, 2), (600, 20)])
def test_started_units_are_paid(world: World, duration: int, units: int) -> None:
    quote = world.quote(duration=duration)
    assert world.escrow.get("escrowOf", quote.to_abi()) == 2_500_000 * units + 250_000


@pytest.mark.parametrize(("base_rate", "dearest"), [(0, 2_500_000), (2_500_000, 2_500_000), (2_500_001, 2_500_001)])
def test_the_dearest_price_is_escrowed(world: World, base_rate: int, dearest: int) -> None:
    quote = world.quote(base_rate=base_rate)
    assert world.escrow.get("escrowOf", quote.to_abi()) == dearest * 4 + 250_000
    fund(world, quote)
    assert world.balance(world.usd.address, world.escrow.address) >= dearest * 4 + 250_000


@pytest.mark.parametrize("use", [Use.PRIVATE, Use.COMMERCIAL, Use.BROADCAST])
def test_only_live_orders_drift(world: World, use: Use) -> None:
    with reverts("Orders_BoundsInvalid"):
        fund(world, world.quote(use=use, drift=1))


def test_drift_goes_up_to_the_whole(world: World) -> None:
    fund(world, world.quote(use=Use.LIVE, drift=PPM))
    with reverts("Orders_BoundsInvalid"):
        fund(world, world.quote(use=Use.LIVE, drift=PPM + 1))


@pytest.mark.parametrize("count", [0, 9])
def test_none_or_more_than_eight_sources_are_refused(world: World, count: int) -> None:
    sources = tuple(Source(digest(i + 1), 1, digest(1), w, 0, 0) for i, w in enumerate(even(count) if count else ()))
    with reverts("Orders_SourceCount", count):
        fund(world, world.quote(sources=sources))


def test_compositions_alone_are_no_inference_set(world: World) -> None:
    source = Source(world.catalogue_works[0].work_id, 2, digest(1), 0, 0, 0, through=1)
    with reverts("Orders_SourceCount", 0):
        fund(world, world.quote(sources=(source,)))


def test_eight_sources_are_funded_and_settled(world: World) -> None:
    works = [world.catalogued(700 + i, world.pool, world.licensor) for i in range(8)]
    works.sort(key=lambda work: work.work_id)
    deal = world.funded(world.quote(works))
    world.commit(deal)
    assert world.status(deal) == "committed"


def test_unordered_or_repeated_sources_are_refused(world: World) -> None:
    a, b, c = world.quote().sources
    for sources in ((b, a, c), (a, c, b), (c, b, a), (a, a, b), (a, b, b)):
        with reverts("Orders_SourcesUnordered"):
            fund(world, world.quote(sources=sources))


def weighing(world: World, weights: Sequence[int], minimums: Sequence[int] = (0, 0), base: int = 0) -> Quote:
    """An order over two works with these weights and bounds."""
    quote = world.quote(world.catalogue_works[:2], max_base_share=base)
    rows = zip(quote.sources, weights, minimums, strict=True)
    return replace(quote, sources=tuple(replace(s, weight=w, min_share=m) for s, w, m in rows))


@pytest.mark.parametrize("weights", [(PPM, 1), (PPM - 2, 1), (2**24 - 1, 2**24 - 1)])
def test_weights_that_do_not_sum_to_the_whole_are_refused(world: World, weights: tuple[int, int]) -> None:
    with reverts("Orders_WeightsDoNotSum", sum(weights)):
        fund(world, weighing(world, weights))


@pytest.mark.parametrize(
    ("weights", "minimums", "base"),
    [
        ((PPM, 0), (0, 0), 0),
        ((0, PPM), (0, 0), 0),
        ((1, PPM - 1), (500_000, 500_001), 0),
        ((1, PPM - 1), (2**24 - 1, 2**24 - 1), 0),
        ((1, PPM - 1), (0, 0), PPM + 1),
    ],
    ids=["last weight of zero", "first weight of zero", "lowest shares above the whole", "highest", "base too high"],
)
def test_bounds_that_make_no_sense_are_refused(
    world: World, weights: tuple[int, int], minimums: tuple[int, int], base: int
) -> None:
    with reverts("Orders_BoundsInvalid"):
        fund(world, weighing(world, weights, minimums, base))


def test_bounds_that_one_commit_can_keep_are_funded(world: World) -> None:
    deal = world.funded(weighing(world, (1, PPM - 1), (500_000, 500_000), PPM))
    world.commit(deal, world.commit_of(deal, 0, (500_000, 500_000)))
    assert world.status(deal) == "committed"
