"""An order's way over the chain, in the chain's coin and in a token: money in, money out, to the unit."""

from __future__ import annotations

import pytest

from contrafact.domain.settlement import refund_penalty
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotPermitted, Payment
from contrafact.ports import Bond, OrderStatus

from .scene import BOND, FEE, SALT, Scene


@pytest.fixture(params=["native", "dollar"])
def token(request: pytest.FixtureRequest, scene: Scene) -> str:
    return NATIVE if request.param == "native" else scene.dollar


def test_settlement_is_what_the_domain_computes(scene: Scene, token: str) -> None:
    deal = scene.deal(token)
    commit = scene.settle(deal)
    expected = deal.quote.settle(commit.base_share, commit.shares)
    amounts = [credit.amount for credit in scene.reader.credited(deal.order_id)]
    (event,) = scene.reader.committed(deal.order_id)
    assert (amounts, event.operator_fee, event.refunded) == ([expected.pool, *expected.sources], FEE, expected.refunded)
    assert scene.reader.order_status(deal.order_id) is OrderStatus.COMMITTED


def test_money_in_is_money_out_and_what_is_held(scene: Scene, token: str) -> None:
    escrow, operator = scene.deployment.escrow, scene.address("operator")
    before = scene.reader.balance(operator, token)
    deal = scene.deal(token)
    scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.reader.balance(escrow, token) == deal.quote.escrow + BOND
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    credited = sum(credit.amount for credit in scene.reader.credited(deal.order_id))
    assert scene.reader.balance(escrow, token) == credited + BOND
    assert scene.reader.balance(operator, token) - before == FEE


def test_refund_after_the_deadline_gives_everything_back_and_a_penalty(scene: Scene, token: str) -> None:
    deal = scene.deal(token)
    before = scene.reader.balance(scene.address("maker"), scene.dollar)
    scene.writer("maker").fund(*deal.fund_arguments())
    (funded,) = scene.reader.funded(deal.order_id)
    with pytest.raises(NotPermitted, match="may be committed until"):
        scene.writer("stranger").refund(funded)
    scene.pass_time(3_601)
    scene.writer("stranger").refund(funded)
    (event,) = scene.reader.refunded(deal.order_id)
    assert (event.amount, event.penalty) == (deal.quote.escrow, refund_penalty(deal.quote.escrow))
    assert scene.reader.balance(scene.deployment.escrow, token) == BOND - event.penalty
    gained = event.penalty if token == scene.dollar else 0
    assert scene.reader.balance(scene.address("maker"), scene.dollar) == before + gained
    assert scene.reader.bond(scene.address("operator"), token) == Bond(BOND - event.penalty, 0)
    assert scene.reader.order_status(deal.order_id) is OrderStatus.REFUNDED
    assert scene.reader.order_state(deal.order_id) == (1).to_bytes(32)


def test_bond_covers_open_orders_and_can_be_withdrawn_later(scene: Scene, token: str) -> None:
    deal, operator = scene.deal(token), scene.address("operator")
    scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.reader.bond(operator, token) == Bond(BOND, deal.quote.escrow)
    with pytest.raises(Payment, match="are free"):
        scene.writer("operator").request_withdrawal(token, BOND)
    free = BOND - deal.quote.escrow
    scene.writer("operator").request_withdrawal(token, free)
    amount, ready = scene.reader.withdrawal(operator, token)
    assert (amount, ready) == (free, scene.now() + 21 * 86_400)
    with pytest.raises(NotPermitted, match="can be withdrawn from"):
        scene.writer("operator").withdraw_bond(token)
    scene.pass_time(21 * 86_400)
    scene.writer("operator").withdraw_bond(token)
    moved = [event.amount for event in scene.reader.bonds() if event.token == token]
    assert moved == [BOND, -free]


def test_order_beyond_the_bond_is_a_payment_error(scene: Scene) -> None:
    deal = scene.deal(operator_fee=BOND)
    with pytest.raises(Payment, match="bond") as caught:
        scene.writer("maker").fund(*deal.fund_arguments())
    assert "contrafact operator deposit" in caught.value.hint


def test_token_order_leaves_no_allowance(scene: Scene) -> None:
    scene.writer("maker").fund(*scene.deal(scene.dollar).fund_arguments())
    assert scene.allowance() == 0


def test_allowance_that_suffices_is_used_as_it_is(scene: Scene) -> None:
    deal = scene.deal(scene.dollar)
    scene.approve(deal.quote.escrow + 11)
    nonce = scene.connection.nonce(scene.address("maker"))
    scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.connection.nonce(scene.address("maker")) == nonce + 1
    assert scene.allowance() == 11


def test_allowance_that_is_too_small_is_replaced(scene: Scene) -> None:
    scene.approve(5)
    scene.writer("maker").fund(*scene.deal(scene.dollar).fund_arguments())
    assert scene.allowance() == 0


def test_refused_token_order_costs_no_approval(scene: Scene) -> None:
    deal = scene.deal(scene.dollar, works=(0, 1))
    scene.set_terms(0, scene.terms[0].opted_out())
    nonce = scene.connection.nonce(scene.address("maker"))
    with pytest.raises(NotPermitted):
        scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.connection.nonce(scene.address("maker")) == nonce
