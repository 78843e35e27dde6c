"""Gas of each action, from receipts (with the 21,000 of a transaction), on fixed vectors.

The vectors: orders of three sources by two licensors, each with terms in one token, 95 seconds, a base share of 10 %;
every party has a balance of the token, and an order's maker an allowance of exactly what the order costs, unless the
line says otherwise; "first" means that no account, holder or operator was paid before, "repeat" that all were. Times,
keys, salts and signatures are fixed, so that figures are exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from .amounts import Amounts
from .chain import CONTRACTS, NATIVE, YEAR_2100, Chain, Receipt
from .consents import (
    anchored_leaf,
    answer,
    collected,
    fine,
    finish,
    in_force,
    leaf_of,
    prove,
    question,
    stop,
    train,
    unregistered,
    versioned,
    words_of,
)  # fmt: skip
from .disputes import MIN_BOND, REASONS, DisputeWorld
from .test_collections import Anchored, Collection, anchor
from .test_relayed_funding import fund_authorized, fund_for, permit
from .world import DAY, EQUAL, PPM, PRICES, Catalogued, Deal, claim, digest, even

SNAPSHOT = CONTRACTS / "gas.json"
Snapshot = dict[str, int]
MUCH = 10**20


def measure() -> Snapshot:
    """Action → gas used."""
    world = DisputeWorld(Chain())
    _share_money(world)
    parts: list[Callable[[DisputeWorld], Snapshot]] = [
        _registrations, _collections, _orders, _relayed, _finished, _claims, _bonds, _disputes, _pools,
        _consents,
    ]  # fmt: skip
    figures: Snapshot = {}
    for part in parts:
        with world.chain.undone():
            figures |= part(world)
    return figures


def _gas(receipt: Receipt) -> int:
    return int(receipt["gas_used"])


def _share_money(world: DisputeWorld) -> None:
    """Every party owns test dollars, and so do the contracts, as they do on any day but their first."""
    for address in (*world.chain.accounts, world.escrow.address, world.desk.address, world.training.address):
        world.usd.send(world.deployer, "mint", address, 10**12)
    _allow(world, MUCH)


def _allow(world: DisputeWorld, amount: int) -> None:
    world.usd.send(world.maker, "approve", world.escrow.address, amount)


# Works and models


def _registrations(world: DisputeWorld) -> Snapshot:
    send = world.catalogue.send
    registration = (b"\xab" * 32, b"\xbc" * 32, b"\xcd" * 32, world.pool.root, bytes(32))
    work_id = world.catalogue.get("workIdOf", world.licensor, b"\xab" * 32)
    register = send(world.licensor, "register", registration)
    words = list(_terms(world, world.usd.address).to_words())
    terms = send(world.licensor, "setTerms", work_id, world.pool.root, words)
    split = send(world.licensor, "changeSplit", work_id, b"\xde" * 32, b"\xef" * 32, words)
    recording = (b"\xac" * 32, *registration[1:4], work_id)
    recorded = send(world.licensor, "register", recording)
    ten = [(bytes([i + 1]) * 32, *registration[1:]) for i in range(10)]
    many = send(world.licensor, "registerMany", ten)
    offered = send(world.licensor, "transferLicensor", work_id, world.licensor2)
    accepted = send(world.licensor2, "acceptLicensor", work_id)
    rates = [(world.usd.address, 500_000)]
    model = send(world.operator, "registerModel", *[b"\xa1" * 32] * 4, 0, rates, EQUAL)
    return {
        "register a work": _gas(register),
        "register a recording": _gas(recorded),
        "register 10 works": _gas(many),
        "set terms": _gas(terms),
        "change a split": _gas(split),
        "offer the licensor's role": _gas(offered),
        "accept the licensor's role": _gas(accepted),
        "register a model with one rate": _gas(model),
    }


def _collections(world: DisputeWorld) -> Snapshot:
    words = _terms(world, world.usd.address).to_words()
    collection = Collection(world.licensor, tuple(Anchored(10_000 + i, world.pool.root, words) for i in range(10_000)))
    anchor = world.catalogue.send(world.licensor, "anchorCollection", collection.root, b"\xee" * 32)
    arguments = collection.call(collection.works[1234])
    return {
        "anchor a collection of 10,000 works": _gas(anchor),
        "materialise one of 10,000": _gas(world.catalogue.send(world.relayer, "materialise", *arguments)),
    }


# Orders


def _orders(world: DisputeWorld) -> Snapshot:
    figures: Snapshot = {}
    for label, token in (("ERC-20", world.usd.address), ("native", NATIVE)):
        works = _works(world, token)
        for turn in ("first", "repeat"):
            deal = _deal(world, works, token)
            _allow(world, deal.quote.escrow)
            figures[f"fund an order of 3, {label}"] = _gas(world.fund(deal))
            figures[f"commit and settle 3, {label}, {turn}"] = _gas(world.commit(deal))
        figures[f"refund, {label}"] = _refund(world, works, token)
    works = _works(world, world.usd.address)
    _allow(world, MUCH)
    figures["fund an order of 3, ERC-20, of a larger allowance"] = _gas(world.fund(_deal(world, works)))
    return figures


def _refund(world: DisputeWorld, works: list[Catalogued], token: str) -> int:
    with world.chain.undone():
        _allow(world, MUCH)
        deal = _deal(world, works, token)
        world.fund(deal)
        world.chain.travel(world.chain.now + 2 * DAY)
        return _gas(world.refund(deal))


def _relayed(world: DisputeWorld) -> Snapshot:
    works = _works(world, world.usd.address)
    _allow(world, 0)
    first = _deal(world, works)
    fund_for(world, first, permit(world, first))  # so that the permit's nonce is not the first
    deal = _deal(world, works)
    by_permit = fund_for(world, deal, permit(world, deal))
    deal = _deal(world, works)
    authorized = fund_authorized(world, deal)
    return {
        "fund an order of 3, relayed with permit and order signature": _gas(by_permit),
        "fund an order of 3, relayed with one ERC-3009 authorization": _gas(authorized),
    }


def _finished(world: DisputeWorld) -> Snapshot:
    figures: Snapshot = {}
    for label, token in (("ERC-20", world.usd.address), ("native", NATIVE)):
        works = [world.set_terms(work, replace(_terms(world, token), downstream=300_000)) for work in _cheap(world)]
        deal, commit = _committed(world, works, token)
        order = (deal.quote.to_abi(), deal.salt, commit.to_abi())
        figures |= _later_revenue(world, deal, order, label)
        words = [list(terms.to_words()) for terms in deal.terms]
        arguments = (*order, Use.COMMERCIAL, Use.BROADCAST, words)
        value = _difference(world, deal, commit) if token == NATIVE else 0
        raised = world.escrow.send(world.maker, "raiseUse", *arguments, value=value)
        figures[f"raise an order of 3 to a wider use, {label}"] = _gas(raised)
    return figures


def _later_revenue(world: DisputeWorld, deal: Deal, order: tuple[Any, ...], label: str) -> Snapshot:
    """By the order's maker, who keeps its own part, and by somebody else."""
    amount, native = 10**6, label == "native"
    arguments = (*order, Use.COMMERCIAL, amount)
    world.usd.send(world.relayer, "approve", world.escrow.address, amount)
    by_other = world.escrow.send(world.relayer, "payDownstream", *arguments, value=amount if native else 0)
    to_maker = world.event(by_other, "DownstreamPaid").args["toMaker"]
    _allow(world, amount - to_maker)
    by_maker = world.escrow.send(world.maker, "payDownstream", *arguments, value=amount - to_maker if native else 0)
    _allow(world, MUCH)
    return {
        f"pay later revenue to 3 sources, {label}": _gas(by_maker),
        f"pay later revenue to 3 sources and the maker, {label}": _gas(by_other),
    }


