"""A world with the dispute desk, the training pool and an arbiter, and works that earn while they are contested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import xor
from typing import Any

import pytest
from eth_account import Account as Keys
from eth_utils import keccak
from eth_utils.abi import function_abi_to_4byte_selector

from contrafact.domain.commits import Commit
from contrafact.domain.prices import TokenPrice
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from . import evm
from .chain import NATIVE, Chain, Contract, Receipt
from .world import DAY, Catalogued, Deal, World, digest

MIN_BOND = 10**16
RULING_TIME = 30 * DAY
ARBITER_ROLE = 7
REASONS = digest(40)
NO_QUOTE = (0, 0, 0, 0, *[bytes(32)] * 4, [])
BEFORE = 1000  # what an earning work has received before anything else


@dataclass(frozen=True)
class Earning:
    """A work of which everything that an output earns is owed to it, so that any amount can come in at any time."""

    work: Catalogued
    deal: Deal
    commit: Commit
    token: str

    @property
    def account(self) -> tuple[bytes, bytes, str]:
        """The `Account` struct that it earns in."""
        return self.work.work_id, self.work.split.root, self.token


class DisputeWorld(World):
    """Adds an arbiter, and two people who contest and challenge."""

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain)
        self.claimant, self.rival, self.arbiter = (self._person(f"person {i}") for i in range(3))
        self.claimed = Split.of([(self.claimant, 400_000), (self.holders[3], 600_000)])
        self.rivals = Split.of([(self.rival, PPM)])
        for token in (self.usd, self.quirky):
            for who in (self.claimant, self.rival):
                token.send(self.deployer, "mint", who, 10**30)
                token.send(who, "approve", self.desk.address, 2**256 - 1)
        rulings = [self.desk.data("ruleContest", 0, 0)[:10], self.desk.data("ruleChallenge", NO_QUOTE, [], 0)[:10]]
        self.authority.send(self.deployer, "setTargetFunctionRole", self.desk.address, rulings, ARBITER_ROLE)
        self.authority.send(self.deployer, "grantRole", ARBITER_ROLE, self.arbiter, 0)

    def _deploy(self) -> None:
        super()._deploy()
        places = (self.catalogue.address, self.escrow.address)
        self.desk = self.chain.deploy("DisputeDesk", *places, self.authority.address, MIN_BOND)
        self.training = self.chain.deploy("TrainingPool", *places)

    def _person(self, name: str) -> str:
        """An account with a key and coin."""
        key = Keys.from_key(keccak(text=name))
        self.chain.add_key(key)
        self.chain.transact(self.maker, key.address, b"", 10**20)
        return str(key.address)

    # Works that earn

    def earning(self, holders: Sequence[tuple[str, int]], token: str | None = None, content: int = 700) -> Earning:
        """A work that has received `BEFORE`."""
        token = token or self.usd.address
        terms = self.terms(prices=(TokenPrice(token, (BEFORE,) * 4),), downstream=PPM)
        work = self.catalogued(content, Split.of(holders), self.licensor, terms)
        quote = self.quote([work], token, duration=30, base_rate=0, operator_fee=0)
        deal = self.deal(quote, [terms])
        self.fund(deal)
        commit = self.commit_of(deal, 0, [PPM])
        self.commit(deal, commit)
        return Earning(work, deal, commit, token)

    def pay_in(self, earning: Earning, amount: int) -> Receipt:
        """Lets the work earn `amount` more."""
        quote, value = earning.deal.quote, amount if earning.token == NATIVE else 0
        order = (quote.to_abi(), earning.deal.salt, earning.commit.to_abi(), quote.use)
        return self.escrow.send(self.maker, "payDownstream", *order, amount, value=value)

    def held(self, earning: Earning) -> int:
        return int(self.escrow.get("heldOf", earning.account))

    def claimable(self, work: Catalogued, token: str, index: int = 0) -> int:
        return int(self.escrow.get("claimable", self.claim_of(work, index, token)))

    # Contests

    def contest(
        self, work: Catalogued, who: str | None = None, split: Split | None = None, bond: int = MIN_BOND
    ) -> int:
        """The number of a contest of `work` by `who`, the claimant unless given, for its split."""
        who = who or self.claimant
        split = split or (self.claimed if who == self.claimant else self.rivals)
        receipt = self.desk.send(who, "contest", work.work_id, split.root, REASONS, value=bond)
        return int(self.event(receipt, "ContestOpened").args["contestId"])

    def hold(self, contest: int, account: tuple[bytes, bytes, str], bond: int, who: str | None = None) -> Receipt:
        value = bond if account[2] == NATIVE else 0
        return self.desk.send(who or self.claimant, "holdAccount", contest, account, bond, value=value)

    def rule(self, contest: int, ppm: int) -> Receipt:
        return self.desk.send(self.arbiter, "ruleContest", contest, ppm)

    def let_ruling_time_pass(self) -> None:
        self.chain.travel(self.chain.now + RULING_TIME + 1)

    def contest_bonds(self, receipt: Receipt) -> list[tuple[str, str, int]]:
        """To whom bonds of a contest went: (address, token, amount)."""
        events = self.chain.events(receipt, "ContestBondPaid")
        return [(event.args["to"], event.args["token"], event.args["amount"]) for event in events]


@cache
def _shared() -> DisputeWorld:
    return DisputeWorld(evm.Evm())


@pytest.fixture(name="world")
def dispute_world() -> Iterator[DisputeWorld]:
    """Takes the place of the fixture `world` where it is imported."""
    world = _shared()
    with world.chain.undone():
        yield world


def perform(world: World, doll: Contract, target: Contract, name: str, *arguments: Any, value: int = 0) -> Receipt:
    """Lets a puppet call a contract."""
    return doll.send(world.relayer, "perform", target.address, target.data(name, *arguments), value=value)


def interface_id(contract: Contract, *names: str) -> bytes:
    """ERC-165's id of the interface that consists of these functions."""
    entries = [entry for entry in contract.codec.abi if entry["type"] == "function" and entry["name"] in names]
    selectors = [int.from_bytes(function_abi_to_4byte_selector(entry), "big") for entry in entries]
    assert len(selectors) == len(names)
    return reduce(xor, selectors).to_bytes(4, "big")
