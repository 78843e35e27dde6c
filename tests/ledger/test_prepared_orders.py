"""Orders that wallets pay, sign, widen and challenge from what is prepared for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.grants import grants
from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.errors import ContractError, NotPermitted, Payment
from contrafact.ledger.calls.orders import Finished, Offer
from contrafact.ledger.prepared import Preparer
from contrafact.ledger.prepared import orders as order_steps
from contrafact.ledger.prepared.orders import OrderSteps
from contrafact.ports import OrderStatus
from tests.clients.wallets import LIBRARIES, ask, missing_library

from .scene import SALT, Deal, Scene
from .wallet import preparer_of, refusal, send, sign


@pytest.fixture(params=["native", "dollar"])
def token(request: pytest.FixtureRequest, scene: Scene) -> str:
    return NATIVE if request.param == "native" else scene.dollar


@pytest.fixture
def preparer(scene: Scene) -> Preparer:
    return preparer_of(scene)


@pytest.fixture
def orders(preparer: Preparer) -> OrderSteps:
    return OrderSteps(preparer)


def offer(deal: Deal) -> Offer:
    return Offer(deal.quote, deal.signature, SALT, deal.terms)


def finished(scene: Scene, deal: Deal) -> Finished:
    return Finished(deal.quote, SALT, scene.settle(deal), deal.quote.use)


def test_a_maker_funds_by_its_own_transaction(scene: Scene, orders: OrderSteps, token: str) -> None:
    deal = scene.deal(token)
    steps = orders.fund(offer(deal))
    assert [one.function for one in steps.transactions] == ["fund"] if token == NATIVE else ["approve", "fund"]
    send(scene, "maker", steps)
    assert scene.reader.order_status(deal.order_id) is OrderStatus.FUNDED
    assert scene.allowance() == 0


def test_an_allowance_that_is_too_small_is_set_anew(scene: Scene, orders: OrderSteps) -> None:
    deal = scene.deal(scene.dollar)
    scene.approve(1)
    steps = orders.fund(offer(deal))
    assert [one.function for one in steps.transactions] == ["approve", "approve", "fund"]
    send(scene, "maker", steps)
    assert scene.allowance() == 0


def test_what_an_order_costs_is_told_with_its_unit(scene: Scene, orders: OrderSteps) -> None:
    approve, fund = orders.fund(offer(scene.deal(scene.dollar))).transactions
    escrow = Currency("TUSD", 6).format(scene.deal(scene.dollar).quote.escrow)
    assert dict(approve.shown.values)["Most that is taken"] == escrow
    said = dict(fund.shown.values)
    assert said["Operator fee"] == "0.00009 TUSD"
    assert (said["Use"], said["Length"]) == ("commercial", "1 min 15 s")
    assert sorted(title[:6] for title in said["Songs"].split(", ")) == ["Tune 0", "Tune 1", "Tune 2"]


@pytest.mark.parametrize("way", ["purse", "terms"])
def test_an_order_that_would_be_refused_is_told_before_the_approval(scene: Scene, orders: OrderSteps, way: str) -> None:
    deal = scene.deal(scene.dollar)
    if way == "terms":
        scene.set_terms(1, Terms.opted_out())
    else:
        deal = scene.deal(scene.dollar, operator_fee=10**12)
    error = refusal(orders.fund(offer(deal)))
    assert isinstance(error, ContractError if way == "terms" else Payment)
    with pytest.raises(type(error)):
        orders.fund_by_signature(offer(deal))


def test_one_signature_orders_and_pays(scene: Scene, orders: OrderSteps) -> None:
    deal = scene.deal(scene.dollar)
    (message,) = orders.fund_by_signature(offer(deal)).messages
    assert (message.name, message.signer) == ("authorization", scene.address("maker"))
    assert dict(message.shown.values)["Amount"] == Currency("TUSD", 6).format(deal.quote.escrow)
    signature = sign(scene, "maker", message.document)
    send(scene, "stranger", orders.fund_with_authorization(offer(deal), scene.address("stranger"), signature))
    assert scene.reader.order_status(deal.order_id) is OrderStatus.FUNDED


@pytest.mark.parametrize("library", ["eth_account", *LIBRARIES])
def test_a_permit_and_an_order_signed_by_any_library_are_taken(
    scene: Scene, orders: OrderSteps, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if library != "eth_account" and (reason := missing_library(library)):
        pytest.skip(reason)
    hide_authorizations(monkeypatch)
    deal = scene.deal(scene.dollar)
    steps = orders.fund_by_signature(offer(deal))
    assert [one.name for one in steps.messages] == ["permit", "order"]
    permit, order = signatures(scene, library, [one.document for one in steps.messages])
    send(scene, "stranger", orders.fund_for(offer(deal), scene.address("stranger"), order, permit))
    assert scene.reader.order_status(deal.order_id) is OrderStatus.FUNDED
    assert scene.allowance() == 0


def hide_authorizations(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a token without ERC-3009 looks."""
    read = order_steps.read_token
    monkeypatch.setattr(order_steps, "read_token", lambda *given: replace(read(*given), authorizes=False))


