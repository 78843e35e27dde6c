"""Orders that a relayer sends with the maker's signature: see relayed_funding.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from contrafact.domain.orders import order_id, order_message
from contrafact.domain.token_messages import authorization_message, permit_message
from contrafact.domain.typed_data import Eip712Domain

from .chain import NATIVE, Contract, Receipt, reverts
from .hostile import malleated, puppet
from .world import SALT, Deal, World, digest

NO_PERMIT = (0, 0, bytes(32), bytes(32))
BREAKS: list[Callable[[bytes], bytes]] = [
    lambda s: b"",
    lambda s: s[:64],
    lambda s: bytes(65),
    lambda s: s[:64] + b"\x00",
    malleated,
]
BREAK_IDS = ["missing", "short", "zero", "no recovery id", "malleated"]


def sign_for_token(world: World, kind: str, signer: str, **values: Any) -> bytes:
    """The signature of typed data `kind` for the test dollar."""
    kinds = {bytes: "bytes32", int: "uint256", str: "address"}
    types = {kind: [{"name": name, "type": kinds[type(value)]} for name, value in values.items()]}
    domain = {
        "name": "Worthless Test Dollar",
        "version": "1",
        "chainId": world.domain.chain_id,
        "verifyingContract": world.usd.address,
    }
    message = encode_typed_data(domain, types, values)
    return bytes(world.chain.keys[signer].sign_message(message).signature)


def vrs(signature: bytes) -> tuple[int, bytes, bytes]:
    return signature[64], signature[:32], signature[32:64]


def approve(world: World, amount: int) -> None:
    world.usd.send(world.maker, "approve", world.escrow.address, amount)


@pytest.fixture
def deal(world: World) -> Deal:
    """An order of a maker without any allowance."""
    approve(world, 0)
    return world.deal(world.quote())


# With an order's signature


def order_signature(world: World, deal: Deal, signer: str | None = None, domain: Eip712Domain | None = None) -> bytes:
    message = order_message(deal.quote, deal.salt, domain or world.domain)
    return bytes(world.chain.keys[signer or world.maker].sign_message(message).signature)


def permit(world: World, deal: Deal, signer: str | None = None, **changes: Any) -> tuple[Any, ...]:
    """The `Permit` struct for the order's escrow, some of what is signed changed."""
    values = {
        "owner": world.maker,
        "spender": world.escrow.address,
        "value": deal.quote.escrow,
        "nonce": world.usd.get("nonces", world.maker),
        "deadline": deal.quote.valid_until,
    } | changes
    return values["deadline"], *vrs(sign_for_token(world, "Permit", signer or world.maker, **values))


def fund_for(
    world: World, deal: Deal, permit: tuple[Any, ...] = NO_PERMIT, signature: bytes | None = None, **more: Any
) -> Receipt:
    signature = order_signature(world, deal) if signature is None else signature
    sender = more.pop("sender", world.relayer)
    return world.escrow.send(sender, "fundFor", *deal.to_abi(), signature, permit, **more)


def test_a_permit_pays_exactly_the_escrow(world: World, deal: Deal) -> None:
    before = world.balance(world.usd.address, world.maker)
    fund_for(world, deal, permit(world, deal))
    assert world.status(deal) == "funded"
    assert before - world.balance(world.usd.address, world.maker) == deal.quote.escrow
    assert world.usd.get("allowance", world.maker, world.escrow.address) == 0


def test_an_allowance_that_is_there_needs_no_permit(world: World, deal: Deal) -> None:
    approve(world, deal.quote.escrow)
    fund_for(world, deal)
    assert world.status(deal) == "funded"
    assert world.usd.get("allowance", world.maker, world.escrow.address) == 0


def test_a_relayed_order_is_the_one_that_its_maker_would_have_funded(world: World, deal: Deal) -> None:
    approve(world, deal.quote.escrow)

    def outcome(receipt: Receipt) -> tuple[Any, ...]:
        (event,) = world.chain.events(receipt, "OrderFunded")
        return event.args, world.escrow.get("orderState", deal.order_id)

    with world.chain.undone():
        own = outcome(world.fund(deal))
    for sender in (world.relayer, world.operator, world.maker):
        with world.chain.undone():
            assert outcome(fund_for(world, deal, sender=sender)) == own


