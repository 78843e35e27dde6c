"""Orders come in: see fund.tree. Relayed ones are in relayed_funding.tree, their form in quote_form.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.orders import Quote, Source, order_id, quote_message
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.typed_data import Eip712Domain

from .chain import NATIVE, Contract, reverts
from .hostile import Quirk, assert_guarded, funded_by, malleated, puppet, quirk, reenter_with
from .world import DAY, SALT, Deal, RuledWorld, World, digest

NO_PERMIT = (0, 0, bytes(32), bytes(32))


@pytest.mark.parametrize("native", [True, False])
def test_funding_holds_exactly_the_escrow(world: World, native: bool) -> None:
    token = NATIVE if native else world.usd.address
    deal = world.deal(world.quote(token=token))
    before = world.balance(token, world.escrow.address)
    world.fund(deal)
    assert deal.quote.escrow == 2_500_000 * 4 + 250_000  # 95 seconds are four started units
    assert world.escrow.get("escrowOf", deal.quote.to_abi()) == deal.quote.escrow
    assert world.balance(token, world.escrow.address) - before == deal.quote.escrow
    assert world.status(deal) == "funded"


def test_funding_locks_as_much_of_the_operators_bond(world: World) -> None:
    deal = world.deal(world.quote())
    amount, locked = world.escrow.get("bondOf", world.operator, world.usd.address)
    world.fund(deal)
    after = world.escrow.get("bondOf", world.operator, world.usd.address)
    assert after == (amount, locked + deal.quote.escrow)


def test_order_id_is_the_eip712_digest_of_the_quote(world: World) -> None:
    deal = world.deal(world.quote())
    assert deal.order_id == order_id(deal.quote, world.domain)
    assert world.escrow.get("orderIdOf", deal.quote.to_abi()) == deal.order_id
    assert world.escrow.get("fund", *deal.to_abi(), sender=world.maker) == deal.order_id


def test_the_typed_data_domain_can_be_read_from_the_contract(world: World) -> None:
    _, name, version, chain_id, contract, salt, extensions = world.escrow.get("eip712Domain")
    assert (name, version, salt, extensions) == ("Contrafact", "1", bytes(32), ())
    assert (chain_id, contract) == (world.domain.chain_id, world.escrow.address.lower())


def test_the_stored_word_is_the_deals_hash_with_the_bits_of_funded(world: World) -> None:
    deal = world.funded()
    hashed = keccak(encode(["(bytes32,bytes32,address,uint256,address,uint256)"], [deal.refundable()]))
    word = int.from_bytes(world.escrow.get("orderState", deal.order_id), "big")
    assert word == int.from_bytes(hashed, "big") & ~3 | 2


def test_the_event_carries_the_whole_quote(world: World) -> None:
    deal = world.deal(world.quote())
    args = world.event(world.fund(deal), "OrderFunded").args
    assert (args["orderId"], args["makerSalt"], args["escrowed"]) == (deal.order_id, SALT, deal.quote.escrow)
    assert (args["maker"], args["operator"]) == (world.maker, world.operator)
    *values, sources = dict(args["quote"]).values()
    assert (*values, [tuple(dict(source).values()) for source in sources]) == deal.quote.to_abi()


def free_order(world: World, **changes: Any) -> Deal:
    free = world.terms(prices=(TokenPrice(world.usd.address, (0, 0, 0, 0)),))
    works = [world.set_terms(work, free) for work in world.catalogue_works]
    return world.deal(world.quote(works, base_rate=0, operator_fee=0, **changes), [free] * 3)


def test_an_order_that_is_free_is_funded_with_nothing(world: World) -> None:
    deal = free_order(world)
    before = world.balance(world.usd.address, world.escrow.address)
    world.fund(deal)
    assert world.status(deal) == "funded"
    world.commit(deal)
    assert world.status(deal) == "committed"
    assert world.balance(world.usd.address, world.escrow.address) == before


def test_anybody_but_the_maker_is_refused(world: World) -> None:
    with reverts("GenerationEscrow_NotMaker", world.maker, world.relayer):
        world.fund(world.deal(world.quote()), sender=world.relayer)


@pytest.mark.parametrize("native", [True, False])
def test_a_maker_that_is_a_contract_funds(world: World, native: bool) -> None:
    deal = funded_by(world, puppet(world), NATIVE if native else world.usd.address)
    assert world.status(deal) == "funded"


# Operators


@pytest.mark.parametrize(
    "break_it",
    [lambda s: b"", lambda s: s[:64], lambda s: s[:64] + b"\x00", lambda s: bytes(65), malleated],
    ids=["missing", "short", "no recovery id", "zero", "malleated"],
)
def test_a_broken_signature_is_refused(world: World, break_it: Callable[[bytes], bytes]) -> None:
    deal = world.deal(world.quote())
    with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
        world.fund(replace(deal, signature=break_it(deal.signature)))


def test_a_signature_of_another_key_is_refused(world: World) -> None:
    deal = world.deal(world.quote(), signer=world.maker)
    with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
        world.fund(deal)


@pytest.mark.parametrize("field", [name for name in Quote.__slots__ if name != "sources"])
def test_a_quote_changed_after_signing_is_refused(world: World, field: str) -> None:
    deal = world.deal(world.quote())
    value: Any = getattr(deal.quote, field)
    if isinstance(value, str):
        other: Any = {"maker": world.relayer, "operator": world.relayer, "token": world.quirky.address}[field]
    else:
        other = digest(3) if isinstance(value, bytes) else value + 1
    changed = replace(deal.quote, **{field: other})
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(replace(deal, quote=changed))


@pytest.mark.parametrize("field", Source.__slots__)
@pytest.mark.parametrize("place", [0, 2])
def test_a_source_changed_after_signing_is_refused(world: World, field: str, place: int) -> None:
    deal = world.deal(world.quote())
    sources = list(deal.quote.sources)
    value: Any = getattr(sources[place], field)
    other: Any = digest(3) if isinstance(value, bytes) else value + 1
    sources[place] = replace(sources[place], **{field: other})
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(replace(deal, quote=replace(deal.quote, sources=tuple(sources))))


def test_a_source_left_out_after_signing_is_refused(world: World) -> None:
    deal = world.deal(world.quote())
    shorter = replace(deal.quote, sources=deal.quote.sources[:2])
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(replace(deal, quote=shorter, terms=deal.terms[:2]))


def test_a_signature_for_another_contract_or_chain_is_refused(world: World) -> None:
    quote = world.quote()
    deal = world.deal(quote)
    for domain in (Eip712Domain(world.domain.chain_id, world.usd.address), Eip712Domain(1, world.escrow.address)):
        signature = bytes(world.chain.keys[world.operator].sign_message(quote_message(quote, domain)).signature)
        with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
            world.fund(replace(deal, signature=signature))


def test_a_key_that_the_operator_named_signs_for_it_until_another_is_named(world: World) -> None:
    def offer() -> Deal:
        return world.deal(world.quote(), signer=world.relayer)

    early = offer()
    with reverts("GenerationEscrow_BadQuoteSignature", early.order_id, world.operator):
        world.fund(early)
    world.escrow.send(world.operator, "registerOperator", world.relayer, digest(1))
    world.fund(early)
    world.funded()  # the operator's own key goes on to count
    world.escrow.send(world.operator, "registerOperator", NATIVE, digest(1))
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(offer())


def test_a_key_named_by_another_operator_does_not_sign(world: World) -> None:
    world.escrow.send(world.licensor, "registerOperator", world.relayer, digest(1))
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(world.deal(world.quote(), signer=world.relayer))


def bond(world: World, operator: str, amount: int, token: Contract | None = None) -> None:
    token = token or world.usd
    world.escrow.send(world.maker, "depositBond", operator, token.address, amount)


def test_an_operator_that_is_a_contract_is_asked(world: World) -> None:
    wallet = puppet(world, owner=world.operator)
    bond(world, wallet.address, 10**9)
    quote = world.quote(operator=wallet.address)
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(world.deal(quote, signer=world.maker))
    deal = world.deal(quote, signer=world.operator)
    world.fund(deal)
    world.commit(deal)
    assert world.balance(world.usd.address, wallet.address) == quote.operator_fee


def by(world: World, operator: str, **changes: Any) -> Deal:
    return world.deal(world.quote(operator=operator, **changes))


def test_an_operator_without_a_bond_is_refused(world: World) -> None:
    deal = by(world, world.relayer)
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, deal.quote.escrow, 0):
        world.fund(deal)


def test_a_free_order_asks_for_some_bond(world: World) -> None:
    deal = free_order(world, operator=world.relayer)
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, 0, 0):
        world.fund(deal)
    bond(world, world.relayer, 1)
    world.fund(deal)
    assert world.status(deal) == "funded"


def test_a_bond_covers_its_orders_to_the_unit(world: World) -> None:
    first, second = by(world, world.relayer), by(world, world.relayer)
    escrow = first.quote.escrow
    bond(world, world.relayer, escrow - 1)
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, escrow, escrow - 1):
        world.fund(first)
    bond(world, world.relayer, escrow)
    world.fund(first)
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, escrow, escrow - 1):
        world.fund(second)
    commit = world.commit_of(first)
    world.commit(first, commit, world.sign_commit(commit, world.relayer))
    world.fund(second)
    assert world.status(second) == "funded"


def test_a_bond_in_another_token_covers_nothing(world: World) -> None:
    bond(world, world.relayer, 10**20, world.quirky)
    deal = by(world, world.relayer)
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, deal.quote.escrow, 0):
        world.fund(deal)


def test_what_is_being_withdrawn_covers_nothing(world: World) -> None:
    deal = by(world, world.relayer)
    bond(world, world.relayer, deal.quote.escrow)
    world.escrow.send(world.relayer, "requestWithdrawal", world.usd.address, 1)
    escrow = deal.quote.escrow
    with reverts("OperatorRegistry_BondTooLow", world.relayer, world.usd.address, escrow, escrow - 1):
        world.fund(deal)


# Once


def test_the_same_offer_is_funded_once(world: World) -> None:
    funded, committed = world.funded(), world.funded()
    world.commit(committed)
    for status, deal in ((1, funded), (2, committed)):
        for salt in (deal.salt, digest(4)):
            with reverts("GenerationEscrow_WrongStatus", deal.order_id, 0, status):
                world.fund(replace(deal, salt=salt))


def test_an_equal_offer_with_another_nonce_is_another_order(world: World) -> None:
    quote = world.quote()
    deals = [world.deal(replace(quote, nonce=nonce)) for nonce in (0, 2**64 - 1)]
    for deal in deals:
        world.fund(deal)
    assert deals[0].order_id != deals[1].order_id


def test_a_refunded_order_is_not_funded_again(world: World) -> None:
    deadline = world.chain.now + DAY
    deal = world.funded(deadline=deadline, valid_until=deadline + DAY)
    world.chain.travel(deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_DeadlineTooEarly"):
        world.fund(deal)


# Time


def test_an_offer_counts_to_its_last_second(world: World) -> None:
    deal = world.deal(world.quote(valid_until=world.chain.now + DAY, deadline=world.chain.now + 2 * DAY))
    world.chain.travel(deal.quote.valid_until - 1)
    with world.chain.undone():
        world.fund(deal)
        assert world.chain.now == deal.quote.valid_until
    world.chain.travel(deal.quote.valid_until)
    with reverts("GenerationEscrow_QuoteExpired", deal.quote.valid_until, deal.quote.valid_until + 1):
        _at_next_second(world, deal)


def test_the_operator_has_at_least_five_minutes(world: World) -> None:
    deal = world.deal(world.quote(deadline=world.chain.now + DAY, valid_until=world.chain.now + 2 * DAY))
    world.chain.travel(deal.quote.deadline - 301)
    with world.chain.undone():
        world.fund(deal)
        assert world.chain.now == deal.quote.deadline - 300
    world.chain.travel(deal.quote.deadline - 300)
    with reverts("GenerationEscrow_DeadlineTooEarly", deal.quote.deadline, deal.quote.deadline + 1):
        _at_next_second(world, deal)


def test_the_operator_has_at_most_seven_days(world: World) -> None:
    start = world.chain.now
    deal = world.deal(world.quote(deadline=start + 8 * DAY, valid_until=start + 8 * DAY))
    latest = start + DAY - 1 + 7 * DAY
    world.chain.travel(start + DAY - 1)
    with reverts("GenerationEscrow_DeadlineTooLate", deal.quote.deadline, latest):
        world.escrow.get("fund", *deal.to_abi(), sender=world.maker)
    world.fund(deal)
    assert world.chain.now == start + DAY


def _at_next_second(world: World, deal: Deal) -> None:
    """What a transaction in the next block would meet; a call sees the time of the latest block."""
    world.chain.travel(world.chain.now + 1)
    world.escrow.get("fund", *deal.to_abi(), sender=world.maker)


# The catalogue's word


def test_an_unknown_model_is_refused(world: World) -> None:
    with reverts("ModelRegistry_NotOffered", digest(1), world.pool.root, world.usd.address):
        world.fund(world.deal(world.quote(model_id=digest(1))))


def test_a_work_that_opted_out_cannot_enter_and_a_funded_order_settles(world: World) -> None:
    deal = world.funded()
    stale = world.deal(world.quote())
    work = world.set_terms(world.catalogue_works[0], world.terms(inference=False))
    with reverts("Licensing_StaleVersion", work.work_id, 2, 3):
        world.fund(stale)
    works = [work, *world.catalogue_works[1:]]
    current = world.deal(world.quote(works), [item.terms for item in works])
    with reverts("Licensing_InferenceNotPermitted", work.work_id):
        world.fund(current)
    world.commit(deal)
    assert world.status(deal) == "committed"


@pytest.mark.parametrize(("ruling", "error"), [("openContest", "WorkContested"), ("bar", "WorkBarred")])
def test_a_disputed_work_cannot_enter_and_a_funded_order_settles(ruled: RuledWorld, ruling: str, error: str) -> None:
    deal, late = ruled.funded(), ruled.deal(ruled.quote())
    work_id = ruled.catalogue_works[0].work_id
    ruled.catalogue.send(ruled.desk_address, ruling, work_id)
    with reverts(f"Licensing_{error}", work_id):
        ruled.fund(late)
    ruled.commit(deal)
    assert ruled.status(deal) == "committed"


def test_terms_and_grants_that_are_not_asked_for_are_refused(world: World) -> None:
    quote, words, _, *rest = world.deal(world.quote()).to_abi()
    for terms, given, error in (
        (words[:2], [], "Licensing_TermsCount"),
        (words, [([], [], b"")], "Licensing_GrantCount"),
        ([[], *words[1:]], [], "Licensing_NoTerms"),
    ):
        with reverts(error):
            world.escrow.send(world.maker, "fund", quote, terms, given, *rest)


# Money


@pytest.mark.parametrize("use", list(Use))
def test_every_use_is_funded_at_its_own_price(world: World, use: Use) -> None:
    deal = world.funded(use=use, base_rate=0)
    price = deal.terms[0].price(use, world.usd.address)
    assert deal.quote.escrow == price * 4 + 250_000
    assert world.status(deal) == "funded"


@pytest.mark.parametrize("difference", [-1, 1])
def test_native_coin_must_be_exactly_the_escrow(world: World, difference: int) -> None:
    deal = world.deal(world.quote(token=NATIVE))
    escrow = deal.quote.escrow
    with reverts("Payments_WrongPayment", escrow, escrow + difference):
        world.fund(deal, value=escrow + difference)


def test_native_coin_for_an_erc20_order_is_refused(world: World) -> None:
    with reverts("Payments_WrongPayment", 0, 1):
        world.fund(world.deal(world.quote()), value=1)


def test_too_small_an_allowance_or_balance_is_refused(world: World) -> None:
    deal = world.deal(world.quote())
    escrow = deal.quote.escrow
    world.usd.send(world.maker, "approve", world.escrow.address, escrow - 1)
    with reverts("ERC20InsufficientAllowance", world.escrow.address, escrow - 1, escrow):
        world.fund(deal)
    world.usd.send(world.maker, "approve", world.escrow.address, escrow)
    world.usd.send(world.maker, "transfer", world.relayer, world.balance(world.usd.address, world.maker))
    with reverts("ERC20InsufficientBalance", world.maker, 0, escrow):
        world.fund(deal)


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (Quirk.TAKES_FEE, "Payments_WrongPayment"),
        (Quirk.RETURNS_FALSE, "SafeERC20FailedOperation"),
        (Quirk.RETURNS_TWO, "SafeERC20FailedOperation"),
        (Quirk.REVERTS, "Blocked"),
        (Quirk.CALLS_RECEIVER, ""),  # the escrow has no hook
    ],
)
def test_a_bad_token_is_refused(world: World, what: Quirk, error: str) -> None:
    quirk(world, what)
    deal = world.deal(world.quote(token=world.quirky.address))
    with reverts(error):
        world.fund(deal)
    assert world.status(deal) == "none"


def test_a_fee_on_transfer_is_told_to_the_unit(world: World) -> None:
    quirk(world, Quirk.TAKES_FEE)
    deal = world.deal(world.quote(token=world.quirky.address))
    escrow = deal.quote.escrow
    with reverts("Payments_WrongPayment", escrow, escrow - escrow // 100):
        world.fund(deal)


def test_a_token_that_returns_nothing_works(world: World) -> None:
    quirk(world, Quirk.RETURNS_NOTHING)
    deal = world.funded(token=world.quirky.address)
    before = world.balance(world.quirky.address, world.operator)
    world.commit(deal)
    assert world.balance(world.quirky.address, world.operator) - before == deal.quote.operator_fee


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize(
    ("name", "more"),
    [("fund", ()), ("fundFor", (b"", NO_PERMIT)), ("fundWithAuthorization", (27, bytes(32), bytes(32)))],
    ids=["fund", "fundFor", "fundWithAuthorization"],
)
def test_nobody_funds_from_within_a_payment(world: World, name: str, more: tuple[Any, ...], native: bool) -> None:
    """A holder's wallet tries each way in when it claims, which gives it all the gas there is."""
    token = NATIVE if native else world.quirky.address
    wallet = puppet(world)
    work = world.earn(Split.of([(wallet.address, PPM)]), 1_000_000, token)
    inner = world.deal(world.quote(maker=wallet.address))
    reenter_with(world, wallet, name, *inner.to_abi(), *more)
    quirk(world, Quirk.CALLS_RECEIVER)
    data = world.escrow.data("claim", world.claim_of(work, 0, token))
    wallet.send(world.relayer, "perform", world.escrow.address, data)
    assert_guarded(wallet, 1)
    assert world.balance(token, wallet.address) == 1_000_000
    assert world.status(inner) == "none"


