"""Those who do not behave: receivers, tokens and signatures, for all tests that need them."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from eth_utils import keccak

from .chain import NATIVE, Contract, Receipt, Reverted
from .world import Deal, World

ARITHMETIC = "4e487b71" + f"{0x11:064x}"
"""The name that a test sees of Solidity's panic over a number out of its range."""
_CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Reaction(IntEnum):
    """What a puppet does when it receives money."""

    ACCEPT = 0
    REJECT = 1
    BURN_GAS = 2
    RETURN_MUCH = 3
    REENTER = 4


class Quirk(IntEnum):
    """What the quirky token does when it is moved."""

    NONE = 0
    RETURNS_NOTHING = 1
    RETURNS_FALSE = 2
    RETURNS_TWO = 3
    TAKES_FEE = 4
    REVERTS = 5
    BURNS_GAS = 6
    CALLS_RECEIVER = 7


FAILING = [Quirk.RETURNS_FALSE, Quirk.RETURNS_TWO, Quirk.REVERTS, Quirk.BURNS_GAS]


def puppet(world: World, reaction: Reaction = Reaction.ACCEPT, owner: str | None = None) -> Contract:
    """An account with code that does as it is told; what `owner` signs is its signature, under ERC-1271."""
    owner = owner or world.deployer
    made = world.chain.deploy("Puppet", sender=owner)
    world.chain.keys[made.address] = world.chain.keys[owner]
    react(world, made, reaction)
    return made


def react(world: World, doll: Contract, reaction: Reaction) -> None:
    doll.send(world.relayer, "setReaction", reaction)


def quirk(world: World, what: Quirk) -> None:
    """From now on the quirky token does this."""
    world.quirky.send(world.deployer, "setQuirk", what)


def funded_by(world: World, doll: Contract, token: str = NATIVE) -> Deal:
    """An order whose maker is a contract."""
    deal = world.deal(world.quote(token=token, maker=doll.address))
    amount = deal.quote.escrow
    if token != NATIVE:
        contract = world.usd if token == world.usd.address else world.quirky
        contract.send(world.deployer, "mint", doll.address, amount)
        doll.send(world.relayer, "perform", token, contract.data("approve", world.escrow.address, amount))
    fund = world.escrow.data("fund", *deal.to_abi())
    doll.send(world.relayer, "perform", world.escrow.address, fund, value=amount if token == NATIVE else 0)
    return deal


def reenter_with(world: World, doll: Contract, name: str, *arguments: object) -> None:
    """From now on the puppet calls the escrow whenever money comes in."""
    doll.send(world.relayer, "setReentry", world.escrow.address, world.escrow.data(name, *arguments))


def assert_guarded(doll: Contract, attempts: int) -> None:
    """Each attempt to reenter met the guard."""
    guard = keccak(text="ReentrancyGuardReentrantCall()")[:4]
    assert (doll.get("attempts"), doll.get("successes"), doll.get("lastError")) == (attempts, 0, guard)


def with_little_gas(world: World, send: Callable[[int], Receipt], gas: range) -> list[Receipt]:
    """What became of sending with each amount of gas: the receipts where it was enough.

    Where it was not, the contract must have said so, at least just below the least that was enough.
    """
    done, refused = [], ""
    for amount in gas:
        with world.chain.undone():
            try:
                done.append(send(amount))
            except Reverted as revert:
                assert not done, f"{amount} gas is not enough, but less was"
                refused = revert.name
    assert done, "no amount of gas was enough"
    assert refused == "Payments_GasTooLow"
    return done


def malleated(signature: bytes) -> bytes:
    """The other signature that the same key, without being asked, has given of the same digest."""
    s = _CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])
