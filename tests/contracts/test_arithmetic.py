"""The contracts' arithmetic against exact fractions and the Python twins, over extremes: see arithmetic.tree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.domain.prices import Use
from contrafact.domain.settlement import downstream, raised, refund_penalty
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, claimable

from .recordings import Prices, order_over, pool_received, received, work_at
from .test_commit import bond
from .test_downstream import pay
from .test_raise import fund_relayer, raise_use
from .world import Catalogued, Deal, World, claim

pytestmark = pytest.mark.slow
PRICE = st.one_of(st.integers(0, 20), st.integers(0, 2**64), st.integers(2**80 - 3, 2**80 - 1))
RATE = st.one_of(st.integers(0, 20), st.integers(0, 2**64), st.integers(2**96 - 3, 2**96 - 1))
DURATION = st.one_of(st.integers(1, 600), st.sampled_from([1, 29, 30, 31, 600]))
SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def parts(draw: st.DrawFn, count: int, least: int = 0) -> tuple[int, ...]:
    """`count` integers of at least `least` that sum to one million, with zeros and ones and giants among them."""
    free = PPM - count * least
    cut = st.one_of(st.sampled_from([0, 1, free - 1, free]), st.integers(0, free))
    cuts = [0, *sorted(draw(st.lists(cut, min_size=count - 1, max_size=count - 1))), free]
    return tuple(b - a + least for a, b in pairwise(cuts))


def stage(world: World, prices: list[Prices], parts: list[int], **changes: object) -> tuple[Deal, list[Catalogued]]:
    """A funded order over a tune and a recording with its song, in the quirky token; and the works as it pays them."""
    token = world.quirky.address
    world.quirky.send(world.deployer, "mint", world.maker, 2**130)
    world.quirky.send(world.deployer, "mint", world.operator, 2**130)
    world.escrow.send(world.operator, "depositBond", world.operator, token, 2**110)
    song = work_at(world, 80, prices[2], downstream=parts[2])
    recording = work_at(world, 82, prices[1], song, downstream=parts[1])
    works = [work_at(world, 81, prices[0], downstream=parts[0]), recording]
    deal = order_over(world, works, {recording.work_id: song}, token=token, max_base_share=PPM, **changes)
    world.fund(deal)
    by_id = {work.work_id: work for work in (*works, song)}
    return deal, [by_id[source.work_id] for source in deal.quote.sources]


def prices_at(rows: list[int]) -> list[Prices]:
    return [(price, price, price, price) for price in rows]


def share_of(deal: Deal, shares: tuple[int, ...]) -> list[int]:
    """The share that each source is paid by, compositions last."""
    return [*shares, *(shares[place - 1] for place in deal.quote.through)]


@given(prices=st.lists(PRICE, min_size=3, max_size=3), rate=RATE, fee=RATE, duration=DURATION, shares=parts(3))
@SETTINGS
def test_a_settlement_is_exact(
    world: World, prices: list[int], rate: int, fee: int, duration: int, shares: tuple[int, ...]
) -> None:
    token, (base, *of_sources) = world.quirky.address, shares
    with world.chain.undone():
        fresh = world.balance(token, world.escrow.address)
        maker = world.balance(token, world.maker) + 2**130
        deal, works = stage(world, prices_at(prices), [0, 0, 0], base_rate=rate, operator_fee=fee, duration=duration)
        escrow, operator = maker - world.balance(token, world.maker), world.balance(token, world.operator)
        world.commit(deal, world.commit_of(deal, base, of_sources))

        units, of_all = ceil(Fraction(duration, 30)), share_of(deal, tuple(of_sources))
        rows = zip(deal.quote.prices, of_all, strict=True)
        credits = [floor(Fraction(price * units * share, PPM)) for price, share in rows]
        pool = floor(Fraction(rate * units * base, PPM))
        pool_key = world.escrow.get("accountId", (deal.quote.model_id, world.pool.root, token))
        assert [received(world, work, token) for work in works] == credits
        assert world.escrow.get("received", pool_key) == pool
        assert world.balance(token, world.operator) - operator == fee
        spent = maker - world.balance(token, world.maker)
        assert spent == sum(credits) + pool + fee <= escrow
        assert escrow == max(prices[0], prices[1] + prices[2], rate) * units + fee
        assert world.balance(token, world.escrow.address) == fresh + 2**110 + sum(credits) + pool
        twin = deal.quote.settle(base, of_sources)
        assert (list(twin.sources), twin.pool) == (credits, pool)
        assert (twin.refunded, twin.total, deal.quote.escrow) == (escrow - spent, escrow, escrow)


@given(price=PRICE, quoted=st.integers(1, 14_400), data=st.data(), shares=parts(3))
@SETTINGS
def test_a_live_settlement_is_exact(
    world: World, price: int, quoted: int, data: st.DataObject, shares: tuple[int, ...]
) -> None:
    played = data.draw(st.one_of(st.just(quoted), st.just(1), st.integers(1, quoted)))
    token, (base, *of_sources) = world.quirky.address, shares
    with world.chain.undone():
        deal, works = stage(world, prices_at([price, 7, price]), [0, 0, 0], use=Use.LIVE, duration=quoted)
        maker = world.balance(token, world.maker)
        world.commit(deal, world.commit_of(deal, base, of_sources, duration=played))
        rows = zip(deal.quote.prices, share_of(deal, tuple(of_sources)), strict=True)
        credits = [price * ceil(Fraction(played, 30)) * share // PPM for price, share in rows]
        assert [received(world, work, token) for work in works] == credits
        twin = deal.quote.settle(base, of_sources, played)
        assert list(twin.sources) == credits
        assert world.balance(token, world.maker) - maker == twin.refunded
        assert pool_received(world, token) == twin.pool


@given(rows=st.lists(st.tuples(PRICE, PRICE, PRICE, PRICE), min_size=3, max_size=3), duration=DURATION, shares=parts(3))
@SETTINGS
def test_a_raise_is_exact(world: World, rows: list[Prices], duration: int, shares: tuple[int, ...]) -> None:
    token, (base, *of_sources) = world.quirky.address, shares
    with world.chain.undone():
        fund_relayer(world)
        world.quirky.send(world.deployer, "mint", world.relayer, 2**130)
        deal, works = stage(world, rows, [0, 0, 0], use=Use.PRIVATE, duration=duration)
        commit = world.commit_of(deal, base, of_sources)
        world.commit(deal, commit)
        uses = (Use.PRIVATE, Use.COMMERCIAL, Use.BROADCAST)
        for use, new in pairwise(uses):
            now, wider = ([terms.price(u, token) for terms in deal.terms] for u in (use, new))
            before = [received(world, work, token) for work in works]
            raise_use(world, deal, commit, use, new)
            got = [received(world, work, token) - old for work, old in zip(works, before, strict=True)]
            units, of_all = ceil(Fraction(duration, 30)), share_of(deal, commit.shares)
            exact = [
                max(0, floor(Fraction(b * units * share, PPM)) - floor(Fraction(a * units * share, PPM)))
                for a, b, share in zip(now, wider, of_all, strict=True)
            ]
            assert (
                got == exact == list(raised(replace(deal.quote.rates, prices=tuple(now)), wider, duration, of_sources))
            )


@given(
    amount=st.one_of(st.integers(0, 50), st.integers(0, 2**64), st.integers(2**127 - 3, 2**127)),
    percentages=st.tuples(st.integers(0, PPM), parts(2)),
    shares=parts(3),
)
@SETTINGS
def test_later_revenue_is_exact(
    world: World, amount: int, percentages: tuple[int, tuple[int, ...]], shares: tuple[int, ...]
) -> None:
    token, (base, *of_sources) = world.quirky.address, shares
    with world.chain.undone():
        fund_relayer(world)
        world.quirky.send(world.deployer, "mint", world.relayer, 2**130)
        deal, works = stage(world, prices_at([0, 0, 0]), [percentages[0], *percentages[1]], base_rate=0)
        commit = world.commit_of(deal, base, of_sources)
        world.commit(deal, commit)
        maker = world.balance(token, world.maker)
        pay(world, deal, commit, amount)
        rows = zip(share_of(deal, commit.shares), deal.quote.sources, strict=True)
        exact = [floor(Fraction(amount * share * source.downstream, PPM**2)) for share, source in rows]
        assert [received(world, work, token) for work in works] == exact
        assert world.balance(token, world.maker) - maker == amount - sum(exact)
        twin = downstream(amount, of_sources, [s.downstream for s in deal.quote.sources], deal.quote.through)
        assert (list(twin.sources), twin.maker) == (exact, amount - sum(exact))


@given(rate=RATE, fee=RATE)
@SETTINGS
def test_a_penalty_is_exact(world: World, rate: int, fee: int) -> None:
    token = world.quirky.address
    with world.chain.undone():
        deal, _ = stage(world, prices_at([1, 2, 3]), [0, 0, 0], base_rate=rate, operator_fee=fee)
        whole, _ = bond(world, token)
        maker = world.balance(token, world.maker)
        world.chain.travel(deal.quote.deadline)
        world.refund(deal)
        penalty = floor(Fraction(deal.quote.escrow, 10))
        assert penalty == refund_penalty(deal.quote.escrow)
        assert world.balance(token, world.maker) - maker == deal.quote.escrow + penalty
        assert bond(world, token) == (whole - penalty, 0)


@given(data=st.data(), amount=st.one_of(st.integers(1, 50), st.integers(1, 2**79), st.integers(2**80 - 3, 2**80 - 1)))
@SETTINGS
def test_holders_draw_all_but_less_than_a_unit_each(world: World, data: st.DataObject, amount: int) -> None:
    shares = data.draw(st.integers(1, 9).flatmap(lambda count: parts(count, least=1)))
    split = Split.of(list(zip(world.strangers(len(shares)), shares, strict=True)))
    token = world.quirky.address
    with world.chain.undone():
        work = world.earn(split, amount, token)
        world.confirm(work, token)
        batch = [claim(work.work_id, split, token, index) for index in range(len(shares))]
        drawable = [world.escrow.get("claimable", item) for item in batch]
        assert drawable == [floor(Fraction(amount * share, PPM)) for share in shares]
        assert drawable == [claimable(amount, share, 0) for share in shares]
        assert 0 <= amount - sum(drawable) < len(shares)
        assert world.escrow.get("payout", batch) == sum(value > 0 for value in drawable)
