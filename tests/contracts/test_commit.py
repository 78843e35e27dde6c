"""Orders are settled: see commit.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.orders import Commit
from contrafact.domain.shares import PPM

from .chain import NATIVE, Contract, Reverted, reverts
from .test_fund import _malleated
from .world import DAY, SALT, Catalogued, World, account, digest

REJECT, BURN_GAS, RETURN_MUCH = 1, 2, 3
CALLS_RECEIVER = 7


def received(world: World, work: Catalogued, token: str) -> int:
    return int(world.escrow.get("received", account(work, world.escrow, token)))


def pool_received(world: World, token: str) -> int:
    pool_account = world.escrow.get("accountId", (world.model_id, world.pool.root, token))
    return int(world.escrow.get("received", pool_account))


def test_commit_credits_sources_and_pool_and_pays_operator_and_maker(world: World) -> None:
    for token in (world.usd.address, NATIVE):
        deal = world.funded(token=token)  # four units at 2,500,000; base rate 500,000
        before = {who: world.balance(token, who) for who in (world.maker, world.operator)}
        world.commit(deal, world.commit_of(deal, 100_000, (200_000, 333_333, 366_667)))
        assert [received(world, work, token) for work in world.catalogue] == [2_000_000, 3_333_330, 3_666_670]
        assert pool_received(world, token) == 200_000
        assert world.balance(token, world.operator) - before[world.operator] == 250_000
        assert world.balance(token, world.maker) - before[world.maker] == 10_000_000 - 9_000_000 - 200_000
        assert world.balance(token, world.escrow.address) == 9_200_000
        assert world.status(deal) == "committed"


def test_the_stored_word_is_the_hash_of_deal_and_result(world: World) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    world.commit(deal, commit)
    hashed = keccak(encode(["bytes32", "bytes32", "uint256"], [deal.order_id, SALT, deal.quote.escrow]))
    types = "(bytes32,bytes32,bytes32,bytes32,uint32,uint32[])"
    word = keccak(hashed + keccak(encode([types], [commit.to_abi()])))
    assert int.from_bytes(world.escrow.get("orderState", deal.order_id), "big") == int.from_bytes(word, "big") | 3


def test_commit_emits_everything(world: World) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    receipt = world.commit(deal, commit)
    assert world.event(receipt, "OrderCommitted").args == {
        "orderId": deal.order_id,
        "recordDigest": commit.record_digest,
        "outputDigest": commit.output_digest,
        "evidenceRoot": commit.evidence_root,
        "baseShare": 100_000,
        "shares": [300_000] * 3,
        "operatorFee": 250_000,
        "refunded": 800_000,
    }
    credited = [event.args for event in world.chain.events(receipt, "Credited")]
    assert [args["amount"] for args in credited] == [3_000_000] * 3 + [200_000]
    beneficiaries = [work.work_id for work in world.catalogue] + [world.model_id]
    assert [args["beneficiary"] for args in credited] == beneficiaries
    roots = [work.split.root for work in world.catalogue] + [world.pool.root]
    assert [args["splitRoot"] for args in credited] == roots
    assert {(args["orderId"], args["token"]) for args in credited} == {(deal.order_id, world.usd.address)}


def test_a_source_without_a_share_is_not_credited(world: World) -> None:
    quote = world.quote()
    quote = replace(quote, sources=tuple(replace(source, min_share=0) for source in quote.sources))
    deal = world.funded(quote)
    receipt = world.commit(deal, world.commit_of(deal, 0, (PPM, 0, 0)))
    assert len(world.chain.events(receipt, "Credited")) == 1


def test_anybody_sends_the_commit_until_the_last_second(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline - 1)
    with world.chain.undone():
        world.commit(deal, sender=world.holders[0])
    world.chain.travel(deal.quote.deadline)
    with reverts("GenerationEscrow_DeadlinePassed", deal.order_id, deal.quote.deadline):
        _commit_at_next_second(world, deal)


def _commit_at_next_second(world: World, deal: Any) -> None:
    world.chain.travel(world.chain.now + 1)
    commit = world.commit_of(deal)
    arguments = (deal.quote.to_abi(), deal.salt, commit.to_abi(), world.sign_commit(commit))
    world.escrow.get("commit", *arguments)


def test_a_change_after_funding_does_not_touch_the_order(world: World) -> None:
    deal = world.funded()
    work = world.catalogue[0]
    world.set_terms(work, world.terms(inference=False, prices=()))
    world.works.send(work.licensor, "changeSplit", work.work_id, digest(9), digest(10))
    world.works.send(work.licensor, "transferLicensor", work.work_id, world.maker)
    world.works.send(world.maker, "acceptLicensor", work.work_id)
    world.commit(deal)
    assert received(world, work, world.usd.address) == 3_000_000  # under the split that the order pinned


@pytest.mark.parametrize("field", [name for name in Commit.__slots__ if name != "order_id"])
def test_a_commit_changed_after_signing_is_refused(world: World, field: str) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    others: dict[str, Any] = {"base_share": 99_999, "shares": (300_000, 300_001, 299_999)}
    changed = replace(commit, **{field: others.get(field, digest(99))})
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, changed, world.sign_commit(commit))


def test_a_commit_signed_by_another_key_or_malleated_is_refused(world: World) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    for signature in (world.sign_commit(commit, world.maker), _malleated(world.sign_commit(commit)), b""):
        with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
            world.commit(deal, commit, signature)


def test_the_signature_of_the_quote_does_not_commit(world: World) -> None:
    deal = world.funded()
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, signature=deal.signature)


def test_a_commit_for_another_order_is_refused(world: World) -> None:
    deal, other = world.funded(), world.funded()
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, world.commit_of(other))


def test_an_order_settles_once(world: World) -> None:
    deal = world.funded()
    world.commit(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 2):
        world.commit(deal)


def test_an_order_that_was_never_funded_or_is_refunded_does_not_settle(world: World) -> None:
    deal = world.deal(world.quote())
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 0):
        world.commit(deal)
    world.fund(deal)
    world.chain.travel(deal.quote.deadline)
    world.refund(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 3):
        world.commit(deal)


def test_another_salt_than_at_funding_is_refused(world: World) -> None:
    deal = replace(world.funded(), salt=digest(1))
    with reverts("GenerationEscrow_WrongSalt", deal.order_id, digest(1)):
        world.commit(deal)


@pytest.mark.parametrize("shares", [(900_000,), (450_000, 450_000), (225_000,) * 4])
def test_shares_must_be_one_for_each_source(world: World, shares: tuple[int, ...]) -> None:
    deal = world.funded()
    with reverts("GenerationEscrow_ShareCount", 3, len(shares)):
        world.commit(deal, world.commit_of(deal, 100_000, shares))


@pytest.mark.parametrize("last", [299_999, 300_001, 2**32 - 1])
def test_shares_must_sum_to_one_million(world: World, last: int) -> None:
    deal = world.funded()
    with reverts("GenerationEscrow_SharesDoNotSum", 700_000 + last):
        world.commit(deal, world.commit_of(deal, 100_000, (300_000, 300_000, last)))


def test_a_base_share_above_the_highest_is_refused(world: World) -> None:
    deal = world.funded()
    with reverts("GenerationEscrow_BaseShareTooHigh", 400_001, 400_000):
        world.commit(deal, world.commit_of(deal, 400_001))


@pytest.mark.parametrize("which", range(3))
def test_a_share_below_a_sources_lowest_is_refused(world: World, which: int) -> None:
    deal = world.funded()
    source = deal.quote.sources[which]
    shares = [400_000] * 3
    shares[which] = source.min_share - 1
    shares[which - 1] += PPM - 100_000 - sum(shares)
    with reverts("GenerationEscrow_ShareTooLow", source.work_id, source.min_share - 1, source.min_share):
        world.commit(deal, world.commit_of(deal, 100_000, shares))


def test_shares_on_every_bound_settle(world: World) -> None:
    quote = world.quote(max_base_share=400_000)
    rows = zip(quote.sources, (100_000, 200_000, 300_000), strict=True)
    deal = world.funded(replace(quote, sources=tuple(replace(source, min_share=low) for source, low in rows)))
    world.commit(deal, world.commit_of(deal, 400_000, (100_000, 200_000, 300_000)))
    assert world.status(deal) == "committed"


# Receivers


def assert_guarded(puppet: Contract, attempts: int) -> None:
    """Each attempt to reenter met the guard."""
    guard = keccak(text="ReentrancyGuardReentrantCall()")[:4]
    tried = (puppet.get("attempts"), puppet.get("successes"), puppet.get("lastError"))
    assert tried == (attempts, 0, guard)


def _puppet_maker(world: World) -> Contract:
    """A maker that is a contract."""
    return world.chain.deploy("Puppet", sender=world.operator)


def _fund_from(world: World, puppet: Contract, token: str) -> Any:
    deal = world.deal(world.quote(token=token, maker=puppet.address))
    data = world.escrow.data("fund", *deal.to_abi())
    native = token == NATIVE
    if not native:
        contract = world.usd if token == world.usd.address else world.quirky
        contract.send(world.deployer, "mint", puppet.address, deal.quote.escrow)
        approve = contract.data("approve", world.escrow.address, deal.quote.escrow)
        puppet.send(world.relayer, "perform", token, approve)
    value = deal.quote.escrow if native else 0
    puppet.send(world.relayer, "perform", world.escrow.address, data, value=value)
    return deal


@pytest.mark.parametrize("reaction", [REJECT, BURN_GAS])
def test_a_maker_that_cannot_receive_is_owed_the_rest(world: World, reaction: int) -> None:
    puppet = _puppet_maker(world)
    deal = _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", reaction)
    receipt = world.commit(deal)
    assert world.status(deal) == "committed"
    assert world.event(receipt, "Owed").args == {
        "to": puppet.address,
        "token": NATIVE,
        "amount": 800_000,
        "orderId": deal.order_id,
    }
    assert world.escrow.get("owed", puppet.address, NATIVE) == 800_000
    assert receipt["gas_used"] < 400_000


def test_what_is_owed_reaches_its_owner_later_and_once(world: World) -> None:
    puppet = _puppet_maker(world)
    deal = _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", REJECT)
    world.commit(deal)
    with reverts("RoyaltyVault_TransferFailed", puppet.address, 800_000):
        world.escrow.send(world.relayer, "withdrawOwed", NATIVE, puppet.address)
    puppet.send(world.relayer, "setReaction", 0)
    receipt = world.escrow.send(world.relayer, "withdrawOwed", NATIVE, puppet.address)
    expected = {"to": puppet.address, "token": NATIVE, "amount": 800_000}
    assert world.event(receipt, "OwedWithdrawn").args == expected
    assert world.chain.balance(puppet.address) == 800_000
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "withdrawOwed", NATIVE, puppet.address)


def test_a_maker_that_returns_much_is_paid_without_its_answer_being_copied(world: World) -> None:
    puppet = _puppet_maker(world)
    deal = _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", RETURN_MUCH)
    world.commit(deal)
    assert world.chain.balance(puppet.address) == 800_000


def test_a_maker_that_reenters_is_paid_once_and_its_calls_fail(world: World) -> None:
    puppet = _puppet_maker(world)
    first, second = _fund_from(world, puppet, NATIVE), _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", REJECT)
    world.commit(first)  # from now on it is owed 800,000
    withdraw = world.escrow.data("withdrawOwed", NATIVE, puppet.address)
    puppet.send(world.relayer, "setReentry", world.escrow.address, withdraw)
    world.commit(second)
    assert world.chain.balance(puppet.address) == 800_000
    world.escrow.send(world.relayer, "withdrawOwed", NATIVE, puppet.address)
    assert world.chain.balance(puppet.address) == 1_600_000
    assert_guarded(puppet, 2)


def test_a_tokens_hook_cannot_reenter(world: World) -> None:
    puppet = _puppet_maker(world)
    deal = _fund_from(world, puppet, world.quirky.address)
    other = _fund_from(world, puppet, NATIVE)
    puppet.send(world.relayer, "setReaction", REJECT)
    world.commit(other)
    world.quirky.send(world.deployer, "setQuirk", CALLS_RECEIVER)
    withdraw = world.escrow.data("withdrawOwed", NATIVE, puppet.address)
    puppet.send(world.relayer, "setReentry", world.escrow.address, withdraw)
    world.commit(deal)
    assert_guarded(puppet, 1)
    assert world.balance(world.quirky.address, puppet.address) == 800_000


def test_an_operator_that_rejects_is_owed_its_fee(world: World) -> None:
    wallet = world.chain.deploy("Puppet", sender=world.operator)
    deal = world.deal(world.quote(token=NATIVE, operator=wallet.address), signer=world.operator)
    world.fund(deal)
    wallet.send(world.relayer, "setReaction", REJECT)
    world.commit(deal)
    assert world.escrow.get("owed", wallet.address, NATIVE) == 250_000


def test_receivers_that_a_token_blocks_are_owed(world: World) -> None:
    token = world.quirky
    deal = world.funded(token=token.address)
    for who in (world.maker, world.operator):
        token.send(world.deployer, "setBlocked", who, True)
    world.commit(deal)
    owed = [world.escrow.get("owed", who, token.address) for who in (world.operator, world.maker)]
    assert owed == [250_000, 800_000]
    token.send(world.deployer, "setBlocked", world.maker, False)
    before = world.balance(token.address, world.maker)
    world.escrow.send(world.relayer, "withdrawOwed", token.address, world.maker)
    assert world.balance(token.address, world.maker) - before == 800_000


@pytest.mark.parametrize("quirk", [2, 3, 5, 6], ids=["returns false", "returns two", "reverts", "burns gas"])
def test_a_token_that_turns_bad_does_not_block_the_settlement(world: World, quirk: int) -> None:
    deal = world.funded(token=world.quirky.address)
    world.quirky.send(world.deployer, "setQuirk", quirk)
    world.commit(deal)
    assert world.status(deal) == "committed"
    assert world.escrow.get("owed", world.maker, world.quirky.address) == 800_000


def test_too_little_gas_reverts_and_does_not_turn_a_payment_into_a_debt(world: World) -> None:
    deal = world.funded()
    settled = []
    for gas in range(200_000, 420_000, 20_000):
        with world.chain.undone():
            try:
                receipt = world.commit(deal, gas=gas)
            except Reverted:
                continue
            settled.append(gas)
            assert not world.chain.events(receipt, "Owed")
    assert settled  # enough gas is not far above what is used
    with reverts("RoyaltyVault_GasTooLow", 150_000):
        world.commit(deal, gas=settled[0] - 20_000)


def test_amounts_beyond_128_bits_do_not_settle_and_are_refunded(world: World) -> None:
    huge = 2**128 - 1
    deal = world.deal(world.quote(token=world.quirky.address, base_rate=huge, max_base_share=PPM))
    world.quirky.send(world.deployer, "mint", world.maker, 2**140)
    world.fund(deal)
    with reverts("SafeCastOverflowedUintDowncast"):
        world.commit(deal, world.commit_of(deal, 700_000))
    before = world.balance(world.quirky.address, world.maker)
    world.chain.travel(deal.quote.deadline + DAY)
    world.refund(deal)
    assert world.balance(world.quirky.address, world.maker) - before == deal.quote.escrow
