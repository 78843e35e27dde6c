"""Orders that were not delivered: see refund.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.settlement import refund_penalty

from .chain import NATIVE, reverts
from .hostile import Reaction, funded_by, puppet, react
from .test_commit import bond
from .world import World, digest


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_after_the_deadline_anybody_returns_the_escrow_with_a_part_of_the_bond(world: World, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    before, (whole, locked) = world.balance(token, world.escrow.address), bond(world, token)
    deal, other = world.funded(token=token), world.funded(token=token)
    maker, escrowed = world.balance(token, world.maker), deal.quote.escrow
    penalty = escrowed // 10
    assert penalty == refund_penalty(escrowed) == 1_025_000
    world.chain.travel(deal.quote.deadline)
    receipt = world.refund(deal, sender=world.relayer)
    event = world.event(receipt, "OrderRefunded").args
    assert event == {"orderId": deal.order_id, "maker": world.maker, "amount": escrowed, "penalty": penalty}
    assert world.balance(token, world.maker) - maker == escrowed + penalty
    assert world.balance(token, world.escrow.address) == before + other.quote.escrow - penalty
    assert bond(world, token) == (whole - penalty, locked + other.quote.escrow)
    assert world.status(deal) == "refunded"
    assert int.from_bytes(world.escrow.get("orderState", deal.order_id), "big") == 1
    assert world.status(other) == "funded"


def test_an_operator_that_covers_exactly_its_orders_pays_each_penalty(world: World) -> None:
    """The lock keeps the bond there, whatever the operator withdraws meanwhile."""
    (key,) = world.strangers(1)
    deals = [world.deal(world.quote(operator=key)) for _ in range(2)]
    total = sum(deal.quote.escrow for deal in deals)
    world.escrow.send(world.operator, "depositBond", key, world.usd.address, total)
    for deal in deals:
        world.fund(deal)
    world.chain.travel(deals[1].quote.deadline)
    for deal in deals:
        world.refund(deal)
    assert bond(world, world.usd.address, key) == (total - total // 10, 0)


def test_the_deadlines_last_second_is_the_operators(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    with reverts("GenerationEscrow_DeadlineNotPassed", deal.order_id, deal.quote.deadline):
        world.escrow.get("refund", deal.refundable())
    world.chain.travel(deal.quote.deadline + 1)
    world.escrow.get("refund", deal.refundable())


def test_an_order_is_refunded_once(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 3):
        world.refund(deal)


def test_an_order_that_was_committed_or_never_funded_is_not_refunded(world: World) -> None:
    committed, never = world.funded(), world.deal(world.quote())
    world.commit(committed)
    world.chain.travel(never.quote.deadline)
    for deal, status in ((committed, 2), (never, 0)):
        with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, status):
            world.refund(deal)


def _lies() -> list[Any]:
    """Deals that would send the money elsewhere, sooner, or more of it."""

    def member(place: int, change: Callable[[World, Any], Any]) -> Callable[[World, tuple[Any, ...]], tuple[Any, ...]]:
        return lambda world, deal: (*deal[:place], change(world, deal[place]), *deal[place + 1 :])

    return [
        pytest.param(member(1, lambda world, _: digest(1)), id="salt"),
        pytest.param(member(2, lambda world, _: world.relayer), id="maker"),
        pytest.param(member(3, lambda world, word: word - (1 << 200)), id="deadline"),
        pytest.param(member(3, lambda world, word: word ^ 1), id="operator"),
        pytest.param(member(4, lambda world, _: NATIVE), id="token"),
        pytest.param(member(5, lambda world, amount: amount + 1), id="amount"),
    ]


@pytest.mark.parametrize("lie", _lies())
def test_a_deal_told_otherwise_is_not_refunded(world: World, lie: Any) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    with reverts("GenerationEscrow_WrongDeal", deal.order_id):
        world.escrow.send(world.relayer, "refund", lie(world, deal.refundable()))


def test_one_orders_deal_does_not_refund_another(world: World) -> None:
    deal, other = world.funded(), world.funded(operator_fee=1)
    world.chain.travel(other.quote.deadline)
    with reverts("GenerationEscrow_WrongDeal", other.order_id):
        world.refund(replace(deal, order_id=other.order_id))


def test_a_maker_that_cannot_receive_is_owed_escrow_and_penalty(world: World) -> None:
    doll = puppet(world)
    deal = funded_by(world, doll)
    react(world, doll, Reaction.REJECT)
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    owed = deal.quote.escrow * 11 // 10
    assert world.escrow.get("owed", doll.address, NATIVE) == owed
    react(world, doll, Reaction.ACCEPT)
    world.escrow.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    assert world.chain.balance(doll.address) == owed


def test_a_pause_does_not_stop_a_refund(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    world.escrow.send(world.deployer, "pause")
    world.refund(deal)
    assert world.status(deal) == "refunded"
