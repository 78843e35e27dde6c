"""Orders are settled: see commit.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.commits import Commit
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .chain import NATIVE, reverts
from .disputes import DisputeWorld
from .hostile import (
    FAILING,
    Quirk,
    Reaction,
    assert_guarded,
    funded_by,
    malleated,
    puppet,
    quirk,
    react,
    reenter_with,
    with_little_gas,
)
from .recordings import order_over, pool_received, received, work_at
from .world import SALT, Deal, RuledWorld, World, digest

ANOTHER: dict[str, Any] = {"duration": 94, "base_share": 99_999, "shares": (300_000, 300_001, 299_999)}


def bond(world: World, token: str, operator: str | None = None) -> tuple[int, int]:
    """Whole and locked."""
    amount, locked = world.escrow.get("bondOf", operator or world.operator, token)
    return int(amount), int(locked)


# Money


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_commit_credits_sources_and_pool_and_pays_operator_and_maker(world: World, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    held = world.balance(token, world.escrow.address)
    deal = world.funded(token=token)  # four units at 2,500,000; base rate 500,000
    before = {who: world.balance(token, who) for who in (world.maker, world.operator)}
    world.commit(deal, world.commit_of(deal, 100_000, (200_000, 333_333, 366_667)))
    assert [received(world, work, token) for work in world.catalogue_works] == [2_000_000, 3_333_330, 3_666_670]
    assert pool_received(world, token) == 200_000
    assert world.balance(token, world.operator) - before[world.operator] == 250_000
    assert world.balance(token, world.maker) - before[world.maker] == 10_000_000 - 9_000_000 - 200_000
    assert world.balance(token, world.escrow.address) - held == 9_200_000
    assert world.status(deal) == "committed"


def test_a_recording_and_its_composition_are_paid_the_same_share_each_at_its_price(world: World) -> None:
    song = work_at(world, 70, (0, 7_000_001, 0, 0))
    recording = work_at(world, 71, (0, 300_007, 0, 0), song)
    tune = work_at(world, 72, (0, 5_000_003, 0, 0))
    deal = order_over(world, [recording, tune], {recording.work_id: song}, base_rate=0)
    world.fund(deal)
    assert deal.quote.escrow == (300_007 + 7_000_001) * 4 + 250_000  # the dearest is the recording with its song
    token, chosen = world.usd.address, [source.work_id for source in deal.quote.sources]
    maker = world.balance(token, world.maker)
    shares = (123_457, 800_000) if chosen[0] == recording.work_id else (800_000, 123_457)
    commit = world.commit_of(deal, 76_543, shares)
    world.commit(deal, commit)
    assert received(world, recording, token) == 300_007 * 4 * 123_457 // PPM
    assert received(world, song, token) == 7_000_001 * 4 * 123_457 // PPM
    assert received(world, tune, token) == 5_000_003 * 4 * 800_000 // PPM
    settlement = deal.quote.settle(76_543, shares)
    paid = {source.work_id: amount for source, amount in zip(deal.quote.sources, settlement.sources, strict=True)}
    assert paid == {work.work_id: received(world, work, token) for work in (recording, song, tune)}
    assert world.balance(token, world.maker) - maker == settlement.refunded


def test_two_recordings_of_one_song_pay_it_twice(world: World) -> None:
    song = work_at(world, 70, (0, 1_000_000, 0, 0))
    recordings = [work_at(world, 71 + i, (0, 10, 0, 0), song) for i in range(2)]
    songs = {recording.work_id: song for recording in recordings}
    deal = order_over(world, recordings, songs, base_rate=0, duration=30)
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, (400_000, 600_000)))
    assert received(world, song, world.usd.address) == 1_000_000


@pytest.mark.parametrize(("played", "units"), [(1, 1), (30, 1), (31, 2), (3_599, 120), (3_600, 120)])
def test_a_live_order_pays_what_was_played(world: World, played: int, units: int) -> None:
    deal = world.funded(use=Use.LIVE, duration=3_600, drift=100_000)  # 8,000,000 a unit
    token = world.usd.address
    maker, operator = world.balance(token, world.maker), world.balance(token, world.operator)
    shares = (300_000, 300_000, 350_000)
    world.commit(deal, world.commit_of(deal, 50_000, shares, duration=played))
    paid = [units * 2_400_000, units * 2_400_000, units * 2_800_000]
    assert [received(world, work, token) for work in world.catalogue_works] == paid
    assert pool_received(world, token) == units * 25_000
    assert world.balance(token, world.operator) - operator == 250_000
    rest = deal.quote.escrow - sum(paid) - units * 25_000 - 250_000
    assert world.balance(token, world.maker) - maker == rest
    assert deal.quote.settle(50_000, shares, played).refunded == rest


def test_a_source_without_a_share_is_not_credited(world: World) -> None:
    quote = world.quote()
    quote = replace(quote, sources=tuple(replace(source, min_share=0) for source in quote.sources))
    deal = world.funded(quote)
    receipt = world.commit(deal, world.commit_of(deal, 0, (PPM, 0, 0)))
    assert len(world.chain.events(receipt, "Credited")) == 1


def test_an_order_that_is_free_settles_without_any_money(world: World) -> None:
    free = world.terms(prices=(TokenPrice(world.usd.address, (0, 0, 0, 0)),))
    works = [world.set_terms(work, free) for work in world.catalogue_works]
    deal = world.deal(world.quote(works, base_rate=0, operator_fee=0), [free] * 3)
    world.fund(deal)
    receipt = world.commit(deal)
    assert world.status(deal) == "committed"
    assert [event.name for event in world.chain.events(receipt)] == ["OrderCommitted"]


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_the_bond_that_covered_the_order_is_free_again(world: World, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    whole, locked = bond(world, token)
    deal, other = world.funded(token=token), world.funded(token=token)
    assert bond(world, token) == (whole, locked + deal.quote.escrow + other.quote.escrow)
    world.commit(deal)
    assert bond(world, token) == (whole, locked + other.quote.escrow)


# What is written down


def deal_hash(deal: Deal) -> bytes:
    return keccak(encode(["(bytes32,bytes32,address,uint256,address,uint256)"], [deal.refundable()]))


def test_the_stored_word_is_the_hash_of_deal_result_and_use(world: World) -> None:
    deal = world.funded()
    funded = int.from_bytes(deal_hash(deal), "big") & ~3 | 2
    assert int.from_bytes(world.escrow.get("orderState", deal.order_id), "big") == funded
    commit = world.commit_of(deal)
    world.commit(deal, commit)
    result = keccak(encode(["(bytes32,bytes32,bytes32,uint256)"], [commit.to_abi()]))
    word = keccak(encode(["bytes32", "bytes32", "uint8"], [deal_hash(deal), result, Use.COMMERCIAL]))
    stored = int.from_bytes(world.escrow.get("orderState", deal.order_id), "big")
    assert stored == int.from_bytes(word, "big") | 3


def test_commit_emits_everything(world: World) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    receipt = world.commit(deal, commit)
    assert world.event(receipt, "OrderCommitted").args == {
        "orderId": deal.order_id,
        "recordDigest": commit.record_digest,
        "outputDigest": commit.output_digest,
        "evidenceRoot": commit.evidence_root,
        "shares": commit.to_abi()[3],
        "refunded": 800_000,
    }
    splits = {work.work_id: work.split.root for work in world.catalogue_works} | {world.model_id: world.pool.root}
    opened = {event.args["accountId"]: event.args for event in world.chain.events(receipt, "AccountOpened")}
    assert {args["beneficiary"]: args["splitRoot"] for args in opened.values()} == splits
    assert {args["token"] for args in opened.values()} == {world.usd.address}
    for beneficiary, root in splits.items():
        key = world.escrow.get("accountId", (beneficiary, root, world.usd.address))
        assert opened[key]["beneficiary"] == beneficiary
    credited = [event.args for event in world.chain.events(receipt, "Credited")]
    amounts = {opened[args["accountId"]]["beneficiary"]: args["amount"] for args in credited}
    assert amounts == dict.fromkeys(splits, 3_000_000) | {world.model_id: 200_000}
    assert {args["orderId"] for args in credited} == {deal.order_id}


def test_an_account_is_described_once(world: World) -> None:
    world.commit(world.funded())
    receipt = world.commit(world.funded())
    assert len(world.chain.events(receipt, "Credited")) == 4
    assert not world.chain.events(receipt, "AccountOpened")


def test_the_result_can_be_asked_for(world: World) -> None:
    deal = world.funded()
    commit, quote = world.commit_of(deal), deal.quote.to_abi()
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 2, 1):
        world.escrow.get("requireCommitted", quote, SALT, commit.to_abi(), Use.COMMERCIAL)
    world.commit(deal, commit)
    assert world.escrow.get("requireCommitted", quote, SALT, commit.to_abi(), Use.COMMERCIAL) == deal.order_id
    other = replace(commit, record_digest=digest(99)).to_abi()
    wrong = [(SALT, other, Use.COMMERCIAL), (SALT, commit.to_abi(), Use.PRIVATE), (digest(1), commit.to_abi(), 1)]
    for arguments in wrong:
        with reverts("GenerationEscrow_WrongResult", deal.order_id):
            world.escrow.get("requireCommitted", quote, *arguments)


# When, and by whom


def test_anybody_sends_the_commit_until_the_last_second(world: World) -> None:
    deal = world.funded()
    world.chain.travel(deal.quote.deadline - 1)
    with world.chain.undone():
        world.commit(deal, sender=world.holders[0])
    world.chain.travel(deal.quote.deadline + 1)
    commit = world.commit_of(deal)
    with reverts("GenerationEscrow_DeadlinePassed", deal.order_id, deal.quote.deadline):
        world.escrow.get("commit", deal.quote.to_abi(), deal.salt, commit.to_abi(), world.sign_commit(commit))


def test_a_change_after_funding_does_not_touch_the_order(world: World) -> None:
    deal = world.funded()
    work = world.catalogue_works[0]
    out = world.set_terms(work, world.terms(inference=False, prices=()))
    world.change_split(out, Split.of([(world.holders[3], PPM)]))
    world.catalogue.send(work.licensor, "transferLicensor", work.work_id, world.maker)
    world.catalogue.send(world.maker, "acceptLicensor", work.work_id)
    world.commit(deal)
    assert received(world, work, world.usd.address) == 3_000_000  # under the split that the order pinned


@pytest.mark.parametrize("doing", ["openContest", "bar"])
def test_a_work_that_is_contested_or_barred_after_funding_is_paid(ruled: RuledWorld, doing: str) -> None:
    deal = ruled.funded()
    work = ruled.catalogue_works[0]
    ruled.catalogue.send(ruled.desk_address, doing, work.work_id)
    ruled.commit(deal)
    assert received(ruled, work, ruled.usd.address) == 3_000_000


def test_a_pause_does_not_stop_a_commit(world: World) -> None:
    deal = world.funded()
    world.escrow.send(world.deployer, "pause")
    world.commit(deal)
    assert world.status(deal) == "committed"


# Signatures


@pytest.mark.parametrize("field", [name for name in Commit.__slots__ if name != "order_id"])
def test_a_commit_changed_after_signing_is_refused(world: World, field: str) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    changed = replace(commit, **{field: ANOTHER.get(field, digest(99))})
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, changed, world.sign_commit(commit))


def test_a_commit_signed_by_another_key_or_malleated_is_refused(world: World) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    for signature in (world.sign_commit(commit, world.maker), malleated(world.sign_commit(commit)), b""):
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


def test_the_key_that_the_operator_names_commits_until_another_is_named(world: World) -> None:
    deal = world.funded()
    commit, (first, second) = world.commit_of(deal), world.strangers(2)
    world.escrow.send(world.operator, "registerOperator", first, digest(1))
    signature = world.sign_commit(commit, first)
    with world.chain.undone():
        world.commit(deal, commit, signature)
        assert world.status(deal) == "committed"
    world.escrow.send(world.operator, "registerOperator", second, digest(1))
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, commit, signature)
    world.commit(deal)  # the operator's own key counts all the time


def test_somebody_elses_named_key_does_not_commit(world: World) -> None:
    deal = world.funded()
    (key,) = world.strangers(1)
    world.escrow.send(world.relayer, "registerOperator", key, digest(1))
    commit = world.commit_of(deal)
    with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, world.operator):
        world.commit(deal, commit, world.sign_commit(commit, key))


def _funded_of_wallet(world: World, token: str) -> tuple[Deal, Any]:
    """An order whose operator is a contract that says yes to what the operator's key signs."""
    wallet = puppet(world, owner=world.operator)
    value = 10**12 if token == NATIVE else 0
    world.escrow.send(world.operator, "depositBond", wallet.address, token, 10**12, value=value)
    deal = world.deal(world.quote(token=token, operator=wallet.address), signer=world.operator)
    world.fund(deal)
    return deal, wallet