def _difference(world: DisputeWorld, deal: Deal, commit: Any) -> int:
    arguments = (deal.quote.to_abi(), commit.to_abi(), Use.COMMERCIAL, Use.BROADCAST)
    words = [list(terms.to_words()) for terms in deal.terms]
    return sum(world.catalogue.get("differences", *arguments, words))


def _committed(world: DisputeWorld, works: list[Catalogued], token: str) -> tuple[Deal, Any]:
    """The second of two like orders: all accounts were paid before."""
    for _ in range(2):
        deal = _deal(world, works, token)
        world.fund(deal)
        commit = world.commit_of(deal)
        world.commit(deal, commit)
    return deal, commit


# Royalties


def _claims(world: DisputeWorld) -> Snapshot:
    figures: Snapshot = {}
    for count in (2, 64):
        work = _earning(world, count, 4000 + count)
        confirm = world.confirm(work, None, 0)
        if count == 2:
            figures["confirm a place of 2 by signature"] = _gas(confirm)
        for turn in ("first", "repeat"):
            receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
            figures[f"claim, of {count} holders, {turn}"] = _gas(receipt)
            _earn_again(world, work)
    work = _earning(world, 10, 5000)
    figures["confirm 10 places by signature"] = _gas(world.confirm(work))
    for turn in ("first", "repeat"):
        batch = [claim(work.work_id, work.split, world.usd.address, i) for i in range(10)]
        figures[f"payout to 10 holders, ERC-20, {turn}"] = _gas(world.escrow.send(world.relayer, "payout", batch))
        _earn_again(world, work)
    return figures