def test_a_relayed_order_settles_and_is_refunded_to_its_maker(world: World, deal: Deal) -> None:
    approve(world, 2 * deal.quote.escrow)
    other = world.deal(world.quote())
    fund_for(world, deal)
    fund_for(world, other)
    world.commit(deal)
    before = world.balance(world.usd.address, world.maker)
    world.chain.travel(other.quote.deadline)
    world.refund(other)
    assert world.balance(world.usd.address, world.maker) - before == other.quote.escrow * 11 // 10


# Permits


def use_permit(world: World, given: tuple[Any, ...], amount: int) -> None:
    deadline, v, r, s = given
    world.usd.send(world.operator, "permit", world.maker, world.escrow.address, amount, deadline, v, r, s)


def token_domain(world: World) -> Eip712Domain:
    return Eip712Domain(world.domain.chain_id, world.usd.address, "Worthless Test Dollar")


def test_a_permit_as_makers_are_given_it_to_sign_is_taken(world: World, deal: Deal) -> None:
    nonce = world.usd.get("nonces", world.maker)
    message = permit_message(deal.quote, world.escrow.address, nonce, token_domain(world))
    signature = bytes(world.chain.keys[world.maker].sign_message(message).signature)
    fund_for(world, deal, (deal.quote.valid_until, *vrs(signature)))
    assert world.status(deal) == "funded"


def test_a_permit_that_somebody_used_before_has_left_its_allowance(world: World, deal: Deal) -> None:
    given = permit(world, deal)
    use_permit(world, given, deal.quote.escrow)
    fund_for(world, deal, given)
    assert world.status(deal) == "funded"


def test_an_expired_permit_does_no_harm_where_an_allowance_is_there(world: World, deal: Deal) -> None:
    approve(world, deal.quote.escrow)
    fund_for(world, deal, permit(world, deal, deadline=world.chain.now - 1))
    assert world.status(deal) == "funded"


@pytest.mark.parametrize("what", ["expired", "amount", "spender", "nonce", "key", "malleated"])
def test_a_permit_that_is_not_good_pays_nothing(world: World, deal: Deal, what: str) -> None:
    escrow = deal.quote.escrow
    changes: dict[str, dict[str, Any]] = {
        "expired": {"deadline": world.chain.now - 1},
        "amount": {"value": escrow + 1},
        "spender": {"spender": world.relayer},
        "nonce": {"nonce": 7},
        "key": {"signer": world.relayer},
    }
    given = permit(world, deal, **changes.get(what, {}))
    if what == "malleated":
        deadline, v, r, s = permit(world, deal)
        other = malleated(r + s + bytes([v]))
        given = (deadline, *vrs(other))
    with reverts("ERC20InsufficientAllowance", world.escrow.address, 0, escrow):
        fund_for(world, deal, given)
    assert world.status(deal) == "none"


def test_a_permit_pays_one_order(world: World, deal: Deal) -> None:
    given = permit(world, deal)
    fund_for(world, deal, given)
    second = world.deal(world.quote())
    with reverts("ERC20InsufficientAllowance", world.escrow.address, 0, second.quote.escrow):
        fund_for(world, second, given)


def test_a_permit_alone_orders_nothing(world: World, deal: Deal) -> None:
    """Who has the permit, and not the order's signature, cannot spend it on an order of its own making."""
    given = permit(world, deal)
    other = replace(deal, salt=digest(4))
    for signature in (order_signature(world, deal), order_signature(world, other, world.relayer)):
        with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, world.maker):
            fund_for(world, other, given, signature)


def test_a_token_without_permits_works_by_allowance(world: World) -> None:
    deal = world.deal(world.quote(token=world.quirky.address))
    for given in (NO_PERMIT, (world.chain.now + 60, 27, digest(1), digest(2))):
        with world.chain.undone():
            fund_for(world, deal, given)
            assert world.status(deal) == "funded"


# The maker's signature


@pytest.mark.parametrize("break_it", BREAKS, ids=BREAK_IDS)
def test_a_broken_order_signature_is_refused(world: World, deal: Deal, break_it: Callable[[bytes], bytes]) -> None:
    approve(world, deal.quote.escrow)
    with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, world.maker):
        fund_for(world, deal, signature=break_it(order_signature(world, deal)))