def test_an_operator_that_is_a_contract_commits_under_erc1271(world: World) -> None:
    deal, wallet = _funded_of_wallet(world, world.usd.address)
    commit = world.commit_of(deal)
    for signature in (world.sign_commit(commit, world.maker), malleated(world.sign_commit(commit)), b""):
        with reverts("GenerationEscrow_BadCommitSignature", deal.order_id, wallet.address):
            world.commit(deal, commit, signature)
    world.commit(deal, commit, world.sign_commit(commit, world.operator))
    assert world.balance(world.usd.address, wallet.address) == 250_000


# Status and deal


def test_an_order_settles_once(world: World) -> None:
    deal = world.funded()
    world.commit(deal)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 2):
        world.commit(deal)
    other = world.commit_of(deal, 50_000)
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 1, 2):
        world.commit(deal, other)


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
    with reverts("GenerationEscrow_WrongDeal", deal.order_id):
        world.commit(deal)


def test_another_quote_is_another_order(world: World) -> None:
    deal = world.funded()
    other = world.deal(replace(deal.quote, operator_fee=250_001))
    with reverts("GenerationEscrow_WrongStatus", other.order_id, 1, 0):
        world.commit(other)


# Shares and duration


@pytest.mark.parametrize("last", [299_999, 300_001, 2**24 - 1])
def test_shares_must_sum_to_one_million(world: World, last: int) -> None:
    deal = world.funded()
    with reverts("Orders_SharesDoNotSum", 700_000 + last):
        world.commit(deal, world.commit_of(deal, 100_000, (300_000, 300_000, last)))