def _earning(world: DisputeWorld, count: int, content: int) -> Catalogued:
    """A work of `count` holders; the first has money, the others may never have had any."""
    holders = world.strangers(count)
    world.usd.send(world.deployer, "mint", holders[0], 10**12)
    return world.earn(Split.of(list(zip(holders, even(count), strict=True))), 10**9, content=content)


def _earn_again(world: DisputeWorld, work: Catalogued) -> None:
    quote = world.quote([work], duration=30, base_rate=0, operator_fee=0)
    deal = world.deal(quote, [work.terms])
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, [PPM]))


# Operators, disputes, pools


def _bonds(world: DisputeWorld) -> Snapshot:
    send = world.escrow.send
    usd = world.usd.address
    deposit = send(world.operator, "depositBond", world.operator, usd, 10**6)
    request = send(world.operator, "requestWithdrawal", usd, 10**6)
    world.chain.travel(world.chain.now + 22 * DAY)
    return {
        "add to a bond, ERC-20": _gas(deposit),
        "ask for a bond back": _gas(request),
        "withdraw a bond, ERC-20": _gas(send(world.operator, "withdrawBond", usd)),
    }


def _disputes(world: DisputeWorld) -> Snapshot:
    work = _cheap(world)[0]
    account = (work.work_id, work.split.root, world.usd.address)
    opened = world.desk.send(world.claimant, "contest", work.work_id, world.claimed.root, REASONS, value=MIN_BOND)
    number = int(world.event(opened, "ContestOpened").args["contestId"])
    held = world.hold(number, account, 10**6)
    ruled = world.rule(number, 500_000)
    deal, commit = _committed(world, _works(world, world.usd.address), world.usd.address)
    order = (deal.quote.to_abi(), deal.salt, commit.to_abi(), Use.COMMERCIAL)
    challenged = world.desk.send(world.claimant, "challenge", *order, REASONS)
    ruling = (deal.quote.to_abi(), [1000, 1000, 1000], 1000)
    return {
        "contest a work": _gas(opened),
        "hold an account, ERC-20 bond": _gas(held),
        "rule on a contest of one account": _gas(ruled),
        "challenge a commit, ERC-20 bond": _gas(challenged),
        "rule on a challenge of 3 sources": _gas(world.desk.send(world.arbiter, "ruleChallenge", *ruling)),
    }