def test_nobody_else_signs_for_the_maker(world: World, deal: Deal) -> None:
    approve(world, deal.quote.escrow)
    for signer in (world.operator, world.relayer):
        with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, world.maker):
            fund_for(world, deal, signature=order_signature(world, deal, signer))
    with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, world.maker):
        fund_for(world, deal, signature=deal.signature)  # the operator's, of the quote


def test_a_signature_counts_for_one_order_and_one_salt(world: World, deal: Deal) -> None:
    approve(world, 10 * deal.quote.escrow)
    signature = order_signature(world, deal)
    another = world.deal(world.quote())
    for other in (replace(deal, salt=digest(4)), another):
        with reverts("GenerationEscrow_BadOrderSignature", other.order_id, world.maker):
            fund_for(world, other, signature=signature)


def test_a_signature_does_not_order_for_another_maker(world: World, deal: Deal) -> None:
    theirs = world.deal(replace(deal.quote, maker=world.licensor))
    world.usd.send(world.licensor, "approve", world.escrow.address, 2**255)
    world.usd.send(world.deployer, "mint", world.licensor, 10**12)
    for signature in (order_signature(world, deal), order_signature(world, theirs)):
        with reverts("GenerationEscrow_BadOrderSignature", theirs.order_id, world.licensor):
            fund_for(world, theirs, signature=signature)
    fund_for(world, theirs, signature=order_signature(world, theirs, world.licensor))


def test_a_signature_for_another_contract_or_chain_is_refused(world: World, deal: Deal) -> None:
    approve(world, deal.quote.escrow)
    for domain in (Eip712Domain(world.domain.chain_id, world.usd.address), Eip712Domain(1, world.escrow.address)):
        with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, world.maker):
            fund_for(world, deal, signature=order_signature(world, deal, domain=domain))


@pytest.mark.parametrize("committed", [False, True])
def test_a_signature_funds_once(world: World, deal: Deal, committed: bool) -> None:
    approve(world, 10 * deal.quote.escrow)
    fund_for(world, deal)
    if committed:
        world.commit(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 0, 1 + committed):
        fund_for(world, deal)


def wallet_with(world: World, amount: int) -> Contract:
    """A contract of the maker's that has money and has let the escrow take it."""
    wallet = puppet(world, owner=world.maker)
    world.usd.send(world.deployer, "mint", wallet.address, amount)
    allow = world.usd.data("approve", world.escrow.address, amount)
    wallet.send(world.relayer, "perform", world.usd.address, allow)
    return wallet


def test_a_maker_that_is_a_contract_is_asked(world: World) -> None:
    wallet = wallet_with(world, 10**9)
    deal = world.deal(world.quote(maker=wallet.address))
    with reverts("GenerationEscrow_BadOrderSignature", deal.order_id, wallet.address):
        fund_for(world, deal, signature=order_signature(world, deal, world.relayer))
    fund_for(world, deal, signature=order_signature(world, deal, world.maker))
    assert world.status(deal) == "funded"
    assert world.balance(world.usd.address, wallet.address) == 10**9 - deal.quote.escrow


def test_native_coin_is_not_relayed(world: World) -> None:
    deal = world.deal(world.quote(token=NATIVE))
    with reverts("Payments_WrongPayment", deal.quote.escrow, 0):
        fund_for(world, deal)


@pytest.mark.parametrize("native", [True, False])
def test_coin_sent_along_is_refused(world: World, native: bool) -> None:
    deal = world.deal(world.quote(token=NATIVE if native else world.usd.address))
    with reverts(""):
        fund_for(world, deal, value=deal.quote.escrow if native else 1)
    with reverts(""):
        data = world.escrow.data("fundWithAuthorization", *deal.to_abi(), *vrs(bytes(65)))
        world.chain.call(world.relayer, world.escrow.address, data, value=1)


# With an authorization


@dataclass(frozen=True)
class Authorization:
    """What a maker signs for the token (ERC-3009)."""

    signer: str
    values: dict[str, Any]

    def changed(self, **changes: Any) -> Authorization:
        signer = changes.pop("signer", self.signer)
        return Authorization(signer, self.values | changes)

    def sign(self, world: World, kind: str = "ReceiveWithAuthorization") -> bytes:
        return sign_for_token(world, kind, self.signer, **self.values)


def nonce_of(deal: Deal) -> bytes:
    return keccak(deal.order_id + deal.salt)