@pytest.mark.parametrize("place", [3, 7])
def test_a_share_for_a_place_without_a_source_is_refused(world: World, place: int) -> None:
    deal = world.funded()
    commit = world.commit_of(deal)
    digests, word = commit.to_abi()[:3], commit.to_abi()[3] | 1 << 24 * (place + 1)
    arguments = deal.quote.to_abi(), deal.salt, (*digests, word), world.sign_commit(commit)
    with reverts("Orders_ShareCount", 3):
        world.escrow.send(world.relayer, "commit", *arguments)


def test_a_share_that_is_left_out_is_none(world: World) -> None:
    deal = world.funded()
    third = deal.quote.sources[2]
    with reverts("Orders_ShareTooLow", third.work_id, 0, third.min_share):
        world.commit(deal, world.commit_of(deal, 100_000, (450_000, 450_000, 0)))


def test_a_base_share_above_the_highest_is_refused(world: World) -> None:
    deal = world.funded()
    with reverts("Orders_BaseShareTooHigh", 400_001, 400_000):
        world.commit(deal, world.commit_of(deal, 400_001))


@pytest.mark.parametrize("which", range(3))
def test_a_share_below_a_sources_lowest_is_refused(world: World, which: int) -> None:
    deal = world.funded()
    source = deal.quote.sources[which]
    shares = [400_000] * 3
    shares[which] = source.min_share - 1
    shares[which - 1] += PPM - 100_000 - sum(shares)
    with reverts("Orders_ShareTooLow", source.work_id, source.min_share - 1, source.min_share):
        world.commit(deal, world.commit_of(deal, 100_000, shares))