def _pools(world: DisputeWorld) -> Snapshot:
    usd = world.usd.address
    pool = Split.of([(world.training.address, PPM)])
    model = world.register_model(pool, 99)
    works = _works(world, usd)
    deal = world.deal(world.quote(works, usd, model_id=model, pool_root=pool.root), [work.terms for work in works])
    world.fund(deal)
    world.commit(deal)
    collected = world.training.send(world.relayer, "collect", model, usd)
    total = int(world.training.get("potOf", model, usd)[0])
    closed, claimed = _epoch(world, model, 64, total)
    _, from_many = _epoch(world, model, 4096, total)
    return {
        "collect a training pool": _gas(collected),
        "close an epoch": _gas(closed),
        "claim from an epoch of 64": _gas(claimed),
        "claim from an epoch of 4,096": _gas(from_many),
    }


def _epoch(world: DisputeWorld, model: bytes, holders: int, total: int) -> tuple[Receipt, Receipt]:
    """The first epoch of all that is in the pot, and its first holder's claim."""
    addresses = [f"0x{'7' * 35}{10_000 + i}" for i in range(holders)]  # of digits, which have no case to check
    tree = Amounts.of(list(zip(addresses, even(holders, total), strict=True)))
    key = (model, world.usd.address)
    with world.chain.undone():
        closed = world.training.send(world.operator, "closeEpoch", *key, tree.root, total, digest(50))
        leaf = tree.leaves[0].to_abi()
        return closed, world.training.send(world.relayer, "claimEpoch", *key, 1, leaf, tree.proof(0))


def _consents(world: DisputeWorld) -> Snapshot:
    """Of a manifest of 4,096 works."""
    words = _terms(world, world.usd.address).to_words()
    opted_out = replace(_terms(world, world.usd.address), training=False)
    out, old = (world.catalogued(80_000 + i, world.pool, world.licensor, opted_out) for i in range(2))
    mine = [
        world.catalogued(80_010 + i, world.pool, world.licensor, _terms(world, world.usd.address)) for i in range(2)
    ]
    anchored = Anchored(80_020, world.pool.root, words)
    collection = anchor(world, [anchored, *(Anchored(90_000 + i, world.pool.root, words) for i in range(4095))])
    newer = world.set_terms(mine[1], opted_out)
    world.chain.travel(world.chain.now + 2 * DAY)
    leaves = [leaf_of(out, 80_000), leaf_of(old, 80_001), *(leaf_of(mine[i], 80_010 + i) for i in range(2))]
    leaves += [anchored_leaf(collection, anchored), *(unregistered(10_000 + i) for i in range(4091))]
    pool = Split.of([(world.training.address, PPM)])
    model = train(world, leaves, pool)
    usd = world.usd.address
    proved = prove(world, model, leaves[0], words_of(opted_out, world.pool))
    by_version = prove(world, model, leaves[3], in_force(newer.version))
    asked = [question(world, model, leaf) for leaf in (leaves[2], leaves[4], leaves[5])]
    answered = answer(world, model, leaves[2], versioned(mine[0]))
    from_collection = answer(world, model, leaves[4], collected(collection, anchored))
    world.chain.travel(world.chain.now + 8 * DAY)
    return {
        "prove a training work without consent": _gas(proved),
        "prove a training work without consent, by the version in force": _gas(by_version),
        "ask for a training consent": _gas(asked[0]),
        "show a training consent": _gas(answered),
        "show a training consent, of a collection": _gas(from_collection),
        "end a question without an answer": _gas(finish(world, model, leaves[5])),
        "stop a model": _gas(stop(world, model, leaves[0], NATIVE)),
        "fine a model's registrant, ERC-20": _gas(fine(world, model, leaves[0], usd)),
    }


# Vectors


def _cheap(world: DisputeWorld) -> list[Catalogued]:
    return world.catalogue_works


def _works(world: DisputeWorld, token: str) -> list[Catalogued]:
    return [world.set_terms(work, _terms(world, token)) for work in world.catalogue_works]


def _terms(world: DisputeWorld, token: str) -> Terms:
    return world.terms(prices=(TokenPrice(token, PRICES),), max_weight=700_000, valid_from=YEAR_2100 - DAY)


def _deal(world: DisputeWorld, works: list[Catalogued], token: str | None = None) -> Deal:
    deal = world.deal(world.quote(works, token), [work.terms for work in works])
    return replace(deal, salt=b"\x5a" * 32)


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(measure(), indent=2) + "\n")
