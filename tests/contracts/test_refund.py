"""Orders that were not delivered: see refund.tree."""

from __future__ import annotations

from dataclasses import replace

from .chain import NATIVE, reverts
from .test_commit import REJECT, _fund_from, _puppet_maker
from .world import World, digest


def test_after_the_deadline_anybody_returns_the_whole_escrow(world: World) -> None:
    for token in (world.usd.address, NATIVE):
        before = world.balance(token, world.escrow.address)
        deal = world.funded(token=token)
        maker = world.balance(token, world.maker)
        world.chain.travel(deal.quote.deadline)
        receipt = world.refund(deal, sender=world.relayer)
        event = world.event(receipt, "OrderRefunded").args
        assert event == {"orderId": deal.order_id, "maker": world.maker, "amount": deal.quote.escrow}
        assert world.balance(token, world.maker) - maker == deal.quote.escrow
        assert world.balance(token, world.escrow.address) == before
        assert world.status(deal) == "refunded"
        assert int.from_bytes(world.escrow.get("orderState", deal.order_id), "big") == 1


def test_the_deadlines_last_second_is_the_operators(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    with reverts("GenerationEscrow_DeadlineNotPassed", deal.order_id, deal.quote.deadline):
        world.escrow.get("refund", deal.quote.to_abi(), deal.salt)
    world.chain.travel(deal.quote.deadline + 1)
    world.escrow.get("refund", deal.quote.to_abi(), deal.salt)


def test_an_order_is_refunded_once(world: World) -> None:
    deal, other = world.funded(), world.funded()
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 3):
        world.refund(deal)
    assert world.status(other) == "funded"


def test_an_order_that_was_committed_or_never_funded_is_not_refunded(world: World) -> None:
    committed, never = world.funded(), world.deal(world.quote())
    world.commit(committed)
    world.chain.travel(never.quote.deadline)
    for deal, status in ((committed, 2), (never, 0)):
        with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, status):
            world.refund(deal)


def test_another_salt_does_not_refund(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline)
    with reverts("GenerationEscrow_WrongSalt", deal.order_id, digest(1)):
        world.refund(replace(deal, salt=digest(1)))


def test_a_maker_that_cannot_receive_is_owed_its_refund(world: World) -> None:
    puppet = _puppet_maker(world)
    deal = _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", REJECT)
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    assert world.escrow.get("owed", puppet.address, NATIVE) == deal.quote.escrow
    puppet.send(world.relayer, "setReaction", 0)
    world.escrow.send(world.relayer, "withdrawOwed", NATIVE, puppet.address)
    assert world.chain.balance(puppet.address) == deal.quote.escrow
