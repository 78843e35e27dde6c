"""An order's way over the chain, in the chain's coin and in a token: money in, money out, to the unit."""

from __future__ import annotations

import pytest

from contrafact.domain.settlement import settle
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotPermitted
from contrafact.ports import OrderStatus

from .scene import FEE, SALT, Scene


@pytest.fixture(params=["native", "dollar"])
def token(request: pytest.FixtureRequest, scene: Scene) -> str:
    return NATIVE if request.param == "native" else scene.dollar


def test_settlement_is_what_the_domain_computes(scene: Scene, token: str) -> None:
    deal = scene.deal(token)
    commit = scene.settle(deal)
    prices, quote = deal.quote.prices, deal.quote
    expected = settle(prices, quote.base_rate, FEE, quote.duration, commit.shares, commit.base_share)
    amounts = [credit.amount for credit in scene.reader.credited(deal.order_id)]
    (event,) = scene.reader.committed(deal.order_id)
    assert (amounts, event.operator_fee, event.refunded) == ([*expected.sources, expected.pool], FEE, expected.refunded)
    assert scene.reader.order_status(deal.order_id) is OrderStatus.COMMITTED


def test_money_in_is_money_out_and_what_is_held(scene: Scene, token: str) -> None:
    escrow, operator = scene.deployment.escrow, scene.address("operator")
    before = scene.reader.balance(operator, token)
    deal = scene.deal(token)
    scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.reader.balance(escrow, token) == deal.quote.escrow
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    credited = sum(credit.amount for credit in scene.reader.credited(deal.order_id))
    assert scene.reader.balance(escrow, token) == credited
    assert scene.reader.balance(operator, token) - before == FEE


def test_refund_after_the_deadline_gives_everything_back(scene: Scene, token: str) -> None:
    deal = scene.deal(token)
    before = scene.reader.balance(scene.address("maker"), scene.dollar)
    scene.writer("maker").fund(*deal.fund_arguments())
    with pytest.raises(NotPermitted, match="may be committed until"):
        scene.writer("stranger").refund(deal.quote, SALT)
    scene.pass_time(3_601)
    scene.writer("stranger").refund(deal.quote, SALT)
    (event,) = scene.reader.refunded(deal.order_id)
    assert event.amount == deal.quote.escrow
    assert scene.reader.balance(scene.deployment.escrow, token) == 0
    assert scene.reader.balance(scene.address("maker"), scene.dollar) == before
    assert scene.reader.order_status(deal.order_id) is OrderStatus.REFUNDED
    assert scene.reader.order_state(deal.order_id) == (1).to_bytes(32)


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
    scene.writer("bach").set_terms(scene.works[0], scene.terms[0].opted_out())
    nonce = scene.connection.nonce(scene.address("maker"))
    with pytest.raises(NotPermitted):
        scene.writer("maker").fund(*deal.fund_arguments())
    assert scene.connection.nonce(scene.address("maker")) == nonce
