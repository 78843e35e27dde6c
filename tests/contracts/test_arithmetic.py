"""The contracts' arithmetic against exact fractions, over extremes: see arithmetic.tree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.domain.settlement import settle
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import TokenPrice

from .test_claim import addresses
from .test_commit import pool_received, received
from .world import World, claim

MONEY = st.one_of(st.integers(0, 20), st.integers(0, 2**64), st.integers(2**100 - 3, 2**100))
SETTINGS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def parts(draw: st.DrawFn, count: int, least: int = 0) -> tuple[int, ...]:
    """`count` integers of at least `least` that sum to one million, with zeros and ones and giants among them."""
    free = PPM - count * least
    cut = st.one_of(st.sampled_from([0, 1, free - 1, free]), st.integers(0, free))
    cuts = [0, *sorted(draw(st.lists(cut, min_size=count - 1, max_size=count - 1))), free]
    return tuple(b - a + least for a, b in pairwise(cuts))


@given(
    prices=st.lists(MONEY, min_size=3, max_size=3),
    base_rate=MONEY,
    fee=MONEY,
    duration=st.integers(1, 600),
    shares=parts(4),
)
@SETTINGS
def test_a_settlement_is_exact(
    world: World, prices: list[int], base_rate: int, fee: int, duration: int, shares: tuple[int, ...]
) -> None:
    token, (base, *of_sources) = world.quirky.address, shares
    with world.chain.undone():
        rows = [TokenPrice(token, (price,) * 4) for price in prices]
        works = [world.set_terms(w, world.terms(prices=(row,))) for w, row in zip(world.catalogue, rows, strict=True)]
        quote = world.quote(works, token, base_rate=base_rate, operator_fee=fee, duration=duration, max_base_share=PPM)
        quote = replace(quote, sources=tuple(replace(source, min_share=0) for source in quote.sources))
        world.quirky.send(world.deployer, "mint", world.maker, 2**120)
        maker = world.balance(token, world.maker)
        deal = world.deal(quote, [work.terms for work in works])
        world.fund(deal)
        escrow = maker - world.balance(token, world.maker)
        world.commit(deal, world.commit_of(deal, base, of_sources))

        units = ceil(Fraction(duration, 30))
        credits = [floor(Fraction(p * units * s, PPM)) for p, s in zip(prices, of_sources, strict=True)]
        pool = floor(Fraction(base_rate * units * base, PPM))
        assert [received(world, work, token) for work in works] == credits
        assert pool_received(world, token) == pool
        assert world.balance(token, world.operator) == fee
        spent = maker - world.balance(token, world.maker)
        assert spent == sum(credits) + pool + fee <= escrow == max(*prices, base_rate) * units + fee
        assert world.balance(token, world.escrow.address) == sum(credits) + pool
        twin = settle(prices, base_rate, fee, duration, of_sources, base)
        assert twin.sources == tuple(credits)
        assert (twin.pool, twin.refunded, twin.total) == (pool, escrow - spent, escrow)


@given(data=st.data(), amount=st.one_of(st.integers(1, 50), st.integers(1, 2**120)))
@SETTINGS
def test_holders_draw_all_but_less_than_a_unit_each(world: World, data: st.DataObject, amount: int) -> None:
    shares = data.draw(st.integers(1, 9).flatmap(lambda count: parts(count, least=1)))
    split = Split.of(list(zip(addresses(len(shares)), shares, strict=True)))
    token = world.quirky.address
    with world.chain.undone():
        world.quirky.send(world.deployer, "mint", world.maker, 2**130)
        work = world.earn(split, amount, token)
        batch = [claim(work.work_id, split, token, index) for index in range(len(shares))]
        drawable = [world.escrow.get("claimable", item) for item in batch]
        assert drawable == [floor(Fraction(amount * share, PPM)) for share in shares]
        assert 0 <= amount - sum(drawable) < len(shares)
        assert world.escrow.get("payout", batch) == sum(value > 0 for value in drawable)