def signatures(scene: Scene, library: str, documents: list[dict[str, Any]]) -> list[bytes]:
    if library == "eth_account":
        return [sign(scene, "maker", document) for document in documents]
    key = "0x" + bytes(scene.keys["maker"].key).hex()
    answers = ask(library, [{"do": "typedData", "key": key, "document": document} for document in documents])
    return [bytes.fromhex(answer["signature"][2:]) for answer in answers]


def test_coin_cannot_be_paid_for_somebody_else(scene: Scene, orders: OrderSteps) -> None:
    with pytest.raises(NotPermitted, match="coin"):
        orders.fund_by_signature(offer(scene.deal(NATIVE)))


def test_a_licensor_approves_an_order_by_signature(scene: Scene, orders: OrderSteps) -> None:
    scene.set_terms(0, replace(scene.terms[0], approval=True))
    deal = scene.deal(scene.dollar, works=(0,))
    asked = replace(deal.quote, sources=tuple(replace(s, terms_version=3) for s in deal.quote.sources))
    deal = scene.signed(asked, (replace(scene.terms[0], approval=True),))
    assert refusal(orders.fund(replace(offer(deal), grants=()))) is not None
    (message,) = orders.approval(deal.order_id, scene.works[0], scene.address("bach")).messages
    assert dict(message.shown.values)["Work"].startswith("Tune 0")
    given = grants(deal.quote, deal.terms, {scene.works[0]: sign(scene, "bach", message.document)})
    send(scene, "maker", orders.fund(replace(offer(deal), grants=given)))
    assert scene.reader.order_status(deal.order_id) is OrderStatus.FUNDED


def test_anybody_refunds_an_order_after_its_deadline(scene: Scene, preparer: Preparer, token: str) -> None:
    deal = scene.deal(token)
    scene.writer("maker").fund(*deal.fund_arguments())
    (funded,) = scene.reader.funded(deal.order_id)
    refund = preparer.calls.orders.refund(funded)
    assert "may be committed until" in refusal(preparer.steps(refund, scene.address("stranger"))).message
    scene.pass_time(4_000)
    send(scene, "stranger", preparer.steps(refund, scene.address("stranger")))
    assert scene.reader.order_status(deal.order_id) is OrderStatus.REFUNDED


def test_a_finished_order_is_raised_shared_and_challenged(scene: Scene, orders: OrderSteps, token: str) -> None:
    scene.writer("deployer").mint_dollars(scene.address("stranger"), 10**9)
    deal, stranger = scene.deal(token), scene.address("stranger")
    order = finished(scene, deal)
    send(scene, "stranger", orders.raise_use(order, Use.BROADCAST, deal.terms, stranger))
    order = replace(order, use=Use.BROADCAST)
    before = scene.reader.balance(scene.address("maker"), token)
    send(scene, "stranger", orders.pay_downstream(order, 1_000, stranger))
    assert scene.reader.balance(scene.address("maker"), token) == before + 1_000
    send(scene, "stranger", orders.challenge(order, sha256(b"evidence"), stranger))
    assert scene.reader.challenger_of(deal.order_id)[0] == stranger  # type: ignore[index]
    assert "AlreadyChallenged" in refusal(orders.challenge(order, sha256(b"evidence"), stranger)).name