def authorization(world: World, deal: Deal) -> Authorization:
    values = {
        "from": deal.quote.maker,
        "to": world.escrow.address,
        "value": deal.quote.escrow,
        "validAfter": 0,
        "validBefore": deal.quote.valid_until + 1,
        "nonce": nonce_of(deal),
    }
    return Authorization(world.maker, values)


def fund_authorized(world: World, deal: Deal, signature: bytes | None = None, sender: str | None = None) -> Receipt:
    signature = authorization(world, deal).sign(world) if signature is None else signature
    return world.escrow.send(sender or world.relayer, "fundWithAuthorization", *deal.to_abi(), *vrs(signature))


def test_an_authorization_as_makers_are_given_it_to_sign_is_taken(world: World, deal: Deal) -> None:
    token = token_domain(world)
    message = authorization_message(deal.quote, deal.order_id, deal.salt, world.escrow.address, token)
    fund_authorized(world, deal, bytes(world.chain.keys[world.maker].sign_message(message).signature))
    assert world.status(deal) == "funded"


def test_one_signature_pays_and_orders(world: World, deal: Deal) -> None:
    before = world.balance(world.usd.address, world.maker)
    receipt = fund_authorized(world, deal)
    assert world.status(deal) == "funded"
    assert before - world.balance(world.usd.address, world.maker) == deal.quote.escrow
    args = world.event(receipt, "OrderFunded").args
    assert (args["orderId"], args["maker"], args["makerSalt"]) == (deal.order_id, world.maker, SALT)
    assert world.usd.get("authorizationState", world.maker, nonce_of(deal)) is True


def test_the_nonce_binds_order_and_salt(world: World, deal: Deal) -> None:
    assert world.escrow.get("authorizationNonce", deal.order_id, deal.salt) == nonce_of(deal)
    assert deal.order_id == order_id(deal.quote, world.domain)


def test_an_authorized_order_settles(world: World, deal: Deal) -> None:
    fund_authorized(world, deal, sender=world.operator)
    world.commit(deal)
    assert world.status(deal) == "committed"


def test_an_authorization_pays_its_own_order_and_salt_only(world: World, deal: Deal) -> None:
    """The two orders cost the same: only the nonce tells them apart."""
    signature = authorization(world, deal).sign(world)
    another = world.deal(replace(deal.quote, nonce=999))
    for other in (another, replace(deal, salt=digest(4))):
        with reverts("ERC3009InvalidSignature"):
            fund_authorized(world, other, signature)
        assert world.status(other) == "none"
    fund_authorized(world, deal, signature)


@pytest.mark.parametrize("field", ["from", "to", "value", "validAfter", "validBefore", "nonce", "signer", "kind"])
def test_any_other_authorization_is_refused(world: World, deal: Deal, field: str) -> None:
    good = authorization(world, deal)
    changes = {
        "from": world.relayer,
        "to": world.relayer,
        "value": deal.quote.escrow - 1,
        "validAfter": 1,
        "validBefore": deal.quote.valid_until,
        "nonce": deal.order_id,
        "signer": world.relayer,
    }
    if field == "kind":
        signature = good.sign(world, "TransferWithAuthorization")
    else:
        signature = good.changed(**{field: changes[field]}).sign(world)
    with reverts("ERC3009InvalidSignature"):
        fund_authorized(world, deal, signature)


def test_a_malleated_authorization_is_refused(world: World, deal: Deal) -> None:
    good = authorization(world, deal).sign(world)
    other = malleated(good)
    with reverts("ECDSAInvalidSignatureS", other[32:64]):
        fund_authorized(world, deal, other)


def test_an_authorized_order_is_not_funded_again(world: World, deal: Deal) -> None:
    fund_authorized(world, deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 0, 1):
        fund_authorized(world, deal)
    world.commit(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 0, 2):
        fund_authorized(world, deal)


def test_a_cancelled_authorization_pays_nothing(world: World, deal: Deal) -> None:
    values = {"authorizer": world.maker, "nonce": nonce_of(deal)}
    signature = sign_for_token(world, "CancelAuthorization", world.maker, **values)
    world.usd.send(world.relayer, "cancelAuthorization", world.maker, nonce_of(deal), *vrs(signature))
    with reverts("ERC3009UsedAuthorization", world.maker, nonce_of(deal)):
        fund_authorized(world, deal)