def test_stray_coin_is_not_taken(world: World) -> None:
    with reverts(""):
        world.chain.call(world.maker, world.escrow.address, b"", value=1)


# Pause


def test_a_pause_stops_new_orders_only(world: World) -> None:
    to_commit, to_refund = world.funded(), world.funded()
    work = world.earn(world.pool, 1_000_000)
    holder = work.split.leaves[0].holder
    receipt = world.escrow.send(world.deployer, "pause")
    assert world.event(receipt, "Paused").args == {"account": world.deployer}

    late = world.deal(world.quote())
    with reverts("EnforcedPause"):
        world.fund(late)
    world.commit(to_commit)
    world.escrow.send(holder, "claim", world.claim_of(work, 0))
    world.confirm(work)
    paid = world.escrow.send(world.relayer, "payout", [world.claim_of(work, 1)])
    assert len(world.chain.events(paid, "Paid")) == 1
    world.chain.travel(to_refund.quote.deadline)
    world.refund(to_refund)
    assert (world.status(to_commit), world.status(to_refund)) == ("committed", "refunded")

    world.escrow.send(world.deployer, "unpause")
    world.funded()


@pytest.mark.parametrize("name", ["pause", "unpause"])
def test_nobody_else_pauses(world: World, name: str) -> None:
    if name == "unpause":
        world.escrow.send(world.deployer, "pause")
    for sender in (world.operator, world.maker, world.relayer):
        with reverts("AccessManagedUnauthorized", sender):
            world.escrow.send(sender, name)
