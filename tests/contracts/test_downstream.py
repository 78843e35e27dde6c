"""Later revenue is split: see downstream.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.commits import Commit
from contrafact.domain.prices import Use
from contrafact.domain.settlement import downstream
from contrafact.domain.shares import PPM

from .chain import NATIVE, Receipt, reverts
from .hostile import Quirk, Reaction, assert_guarded, puppet, quirk, react, reenter_with
from .recordings import order_over, received, work_at
from .test_raise import committed, fund_relayer, raise_use
from .world import Catalogued, Deal, World, digest

PRICES = (10, 20, 30, 40)
PARTS = (300_000, 999_999 - 50_000, 50_000)  # of the tune, the recording and its song


def pay(world: World, deal: Deal, commit: Commit, amount: int, **more: Any) -> Receipt:
    """From the relayer by default, who has approved everything."""
    sender, use = more.pop("sender", world.relayer), more.pop("use", deal.quote.use)
    value = more.pop("value", amount if deal.quote.token == NATIVE else 0)
    arguments = deal.quote.to_abi(), deal.salt, commit.to_abi(), use, amount
    return world.escrow.send(sender, "payDownstream", *arguments, value=value, **more)


@pytest.fixture(autouse=True)
def _payer(world: World) -> None:
    fund_relayer(world)


def stage(world: World, parts: tuple[int, int, int] = PARTS, **changes: Any) -> tuple[Deal, list[Catalogued]]:
    """A funded order over a tune and a recording with its song; and the works as it pays them."""
    tune, recorded, sung = parts
    song = work_at(world, 80, PRICES, downstream=sung)
    works = [work_at(world, 81, PRICES, downstream=tune), work_at(world, 82, PRICES, song, downstream=recorded)]
    deal = order_over(world, works, {works[1].work_id: song}, base_rate=0, **changes)
    by_id = {work.work_id: work for work in (*works, song)}
    if deal.quote.maker == world.maker:
        world.fund(deal)
    return deal, [by_id[source.work_id] for source in deal.quote.sources]


@pytest.mark.parametrize("name", ["dollar", "native"])
@pytest.mark.parametrize("amount", [1, 999, 1_000_003, 10**15 + 7])
def test_each_source_gets_its_part_and_the_maker_the_rest(world: World, name: str, amount: int) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    deal, works = stage(world, token=token)
    commit = committed(world, deal, 123_456, (400_001, 476_543))
    before = [received(world, work, token) for work in works]
    held, maker = world.balance(token, world.escrow.address), world.balance(token, world.maker)
    receipt = pay(world, deal, commit, amount)
    shares = [*commit.shares, commit.shares[deal.quote.through[0] - 1]]
    parts = [source.downstream for source in deal.quote.sources]
    expected = [amount * share * part // 10**12 for share, part in zip(shares, parts, strict=True)]
    assert [received(world, work, token) - old for work, old in zip(works, before, strict=True)] == expected
    rest = amount - sum(expected)
    assert world.balance(token, world.maker) - maker == rest
    assert world.balance(token, world.escrow.address) - held == sum(expected)
    twin = downstream(amount, commit.shares, parts, deal.quote.through)
    assert (list(twin.sources), twin.maker) == (expected, rest)
    event = {"orderId": deal.order_id, "payer": world.relayer, "amount": amount, "toMaker": rest}
    assert world.event(receipt, "DownstreamPaid").args == event
    credited = [event.args["amount"] for event in world.chain.events(receipt, "Credited")]
    assert credited == [part for part in expected if part]


def test_it_can_be_paid_again_and_again_by_anybody(world: World) -> None:
    deal, works = stage(world)
    commit = committed(world, deal)
    token = world.usd.address
    before = received(world, works[0], token)
    pay(world, deal, commit, 10**9)
    once = received(world, works[0], token) - before
    pay(world, deal, commit, 10**9, sender=world.maker)
    assert received(world, works[0], token) - before == 2 * once > 0


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_a_maker_that_pays_keeps_its_own_part(world: World, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    deal, works = stage(world, token=token)
    commit = committed(world, deal)
    before, held = [received(world, work, token) for work in works], world.balance(token, world.escrow.address)
    parts = [source.downstream for source in deal.quote.sources]
    expected = downstream(10**9, commit.shares, parts, deal.quote.through)
    due = 10**9 - expected.maker
    if token == NATIVE:
        with reverts("Payments_WrongPayment", due, 10**9):
            pay(world, deal, commit, 10**9, sender=world.maker)
    maker = world.balance(token, world.maker)
    receipt = pay(world, deal, commit, 10**9, sender=world.maker, value=due if token == NATIVE else 0)
    assert world.event(receipt, "DownstreamPaid").args["toMaker"] == expected.maker
    assert [received(world, work, token) - old for work, old in zip(works, before, strict=True)] == [*expected.sources]
    assert world.balance(token, world.escrow.address) - held == due
    if token != NATIVE:
        assert maker - world.balance(token, world.maker) == due


def test_terms_without_a_part_give_the_maker_all(world: World) -> None:
    deal, works = stage(world, (0, 0, 0))
    commit = committed(world, deal)
    before, maker = [received(world, work, world.usd.address) for work in works], _of_maker(world)
    pay(world, deal, commit, 10**9)
    assert [received(world, work, world.usd.address) for work in works] == before
    assert _of_maker(world) - maker == 10**9


def _of_maker(world: World) -> int:
    return world.balance(world.usd.address, world.maker)


def test_works_that_ask_for_everything_leave_the_maker_what_is_base(world: World) -> None:
    deal, _ = stage(world, (PPM, 600_000, 400_000))
    commit = committed(world, deal, 100_000, (450_000, 450_000))
    maker = _of_maker(world)
    pay(world, deal, commit, 10**9)
    assert _of_maker(world) - maker == 10**8


def test_a_recording_and_its_composition_ask_for_no_more_than_everything(world: World) -> None:
    """Else nobody could ever pay revenue to the order."""
    song = work_at(world, 80, PRICES, downstream=400_001)
    recording = work_at(world, 82, PRICES, song, downstream=600_000)
    deal = order_over(world, [recording], {recording.work_id: song}, base_rate=0)
    with reverts("Orders_BoundsInvalid"):
        world.fund(deal)


def test_after_a_raise_the_new_use_is_named(world: World) -> None:
    deal, works = stage(world, use=Use.PRIVATE)
    commit = committed(world, deal)
    raise_use(world, deal, commit, Use.PRIVATE, Use.BROADCAST)
    with reverts("GenerationEscrow_WrongResult", deal.order_id):
        pay(world, deal, commit, 10**6)
    before = received(world, works[0], world.usd.address)
    pay(world, deal, commit, 10**6, use=Use.BROADCAST)
    assert received(world, works[0], world.usd.address) > before


def test_live_orders_have_later_revenue_too(world: World) -> None:
    deal, works = stage(world, use=Use.LIVE)
    commit = committed(world, deal)
    before = received(world, works[0], world.usd.address)
    pay(world, deal, commit, 10**6)
    assert received(world, works[0], world.usd.address) > before


# Refusals


def test_another_result_salt_or_status_is_refused(world: World) -> None:
    deal, _ = stage(world)
    commit = world.commit_of(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 2, 1):
        pay(world, deal, commit, 10**6)
    world.commit(deal, commit)
    lies = [(replace(deal, salt=digest(9)), commit), (deal, replace(commit, base_share=99_999))]
    for told, result in lies:
        with reverts("GenerationEscrow_WrongResult", deal.order_id):
            pay(world, told, result, 10**6)


@pytest.mark.parametrize("by", [-1, 1])
def test_native_coin_is_paid_exactly(world: World, by: int) -> None:
    deal, _ = stage(world, token=NATIVE)
    commit = committed(world, deal)
    with reverts("Payments_WrongPayment", 10**6, 10**6 + by):
        pay(world, deal, commit, 10**6, value=10**6 + by)


def test_a_token_that_takes_a_fee_is_refused(world: World) -> None:
    deal, _ = stage(world, token=world.quirky.address)
    commit = committed(world, deal)
    quirk(world, Quirk.TAKES_FEE)
    with reverts("Payments_WrongPayment", 10**6, 990_000):
        pay(world, deal, commit, 10**6)


def test_an_amount_that_no_account_can_hold_is_refused(world: World) -> None:
    deal, _ = stage(world, token=world.quirky.address)
    commit = committed(world, deal)
    world.quirky.send(world.deployer, "mint", world.relayer, 2**200)
    with reverts("SafeCastOverflowedUintDowncast"):
        pay(world, deal, commit, 2**200)


# Receivers


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_maker_that_cannot_receive_is_owed_its_part(world: World, reaction: Reaction) -> None:
    deal, commit, doll, works = _of_puppet(world)
    before = received(world, works[0], NATIVE)
    react(world, doll, reaction)
    receipt = pay(world, deal, commit, 10**9)
    rest = world.event(receipt, "DownstreamPaid").args["toMaker"]
    expected = {"to": doll.address, "token": NATIVE, "amount": rest, "orderId": deal.order_id}
    assert world.event(receipt, "Owed").args == expected
    assert world.escrow.get("owed", doll.address, NATIVE) == rest > 0
    assert received(world, works[0], NATIVE) > before


def test_a_maker_that_a_token_blocks_is_owed_its_part(world: World) -> None:
    token = world.quirky
    deal, _ = stage(world, token=token.address)
    commit = committed(world, deal)
    token.send(world.deployer, "setBlocked", world.maker, True)
    rest = world.event(pay(world, deal, commit, 10**9), "DownstreamPaid").args["toMaker"]
    assert world.escrow.get("owed", world.maker, token.address) == rest > 0


def test_a_maker_that_reenters_is_paid_once(world: World) -> None:
    deal, commit, doll, _ = _of_puppet(world)
    had = world.chain.balance(doll.address)
    reenter_with(world, doll, "payDownstream", deal.quote.to_abi(), deal.salt, commit.to_abi(), deal.quote.use, 0)
    rest = world.event(pay(world, deal, commit, 10**9), "DownstreamPaid").args["toMaker"]
    assert world.chain.balance(doll.address) - had == rest
    assert_guarded(doll, 1)


def _of_puppet(world: World) -> tuple[Deal, Commit, Any, list[Catalogued]]:
    """A committed native order whose maker is a contract."""
    doll = puppet(world)
    deal, works = stage(world, token=NATIVE, maker=doll.address)
    fund = world.escrow.data("fund", *deal.to_abi())
    doll.send(world.relayer, "perform", world.escrow.address, fund, value=deal.quote.escrow)
    return deal, committed(world, deal), doll, works