def test_shares_on_every_bound_settle(world: World) -> None:
    quote = world.quote(max_base_share=400_000)
    rows = zip(quote.sources, (100_000, 200_000, 300_000), strict=True)
    deal = world.funded(replace(quote, sources=tuple(replace(source, min_share=low) for source, low in rows)))
    world.commit(deal, world.commit_of(deal, 400_000, (100_000, 200_000, 300_000)))
    assert world.status(deal) == "committed"


@pytest.mark.parametrize("duration", [0, 1, 94, 96, 2**32 - 1])
def test_a_piece_has_the_ordered_length(world: World, duration: int) -> None:
    deal = world.funded()
    with reverts("Orders_DurationInvalid", duration):
        world.commit(deal, world.commit_of(deal, duration=duration))


@pytest.mark.parametrize("duration", [0, 3_601, 2**32 - 1])
def test_a_live_piece_lasts_at_least_a_second_and_no_longer_than_ordered(world: World, duration: int) -> None:
    deal = world.funded(use=Use.LIVE, duration=3_600)
    with reverts("Orders_DurationInvalid", duration):
        world.commit(deal, world.commit_of(deal, duration=duration))


# Receivers


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_maker_that_cannot_receive_is_owed_the_rest(metered: DisputeWorld, reaction: Reaction) -> None:
    doll = puppet(metered)
    deal = funded_by(metered, doll)
    react(metered, doll, reaction)
    receipt = metered.commit(deal)
    assert metered.status(deal) == "committed"
    expected = {"to": doll.address, "token": NATIVE, "amount": 800_000, "orderId": deal.order_id}
    assert metered.event(receipt, "Owed").args == expected
    assert metered.escrow.get("owed", doll.address, NATIVE) == 800_000
    assert receipt["gas_used"] < 400_000


