"""Gas of each action, from receipts (with the 21,000 of a transaction), on fixed vectors.

The vectors: orders of three sources by two licensors, each with terms in one token, 95 seconds; every party has a
balance of the token and the maker a finite allowance; "first" means that no account, holder or operator was
paid before, "repeat" that all were. Times, keys, salts and signatures are fixed, so that figures are exact.
"""

from __future__ import annotations

import json
from dataclasses import replace

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice

from .chain import CONTRACTS, NATIVE, YEAR_2100, Chain, Receipt
from .world import DAY, PRICES, Catalogued, Deal, World, claim, even

SNAPSHOT = CONTRACTS / "gas.json"
Snapshot = dict[str, int]


def measure() -> Snapshot:
    """Action → gas used."""
    world = World(Chain())
    _share_money(world)
    return _registrations(world) | _orders(world) | _claims(world)


def _gas(receipt: Receipt) -> int:
    return int(receipt["gas_used"])


def _share_money(world: World) -> None:
    """Every party owns test dollars, and so does the escrow, as it does on any day but its first."""
    for address in (*world.chain.accounts, world.escrow.address):
        world.usd.send(world.deployer, "mint", address, 10**12)
    world.usd.send(world.maker, "approve", world.escrow.address, 10**20)


def _registrations(world: World) -> Snapshot:
    work_id = world.works.get("workIdOf", world.licensor, b"\xab" * 32)
    digests = (b"\xab" * 32, b"\xbc" * 32, b"\xcd" * 32)
    register = world.works.send(world.licensor, "register", *digests, world.pool.root)
    terms = _terms(world, world.usd.address).to_abi()
    first = world.licensing.send(world.licensor, "setTerms", work_id, terms)
    following = world.licensing.send(world.licensor, "setTerms", work_id, terms)
    change = world.works.send(world.licensor, "changeSplit", work_id, b"\xde" * 32, b"\xef" * 32)
    return {
        "register a work": _gas(register),
        "set terms, first": _gas(first),
        "set terms, next version": _gas(following),
        "change a split": _gas(change),
    }


def _orders(world: World) -> Snapshot:
    figures: Snapshot = {}
    for label, token in (("ERC-20", world.usd.address), ("native", NATIVE)):
        works = [world.set_terms(work, _terms(world, token)) for work in world.catalogue]
        for turn in ("first", "repeat"):
            deal = _deal(world, works, token)
            figures[f"fund an order of 3, {label}"] = _gas(world.fund(deal))
            figures[f"commit and settle 3, {label}, {turn}"] = _gas(world.commit(deal))
    figures |= _refunds(world, works)
    return figures


def _refunds(world: World, works: list[Catalogued]) -> Snapshot:
    with world.chain.undone():
        native = _deal(world, works, NATIVE)
        world.fund(native)
        works = [world.set_terms(work, _terms(world, world.usd.address)) for work in works]
        dollars = _deal(world, works, world.usd.address)
        world.fund(dollars)
        world.chain.travel(world.chain.now + 2 * DAY)
        return {"refund, ERC-20": _gas(world.refund(dollars)), "refund, native": _gas(world.refund(native))}


def _claims(world: World) -> Snapshot:
    figures: Snapshot = {}
    for count in (2, 64):
        split = _split(world, count)
        work = world.earn(split, 10**9, content=4000 + count)
        for turn in ("first", "repeat"):
            receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
            figures[f"claim, of {count} holders, {turn}"] = _gas(receipt)
            _earn_again(world, work)
    work = world.earn(_split(world, 10), 10**9, content=5000)
    for turn in ("first", "repeat"):
        batch = [claim(work.work_id, work.split, world.usd.address, i) for i in range(10)]
        figures[f"payout to 10 holders, ERC-20, {turn}"] = _gas(world.escrow.send(world.relayer, "payout", batch))
        _earn_again(world, work)
    return figures


def _earn_again(world: World, work: Catalogued) -> None:
    quote = world.quote([work], duration=30, base_rate=0, operator_fee=0)
    deal = world.deal(quote, [work.terms])
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, [PPM]))


def _split(world: World, count: int) -> Split:
    addresses = [world.holders[0], *("0x" + f"{i + 1:02x}" * 20 for i in range(1, count))]
    return Split.of(list(zip(addresses, even(count), strict=True)))


def _terms(world: World, token: str) -> Terms:
    return world.terms(prices=(TokenPrice(token, PRICES),), max_weight=700_000, valid_from=YEAR_2100 - DAY)


def _deal(world: World, works: list[Catalogued], token: str) -> Deal:
    deal = world.deal(world.quote(works, token), [work.terms for work in works])
    return replace(deal, salt=b"\x5a" * 32)


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(measure(), indent=2) + "\n")