def test_nobody_takes_the_authorized_money_without_the_order(world: World, deal: Deal) -> None:
    good = authorization(world, deal)
    arguments = (*good.values.values(), *vrs(good.sign(world)))
    with reverts("ERC20InvalidReceiver", world.escrow.address):
        world.usd.send(world.relayer, "receiveWithAuthorization", *arguments)
    with reverts("ERC3009InvalidSignature"):
        world.usd.send(world.relayer, "transferWithAuthorization", *arguments)


def test_an_authorization_counts_to_the_offers_last_second(world: World, deal: Deal) -> None:
    last = deal.quote.valid_until
    world.chain.travel(last - 1)
    with world.chain.undone():
        fund_authorized(world, deal)
        assert world.chain.now == last
    world.chain.travel(last)
    with reverts("GenerationEscrow_QuoteExpired", last, last + 1):
        world.chain.travel(last + 1)
        arguments = (*deal.to_abi(), *vrs(authorization(world, deal).sign(world)))
        world.escrow.get("fundWithAuthorization", *arguments)


def test_the_makers_balance_must_suffice(world: World, deal: Deal) -> None:
    world.usd.send(world.maker, "transfer", world.relayer, world.balance(world.usd.address, world.maker))
    with reverts("ERC20InsufficientBalance", world.maker, 0, deal.quote.escrow):
        fund_authorized(world, deal)


@pytest.mark.parametrize("native", [True, False])
def test_a_token_without_authorizations_is_refused(world: World, native: bool) -> None:
    deal = world.deal(world.quote(token=NATIVE if native else world.quirky.address))
    with reverts(""):
        fund_authorized(world, deal)


# Both


@pytest.mark.parametrize("send", [fund_for, fund_authorized])
@pytest.mark.parametrize("break_it", BREAKS, ids=BREAK_IDS)
def test_a_broken_offer_is_refused(
    world: World, deal: Deal, send: Callable[..., Receipt], break_it: Callable[[bytes], bytes]
) -> None:
    approve(world, deal.quote.escrow)
    with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
        send(world, replace(deal, signature=break_it(deal.signature)))


@pytest.mark.parametrize("send", [fund_for, fund_authorized])
def test_the_catalogue_is_asked(world: World, deal: Deal, send: Callable[..., Receipt]) -> None:
    approve(world, deal.quote.escrow)
    work = world.set_terms(world.catalogue_works[1], world.terms(max_weight=1))
    with reverts("Licensing_StaleVersion", work.work_id, 2, 3):
        send(world, deal)
    works = [world.catalogue_works[0], work, world.catalogue_works[2]]
    heavy = world.deal(world.quote(works), [item.terms for item in works])
    with reverts("Licensing_WeightTooHigh", work.work_id, heavy.quote.sources[1].weight, 1):
        send(world, heavy)


@pytest.mark.parametrize("send", [fund_for, fund_authorized])
def test_a_pause_stops_relayed_orders(world: World, deal: Deal, send: Callable[..., Receipt]) -> None:
    approve(world, deal.quote.escrow)
    world.escrow.send(world.deployer, "pause")
    with reverts("EnforcedPause"):
        send(world, deal)
    world.escrow.send(world.deployer, "unpause")
    send(world, deal)


@pytest.mark.parametrize("send", [fund_for, fund_authorized])
def test_a_relayed_order_needs_its_operators_bond(world: World, send: Callable[..., Receipt]) -> None:
    deal = world.deal(world.quote(operator=world.licensor))
    with reverts("OperatorRegistry_BondTooLow", world.licensor, world.usd.address, deal.quote.escrow, 0):
        send(world, deal)


def test_an_order_for_nothing_needs_the_makers_own_signature(world: World) -> None:
    """No authorization is asked of a token that moves nothing, and some tokens say yes to any call."""
    free = world.terms(prices=tuple(replace(row, prices=(0,) * 4) for row in world.terms().prices))
    works = [world.set_terms(work, free) for work in world.catalogue_works]
    quote = world.quote(works, base_rate=0, operator_fee=0)
    deal = world.deal(quote, [free] * len(works))
    with reverts("Payments_WrongPayment", 1, 0):
        fund_authorized(world, deal)
    fund_for(world, deal)
    assert world.status(deal) == "funded"