def test_what_is_owed_reaches_its_owner_later_and_once(world: World) -> None:
    doll = puppet(world)
    deal = funded_by(world, doll)
    react(world, doll, Reaction.REJECT)
    world.commit(deal)
    with reverts("Payments_TransferFailed", doll.address, 800_000):
        world.escrow.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    react(world, doll, Reaction.ACCEPT)
    receipt = world.escrow.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    expected = {"to": doll.address, "token": NATIVE, "amount": 800_000}
    assert world.event(receipt, "OwedWithdrawn").args == expected
    assert world.chain.balance(doll.address) == 800_000
    with reverts("Payments_NothingOwed", doll.address, NATIVE):
        world.escrow.send(world.relayer, "withdrawOwed", NATIVE, doll.address)


def test_a_maker_that_returns_much_is_paid_without_its_answer_being_copied(world: World) -> None:
    doll = puppet(world)
    deal = funded_by(world, doll)
    react(world, doll, Reaction.RETURN_MUCH)
    world.commit(deal)
    assert world.chain.balance(doll.address) == 800_000


def test_a_maker_that_reenters_is_paid_once_and_its_calls_fail(world: World) -> None:
    doll = puppet(world)
    first, second = funded_by(world, doll), funded_by(world, doll)
    react(world, doll, Reaction.REJECT)
    world.commit(first)  # from now on it is owed 800,000
    reenter_with(world, doll, "withdrawOwed", NATIVE, doll.address)
    world.commit(second)
    assert world.chain.balance(doll.address) == 800_000
    world.escrow.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    assert world.chain.balance(doll.address) == 1_600_000
    assert_guarded(doll, 2)


def test_a_tokens_hook_cannot_reenter(world: World) -> None:
    doll = puppet(world)
    deal, other = funded_by(world, doll, world.quirky.address), funded_by(world, doll)
    react(world, doll, Reaction.REJECT)
    world.commit(other)
    quirk(world, Quirk.CALLS_RECEIVER)
    reenter_with(world, doll, "withdrawOwed", NATIVE, doll.address)
    world.commit(deal)
    assert_guarded(doll, 1)
    assert world.balance(world.quirky.address, doll.address) == 800_000


def test_an_operator_that_rejects_is_owed_its_fee(world: World) -> None:
    deal, wallet = _funded_of_wallet(world, NATIVE)
    react(world, wallet, Reaction.REJECT)
    world.commit(deal)
    assert world.escrow.get("owed", wallet.address, NATIVE) == 250_000
    react(world, wallet, Reaction.ACCEPT)
    world.escrow.send(world.relayer, "withdrawOwed", NATIVE, wallet.address)
    assert world.chain.balance(wallet.address) == 250_000


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
    assert world.escrow.get("owed", world.operator, token.address) == 250_000


@pytest.mark.parametrize("bad", FAILING)
def test_a_token_that_turns_bad_does_not_block_the_settlement(world: World, bad: Quirk) -> None:
    deal = world.funded(token=world.quirky.address)
    quirk(world, bad)
    world.commit(deal)
    assert world.status(deal) == "committed"
    assert world.escrow.get("owed", world.maker, world.quirky.address) == 800_000


def test_too_little_gas_reverts_and_does_not_turn_a_payment_into_a_debt(metered: DisputeWorld) -> None:
    deal = metered.funded()
    runs = with_little_gas(metered, lambda gas: metered.commit(deal, gas=gas), range(200_000, 420_000, 10_000))
    assert not [event for run in runs for event in metered.chain.events(run, "Owed")]
