"""Finished orders are raised to a wider use: see raise.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.commits import Commit
from contrafact.domain.prices import Use
from contrafact.domain.settlement import raised
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .chain import NATIVE, Receipt, reverts
from .recordings import Prices, order_over, received, terms_at, work_at
from .world import Catalogued, Deal, RuledWorld, World, digest


def words(deal: Deal) -> list[list[bytes]]:
    return [list(terms.to_words()) for terms in deal.terms]


def raise_use(world: World, deal: Deal, commit: Commit, use: Use, new: Use, **more: Any) -> Receipt:
    """From the relayer by default, who has approved everything."""
    sender, value = more.pop("sender", world.relayer), more.pop("value", 0)
    terms = more.pop("terms", words(deal))
    quote = more.pop("quote", deal.quote).to_abi()
    return world.escrow.send(sender, "raiseUse", quote, deal.salt, commit.to_abi(), use, new, terms, value=value)


def committed(world: World, deal: Deal, base: int = 100_000, shares: tuple[int, ...] | None = None) -> Commit:
    commit = world.commit_of(deal, base, shares)
    world.commit(deal, commit)
    return commit


@pytest.fixture
def payer(world: World) -> str:
    """The relayer, with money."""
    fund_relayer(world)
    return world.relayer


def fund_relayer(world: World) -> None:
    for token in (world.usd, world.quirky):
        token.send(world.deployer, "mint", world.relayer, 10**20)
        token.send(world.relayer, "approve", world.escrow.address, 2**256 - 1)


def stage(world: World, prices: tuple[Prices, Prices, Prices], **changes: Any) -> tuple[Deal, list[Catalogued]]:
    """A funded order over a tune and a recording with its song, at these prices; and the works as it pays them."""
    song = work_at(world, 80, prices[2])
    works = [work_at(world, 81, prices[0]), work_at(world, 82, prices[1], song)]
    deal = order_over(world, works, {works[1].work_id: song}, base_rate=0, **changes)
    world.fund(deal, value=deal.quote.escrow if deal.quote.token == NATIVE else 0)
    by_id = {work.work_id: work for work in (*works, song)}
    return deal, [by_id[source.work_id] for source in deal.quote.sources]


PRICES: tuple[Prices, Prices, Prices] = ((3, 1_000_003, 7, 0), (100, 40, 900_000, 1), (11, 2_000_000, 2_000_000, 5))


@pytest.mark.parametrize("name", ["dollar", "native"])
@pytest.mark.parametrize(
    ("use", "new"),
    [(Use.PRIVATE, Use.COMMERCIAL), (Use.COMMERCIAL, Use.BROADCAST), (Use.PRIVATE, Use.BROADCAST)],
)
def test_each_source_gets_the_difference_to_the_unit(world: World, payer: str, use: Use, new: Use, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    deal, works = stage(world, PRICES, use=use, token=token, duration=95)
    commit = committed(world, deal, 123_456, (400_001, 476_543))
    before = [received(world, work, token) for work in works]
    held, had = world.balance(token, world.escrow.address), world.balance(token, payer)
    after = [terms.price(new, token) for terms in deal.terms]
    expected = raised(deal.quote.rates, after, 95, commit.shares)
    by_hand = []
    for source, price in zip(deal.quote.sources, after, strict=True):
        share = commit.shares[source.through - 1 if source.through else deal.quote.inference_set.index(source)]
        by_hand.append(max(0, price * 4 * share // PPM - source.price * 4 * share // PPM))
    assert expected == tuple(by_hand)
    paid = sum(expected)
    receipt = raise_use(world, deal, commit, use, new, value=paid if token == NATIVE else 0)
    assert [received(world, work, token) - old for work, old in zip(works, before, strict=True)] == by_hand
    assert world.balance(token, world.escrow.address) - held == paid
    if token != NATIVE:
        assert had - world.balance(token, payer) == paid
    event = {"orderId": deal.order_id, "payer": payer, "from": use, "to": new, "paid": paid}
    assert world.event(receipt, "OrderRaised").args == event


def test_the_order_is_then_paid_for_the_new_use(world: World, payer: str) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE)
    commit = committed(world, deal)
    raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)
    quote = deal.quote.to_abi()
    assert world.escrow.get("requireCommitted", quote, deal.salt, commit.to_abi(), Use.COMMERCIAL) == deal.order_id
    with reverts("GenerationEscrow_WrongResult", deal.order_id):
        world.escrow.get("requireCommitted", quote, deal.salt, commit.to_abi(), Use.PRIVATE)
    assert world.status(deal) == "committed"


def test_step_by_step_costs_what_one_step_costs_where_prices_rise(world: World, payer: str) -> None:
    rising = ((3, 1_000_003, 1_000_007, 0), (100, 400, 900_000, 1), (11, 2_000_000, 2_000_001, 5))
    deal, works = stage(world, rising, use=Use.PRIVATE)
    commit = committed(world, deal, 123_456, (400_001, 476_543))
    with world.chain.undone():
        once = world.event(raise_use(world, deal, commit, Use.PRIVATE, Use.BROADCAST), "OrderRaised").args["paid"]
        sources = [received(world, work, world.usd.address) for work in works]
    first = raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)
    second = raise_use(world, deal, commit, Use.COMMERCIAL, Use.BROADCAST)
    assert sum(world.event(receipt, "OrderRaised").args["paid"] for receipt in (first, second)) == once
    assert [received(world, work, world.usd.address) for work in works] == sources


def test_a_wider_use_that_is_cheaper_costs_nothing(world: World, payer: str) -> None:
    deal, works = stage(world, ((9, 5, 5, 5), (9, 5, 5, 5), (9, 5, 5, 5)), use=Use.PRIVATE)
    commit = committed(world, deal)
    before = [received(world, work, world.usd.address) for work in works]
    receipt = raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)
    assert world.event(receipt, "OrderRaised").args["paid"] == 0
    assert [received(world, work, world.usd.address) for work in works] == before


def test_pinned_terms_count_whatever_changed_since(ruled: RuledWorld) -> None:
    fund_relayer(ruled)
    deal, works = stage(ruled, PRICES, use=Use.PRIVATE)
    commit = committed(ruled, deal)
    with ruled.chain.undone():
        expected = ruled.event(raise_use(ruled, deal, commit, Use.PRIVATE, Use.BROADCAST), "OrderRaised").args["paid"]
    out = ruled.set_terms(works[0], terms_at(ruled, (10**9,) * 4, inference=False))
    ruled.change_split(out, Split.of([(ruled.holders[3], PPM)]))
    ruled.catalogue.send(ruled.desk_address, "bar", works[1].work_id)
    receipt = raise_use(ruled, deal, commit, Use.PRIVATE, Use.BROADCAST)
    assert ruled.event(receipt, "OrderRaised").args["paid"] == expected
    assert received(ruled, works[0], ruled.usd.address) > 0  # under the split that the order pinned


# Refusals


def test_other_terms_than_the_pinned_ones_are_refused(world: World, payer: str) -> None:
    deal, works = stage(world, PRICES, use=Use.PRIVATE)
    commit = committed(world, deal)
    cheap = words(deal)
    cheap[0] = list(terms_at(world, (3, 3, 3, 3)).to_words())
    with reverts("Licensing_LicenceMismatch", works[0].work_id, works[0].version):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, terms=cheap)
    with reverts("Licensing_TermsCount", 3, 2):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, terms=words(deal)[:2])


def test_a_use_that_some_source_does_not_permit_is_refused(world: World, payer: str) -> None:
    uses = frozenset({Use.PRIVATE, Use.COMMERCIAL})
    work = work_at(world, 80, (1, 2, 3, 4), uses=uses)
    deal = order_over(world, [work], use=Use.PRIVATE, base_rate=0)
    world.fund(deal)
    commit = committed(world, deal)
    with reverts("Licensing_UseNotPermitted", work.work_id, Use.BROADCAST):
        raise_use(world, deal, commit, Use.PRIVATE, Use.BROADCAST)
    raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)


@pytest.mark.parametrize(
    ("use", "new"),
    [(use, new) for use in list(Use)[:3] for new in list(Use)[:3] if new <= use],
)
def test_the_same_or_a_narrower_use_is_refused(world: World, payer: str, use: Use, new: Use) -> None:
    """Else anybody could take back, for nothing, the use that a maker has paid for."""
    deal, _ = stage(world, PRICES, use=use)
    commit = committed(world, deal)
    with reverts("FinishedOrders_NotWider"):
        raise_use(world, deal, commit, use, new)


def test_live_orders_are_neither_raised_nor_raised_to(world: World, payer: str) -> None:
    deal, _ = stage(world, PRICES, use=Use.BROADCAST)
    commit = committed(world, deal)
    with reverts("FinishedOrders_LiveUse"):
        raise_use(world, deal, commit, Use.BROADCAST, Use.LIVE)
    live = world.funded(use=Use.LIVE)
    played = committed(world, live)
    with reverts("FinishedOrders_LiveUse"):
        raise_use(world, live, played, Use.LIVE, Use.BROADCAST)


def test_a_use_that_the_order_is_not_paid_for_is_refused(world: World, payer: str) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE)
    commit = committed(world, deal)
    with reverts("GenerationEscrow_WrongResult", deal.order_id):
        raise_use(world, deal, commit, Use.COMMERCIAL, Use.BROADCAST)
    raise_use(world, deal, commit, Use.PRIVATE, Use.BROADCAST)
    for use in (Use.PRIVATE, Use.COMMERCIAL):
        with reverts("GenerationEscrow_WrongResult", deal.order_id):
            raise_use(world, deal, commit, use, Use.BROADCAST)


def test_another_result_salt_or_order_is_refused(world: World, payer: str) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE)
    commit = committed(world, deal)
    lies = [
        (deal, replace(commit, shares=(450_001, 449_999))),
        (deal, replace(commit, record_digest=digest(9))),
        (replace(deal, salt=digest(9)), commit),
    ]
    for told, result in lies:
        with reverts("GenerationEscrow_WrongResult", deal.order_id):
            raise_use(world, told, result, Use.PRIVATE, Use.COMMERCIAL)
    other = replace(deal.quote, operator_fee=1)
    with reverts("GenerationEscrow_WrongStatus"):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, quote=other)


def test_only_committed_orders_are_raised(world: World, payer: str) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE)
    commit = world.commit_of(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 2, 1):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 2, 3):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL)


@pytest.mark.parametrize("by", [-1, 1])
def test_the_native_difference_is_paid_exactly(world: World, payer: str, by: int) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE, token=NATIVE)
    commit = committed(world, deal)
    prices = [terms.price(Use.COMMERCIAL, NATIVE) for terms in deal.terms]
    due = sum(raised(deal.quote.rates, prices, 95, commit.shares))
    with reverts("Payments_WrongPayment", due, due + by):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, value=due + by)


def test_a_raise_that_is_not_paid_changes_nothing(world: World) -> None:
    deal, _ = stage(world, PRICES, use=Use.PRIVATE)
    commit = committed(world, deal)
    before = world.escrow.get("orderState", deal.order_id)
    with reverts("ERC20InsufficientAllowance"):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, sender=world.holders[2])
    with reverts("Payments_WrongPayment", 0, 1):
        raise_use(world, deal, commit, Use.PRIVATE, Use.COMMERCIAL, value=1)
    assert world.escrow.get("orderState", deal.order_id) == before
