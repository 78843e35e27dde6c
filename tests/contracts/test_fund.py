"""Orders come in: see fund.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.orders import Eip712Domain, Quote, Source, order_id, quote_message
from contrafact.domain.shares import PPM
from contrafact.domain.terms import TokenPrice

from .chain import NATIVE, reverts
from .world import DAY, SALT, Deal, World, digest, even

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
QUIRKS = {"none": 0, "nothing": 1, "false": 2, "two": 3, "fee": 4, "reverts": 5}


def test_funding_holds_exactly_the_escrow(world: World) -> None:
    for token in (world.usd.address, NATIVE):
        deal = world.deal(world.quote(token=token))
        world.fund(deal)
        assert deal.quote.escrow == 2_500_000 * 4 + 250_000  # 95 seconds are four started units
        assert world.escrow.get("escrowOf", deal.quote.to_abi()) == deal.quote.escrow
        assert world.balance(token, world.escrow.address) == deal.quote.escrow
        assert world.status(deal) == "funded"


def test_order_id_is_the_eip712_digest_of_the_quote(world: World) -> None:
    deal = world.deal(world.quote())
    assert deal.order_id == order_id(deal.quote, world.domain)


def test_the_typed_data_domain_can_be_read_from_the_contract(world: World) -> None:
    _, name, version, chain_id, contract, salt, extensions = world.escrow.get("eip712Domain")
    assert (name, version, salt, extensions) == ("Contrafact", "1", bytes(32), ())
    assert (chain_id, contract) == (world.domain.chain_id, world.escrow.address.lower())


def test_the_stored_word_is_the_deals_hash_with_the_bits_of_funded(world: World) -> None:
    deal = world.funded()
    hashed = keccak(encode(["bytes32", "bytes32", "uint256"], [deal.order_id, SALT, deal.quote.escrow]))
    word = int.from_bytes(world.escrow.get("orderState", deal.order_id), "big")
    assert word == int.from_bytes(hashed, "big") & ~3 | 2


def test_the_event_carries_the_whole_quote(world: World) -> None:
    deal = world.deal(world.quote())
    args = world.event(world.fund(deal), "OrderFunded").args
    assert (args["orderId"], args["makerSalt"], args["escrowed"]) == (deal.order_id, SALT, deal.quote.escrow)
    assert (args["maker"], args["operator"]) == (world.maker, world.operator)
    *values, sources = dict(args["quote"]).values()
    assert (*values, [tuple(dict(source).values()) for source in sources]) == deal.quote.to_abi()


def test_an_order_that_is_free_is_funded_with_nothing(world: World) -> None:
    free = world.terms(prices=(TokenPrice(world.usd.address, (0, 0, 0, 0)),))
    works = [world.set_terms(work, free) for work in world.catalogue]
    deal = world.deal(world.quote(works, base_rate=0, operator_fee=0), [free] * 3)
    world.fund(deal)
    assert world.status(deal) == "funded"
    world.commit(deal)
    assert world.status(deal) == "committed"
    assert world.balance(world.usd.address, world.escrow.address) == 0


def test_anybody_but_the_maker_is_refused(world: World) -> None:
    with reverts("GenerationEscrow_NotMaker", world.maker, world.relayer):
        world.fund(world.deal(world.quote()), sender=world.relayer)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda signature: b"",
        lambda signature: signature[:64],
        lambda signature: signature[:64] + b"\x00",
        lambda signature: bytes(65),
        lambda signature: _malleated(signature),
    ],
    ids=["missing", "short", "no recovery id", "zero", "malleated"],
)
def test_a_broken_signature_is_refused(world: World, break_it: Any) -> None:
    deal = world.deal(world.quote())
    with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
        world.fund(replace(deal, signature=break_it(deal.signature)))


def _malleated(signature: bytes) -> bytes:
    """The other signature that is valid for the same key and digest."""
    s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def test_a_signature_of_another_key_is_refused(world: World) -> None:
    deal = world.deal(world.quote(), signer=world.maker)
    with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
        world.fund(deal)


@pytest.mark.parametrize("field", [name for name in Quote.__slots__ if name not in ("maker", "operator", "sources")])
def test_a_quote_changed_after_signing_is_refused(world: World, field: str) -> None:
    deal = world.deal(world.quote())
    value = getattr(deal.quote, field)
    other: Any = digest(3) if isinstance(value, bytes) else world.quirky.address if field == "token" else value - 1
    changed = replace(deal.quote, **{field: other})
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(replace(deal, quote=changed))


def test_a_signature_for_another_contract_or_chain_is_refused(world: World) -> None:
    quote = world.quote()
    deal = world.deal(quote)
    for domain in (Eip712Domain(world.domain.chain_id, world.usd.address), Eip712Domain(1, world.escrow.address)):
        signature = bytes(world.chain.keys[world.operator].sign_message(quote_message(quote, domain)).signature)
        with reverts("GenerationEscrow_BadQuoteSignature", deal.order_id, world.operator):
            world.fund(replace(deal, signature=signature))


def test_an_operator_that_is_a_contract_is_asked(world: World) -> None:
    wallet = world.chain.deploy("Puppet", sender=world.operator)
    quote = world.quote(operator=wallet.address)
    with reverts("GenerationEscrow_BadQuoteSignature"):
        world.fund(world.deal(quote, signer=world.maker))
    deal = world.deal(quote, signer=world.operator)
    world.fund(deal)
    world.commit(deal)
    assert world.balance(world.usd.address, wallet.address) == quote.operator_fee


def test_the_same_offer_is_funded_once(world: World) -> None:
    funded, committed = world.funded(), world.funded()
    world.commit(committed)
    for status, deal in ((1, funded), (2, committed)):
        with reverts("GenerationEscrow_WrongStatus", deal.order_id, 0, status):
            world.fund(deal)


def test_a_refunded_order_is_not_funded_again(world: World) -> None:
    deadline = world.chain.now + DAY
    deal = world.funded(deadline=deadline, valid_until=deadline + DAY)
    world.chain.travel(deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_DeadlineTooEarly"):
        world.fund(deal)


def test_an_offer_counts_to_its_last_second(world: World) -> None:
    deal = world.deal(world.quote(valid_until=world.chain.now + DAY, deadline=world.chain.now + 2 * DAY))
    world.chain.travel(deal.quote.valid_until - 1)
    with world.chain.undone():
        world.fund(deal)
    world.chain.travel(deal.quote.valid_until)
    with reverts("GenerationEscrow_QuoteExpired", deal.quote.valid_until, deal.quote.valid_until + 1):
        _at_next_second(world, deal)


def test_the_operator_has_at_least_five_minutes(world: World) -> None:
    deal = world.deal(world.quote(deadline=world.chain.now + DAY, valid_until=world.chain.now + 2 * DAY))
    world.chain.travel(deal.quote.deadline - 301)
    with world.chain.undone():
        world.fund(deal)
    world.chain.travel(deal.quote.deadline - 300)
    with reverts("GenerationEscrow_DeadlineTooEarly", deal.quote.deadline, deal.quote.deadline + 1):
        _at_next_second(world, deal)


def _at_next_second(world: World, deal: Deal) -> None:
    """What a transaction in the next block would meet; a call sees the time of the latest block."""
    world.chain.travel(world.chain.now + 1)
    world.escrow.get("fund", *deal.to_abi(), sender=world.maker)


@pytest.mark.parametrize("duration", [0, 601, 2**32 - 1])
def test_a_duration_out_of_bounds_is_refused(world: World, duration: int) -> None:
    with reverts("GenerationEscrow_DurationInvalid", duration):
        world.fund(world.deal(world.quote(duration=duration)))


@pytest.mark.parametrize(("duration", "units"), [(1, 1), (30, 1), (31, 2), (600, 20)])
def test_started_units_are_paid(world: World, duration: int, units: int) -> None:
    quote = world.quote(duration=duration)
    assert world.escrow.get("escrowOf", quote.to_abi()) == 2_500_000 * units + 250_000


@pytest.mark.parametrize("count", [0, 9])
def test_none_or_more_than_eight_sources_are_refused(world: World, count: int) -> None:
    sources = tuple(Source(digest(i + 1), 1, digest(1), w, 0, 0) for i, w in enumerate(even(count) if count else ()))
    with reverts("GenerationEscrow_SourceCount", count):
        world.fund(world.deal(world.quote(sources=sources)))


def test_eight_sources_are_funded_and_settled(world: World) -> None:
    works = [world.catalogued(700 + i, world.pool, world.licensor) for i in range(8)]
    works.sort(key=lambda work: work.work_id)
    deal = world.funded(world.quote(works))
    world.commit(deal)
    assert world.status(deal) == "committed"


def test_unordered_or_repeated_sources_are_refused(world: World) -> None:
    a, b, c = world.quote().sources
    for sources in ((b, a, c), (a, c, b), (a, a, b)):
        with reverts("GenerationEscrow_SourcesUnordered"):
            world.fund(world.deal(world.quote(sources=sources)))


@pytest.mark.parametrize("weights", [(PPM, 1), (PPM - 2, 1), (2**32 - 1, 2**32 - 1)])
def test_weights_that_do_not_sum_to_the_whole_are_refused(world: World, weights: tuple[int, int]) -> None:
    quote = world.quote(world.catalogue[:2])
    sources = tuple(replace(source, weight=w) for source, w in zip(quote.sources, weights, strict=True))
    with reverts("GenerationEscrow_WeightsDoNotSum", sum(weights)):
        world.fund(world.deal(replace(quote, sources=sources)))


@pytest.mark.parametrize(
    ("weights", "minimums", "base"),
    [((PPM, 0), (0, 0), 0), ((1, PPM - 1), (500_000, 500_001), 0), ((1, PPM - 1), (0, 0), PPM + 1)],
    ids=["weight of zero", "lowest shares above the whole", "base above the whole"],
)
def test_bounds_that_make_no_sense_are_refused(
    world: World, weights: tuple[int, int], minimums: tuple[int, int], base: int
) -> None:
    quote = world.quote(world.catalogue[:2], max_base_share=base)
    rows = zip(quote.sources, weights, minimums, strict=True)
    sources = tuple(replace(source, weight=w, min_share=m) for source, w, m in rows)
    with reverts("GenerationEscrow_BoundsInvalid"):
        world.fund(world.deal(replace(quote, sources=sources)))


def test_an_unknown_model_is_refused(world: World) -> None:
    with reverts("ModelRegistry_UnknownModel", digest(1)):
        world.fund(world.deal(world.quote(model_id=digest(1))))


def test_a_work_that_opted_out_cannot_enter_and_a_funded_order_settles(world: World) -> None:
    deal = world.funded()
    work = world.set_terms(world.catalogue[0], world.terms(inference=False))
    stale = world.deal(world.quote())
    with reverts("Licensing_StaleVersion", work.work_id, 1, 2):
        world.fund(stale)
    current = world.deal(world.quote([work, *world.catalogue[1:]]), [work.terms, world.terms(), world.terms()])
    with reverts("Licensing_InferenceNotPermitted", work.work_id):
        world.fund(current)
    world.commit(deal)
    assert world.status(deal) == "committed"


def test_every_source_is_checked(world: World) -> None:
    for i, work in enumerate(world.catalogue):
        with world.chain.undone():
            changed = world.set_terms(work, world.terms(max_weight=1))
            works = [changed if j == i else other for j, other in enumerate(world.catalogue)]
            with reverts("Licensing_WeightTooHigh", work.work_id, even(3)[i], 1):
                world.fund(world.deal(world.quote(works), [item.terms for item in works]))


@pytest.mark.parametrize("difference", [-1, 1])
def test_native_coin_must_be_exactly_the_escrow(world: World, difference: int) -> None:
    deal = world.deal(world.quote(token=NATIVE))
    escrow = deal.quote.escrow
    with reverts("GenerationEscrow_WrongPayment", escrow, escrow + difference):
        world.fund(deal, value=escrow + difference)


def test_native_coin_for_an_erc20_order_is_refused(world: World) -> None:
    with reverts("GenerationEscrow_WrongPayment", 0, 1):
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
    ("quirk", "error"),
    [
        ("fee", "GenerationEscrow_WrongPayment"),
        ("false", "SafeERC20FailedOperation"),
        ("two", "SafeERC20FailedOperation"),
        ("reverts", "Blocked"),
    ],
)
def test_a_bad_token_is_refused(world: World, quirk: str, error: str) -> None:
    world.quirky.send(world.deployer, "setQuirk", QUIRKS[quirk])
    with reverts(error):
        world.fund(world.deal(world.quote(token=world.quirky.address)))


def test_a_fee_on_transfer_is_told_to_the_unit(world: World) -> None:
    world.quirky.send(world.deployer, "setQuirk", QUIRKS["fee"])
    deal = world.deal(world.quote(token=world.quirky.address))
    escrow = deal.quote.escrow
    with reverts("GenerationEscrow_WrongPayment", escrow, escrow - escrow // 100):
        world.fund(deal)


def test_a_token_that_returns_nothing_works(world: World) -> None:
    world.quirky.send(world.deployer, "setQuirk", QUIRKS["nothing"])
    deal = world.funded(token=world.quirky.address)
    world.commit(deal)
    assert world.balance(world.quirky.address, world.operator) == deal.quote.operator_fee


def test_stray_coin_is_not_taken(world: World) -> None:
    with reverts(""):
        world.chain.call(world.maker, world.escrow.address, b"", value=1)
