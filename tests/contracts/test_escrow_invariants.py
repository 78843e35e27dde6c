"""A stateful fuzzer over the escrow, checked against a model in Python: see invariants.tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id

from .chain import NATIVE, Chain, reverts
from .test_arithmetic import parts
from .test_commit import BURN_GAS, REJECT
from .world import DAY, Catalogued, Deal, World, claim, even

FUNDED, COMMITTED, REFUNDED = 1, 2, 3
pick = st.integers(0, 2**32)


@dataclass
class Account:
    beneficiary: bytes
    split: Split
    token: str
    received: int = 0

    def __post_init__(self) -> None:
        self.drawn: dict[int, int] = defaultdict(int)

    def claimable(self, index: int) -> int:
        return self.received * self.split.leaves[index].share // PPM - self.drawn[index]


_shared: list[World] = []


def shared_world() -> World:
    if not _shared:
        _shared.append(World(Chain()))
    return _shared[0]


class EscrowMachine(RuleBasedStateMachine):
    """Runs the contracts and the model side by side; every rule states what the model expects."""

    @initialize(hostile=st.booleans(), block_maker=st.booleans())
    def start(self, hostile: bool, block_maker: bool) -> None:
        self.world = world = shared_world()
        self.snapshot = world.chain.tester.take_snapshot()
        self.tokens = (world.usd.address, NATIVE, world.quirky.address)
        self.puppet = world.chain.deploy("Puppet")
        self.orders: list[tuple[Deal, dict[bytes, Split]]] = []
        self.status: dict[bytes, int] = {}
        self.accounts: dict[bytes, Account] = {}
        self.owed: dict[tuple[str, str], int] = defaultdict(int)
        self.blocked: set[str] = set()
        self.hostile = False
        self.works = list(world.catalogue)
        self.terms_history = {work.work_id: [work.terms] for work in self.works}
        for i in range(3):
            self._change_split(i, even(3))
        self._turn_puppet(REJECT if hostile else 0)
        if block_maker:
            self._block_or_unblock(self.world.maker)

    def teardown(self) -> None:
        if hasattr(self, "snapshot"):
            self.world.chain.tester.revert_to_snapshot(self.snapshot)

    # Orders

    @rule(token=pick, count=st.integers(1, 3), base=pick)
    def fund(self, token: int, count: int, base: int) -> None:
        works = self.works[:count]
        deal = self._deal(works, self.tokens[token % 3], base % 3_000_000)
        opted_out = [work for work in works if not work.terms.inference]
        if opted_out:
            with reverts("Licensing_InferenceNotPermitted", opted_out[0].work_id):
                self.world.fund(deal)
            return
        self.world.fund(deal)
        self.orders.append((deal, {work.work_id: work.split for work in works}))
        self.status[deal.order_id] = FUNDED

    @rule(token=pick, count=st.integers(1, 3), base=pick, shares=parts(4))
    def fund_and_commit(self, token: int, count: int, base: int, shares: tuple[int, ...]) -> None:
        before = len(self.orders)
        self.fund(token, count, base)
        if len(self.orders) > before:
            self._commit(*self.orders[-1], shares)

    @precondition(lambda self: self.orders)
    @rule(which=pick, shares=parts(4))
    def commit(self, which: int, shares: tuple[int, ...]) -> None:
        self._commit(*self._order(which), shares)

    def _commit(self, deal: Deal, splits: dict[bytes, Split], shares: tuple[int, ...]) -> None:
        base, *rest = shares
        sources = [*rest[: len(splits) - 1], sum(rest[len(splits) - 1 :])]
        commit = self.world.commit_of(deal, base, sources)
        if error := self._why_not(deal, late_error="GenerationEscrow_DeadlinePassed", late=True):
            with reverts(error):
                self.world.commit(deal, commit)
            return
        receipt = self.world.commit(deal, commit)
        self.status[deal.order_id] = COMMITTED
        quote, units = deal.quote, -(-deal.quote.duration // 30)
        handed_out = quote.operator_fee
        for source, share in zip(quote.sources, sources, strict=True):
            scaled = source.price * units * share
            handed_out += self._credit(source.work_id, splits[source.work_id], quote.token, scaled)
        handed_out += self._credit(quote.model_id, self.world.pool, quote.token, quote.base_rate * units * base)
        self._push(quote.token, quote.operator, quote.operator_fee)
        self._push(quote.token, quote.maker, quote.escrow - handed_out)
        assert self.world.event(receipt, "OrderCommitted").args["refunded"] == quote.escrow - handed_out >= 0

    @precondition(lambda self: self.orders)
    @rule(which=pick)
    def refund(self, which: int) -> None:
        deal, _ = self._order(which)
        if which % 2 and deal.quote.deadline > self.world.chain.now:
            self.world.chain.travel(deal.quote.deadline + 5)
        if error := self._why_not(deal, late_error="GenerationEscrow_DeadlineNotPassed", late=False):
            with reverts(error):
                self.world.refund(deal)
            return
        self.world.refund(deal)
        self.status[deal.order_id] = REFUNDED
        self._push(deal.quote.token, deal.quote.maker, deal.quote.escrow)

    # Claims

    @precondition(lambda self: self.accounts)
    @rule(which=pick, index=pick)
    def claim(self, which: int, index: int) -> None:
        account, item, index = self._claim(which, index)
        amount, holder = account.claimable(index), account.split.leaves[index].holder
        if amount and self._reaches(account.token, holder):
            self.world.escrow.send(self.world.relayer, "claim", item)
            account.drawn[index] += amount
            return
        with reverts("RoyaltyVault_TransferFailed" if amount else "RoyaltyVault_NothingToClaim"):
            self.world.escrow.send(self.world.relayer, "claim", item)

    @precondition(lambda self: self.accounts)
    @rule(picks=st.lists(st.tuples(pick, pick), max_size=8))
    def payout(self, picks: list[tuple[int, int]]) -> None:
        chosen = [self._claim(*pair) for pair in picks]
        receipt = self.world.escrow.send(self.world.relayer, "payout", [item for _, item, _ in chosen])
        expected = []
        for account, _, index in chosen:
            amount, holder = account.claimable(index), account.split.leaves[index].holder
            if amount and self._reaches(account.token, holder):
                account.drawn[index] += amount
                expected.append((holder, account.token, amount))
        events = (event.args for event in self.world.chain.events(receipt, "Paid"))
        assert [(args["holder"], args["token"], args["amount"]) for args in events] == expected

    @precondition(lambda self: self.accounts)
    @rule(which=pick, index=pick, forged=st.sampled_from(["share", "holder", "root"]))
    def forge(self, which: int, index: int, forged: str) -> None:
        _, (account, leaf, steps), _ = self._claim(which, index)
        forgeries = {
            "share": (account, (leaf[0], leaf[1], leaf[2] % PPM + 1), steps),
            "holder": (account, (leaf[0], self.world.relayer, leaf[2]), steps),
            "root": ((account[0], b"\x01" * 32, account[2]), leaf, steps),
        }
        if forgeries[forged][1] == leaf and forged != "root":
            return  # a lone holder of the whole has no higher share
        with reverts("RoyaltyVault_InvalidProof"):
            self.world.escrow.send(self.world.relayer, "claim", forgeries[forged])

    @precondition(lambda self: any(self.owed.values()))
    @rule(who=pick, token=pick)
    def withdraw_owed(self, who: int, token: int) -> None:
        debts = [key for key, amount in self.owed.items() if amount]
        address = (*(to for to, _ in debts), self.puppet.address)[who % (len(debts) + 1)]
        key = (address, self.tokens[token % 3])
        if self.owed[key] and self._reaches(key[1], address):
            self.world.escrow.send(self.world.relayer, "withdrawOwed", key[1], address)
            self.owed[key] = 0
            return
        with reverts("RoyaltyVault_TransferFailed" if self.owed[key] else "RoyaltyVault_NothingToClaim"):
            self.world.escrow.send(self.world.relayer, "withdrawOwed", key[1], address)

    # Changes by licensors, receivers and the token

    @rule(what=st.integers(0, 4), which=pick, shares=parts(3, least=1))
    def meddle(self, what: int, which: int, shares: tuple[int, ...]) -> None:
        if what == 0:
            self._set_terms(which % 3, inference=which % 4 > 0)
        elif what == 1:
            self._change_split(which % 3, shares)
        elif what == 2:
            self._turn_puppet((0, REJECT, BURN_GAS)[which % 3])
        elif what == 3:
            self._block_or_unblock((self.world.maker, self.world.operator, self.world.holders[0])[which % 3])
        else:
            self.world.chain.travel(self.world.chain.now + which % DAY + 1)

    def _set_terms(self, i: int, inference: bool) -> None:
        terms = self.world.terms(inference=inference, training_price=len(self.terms_history[self.works[i].work_id]))
        self.works[i] = self.world.set_terms(self.works[i], terms)
        self.terms_history[self.works[i].work_id].append(terms)

    def _change_split(self, i: int, shares: tuple[int, ...]) -> None:
        holders = (self.puppet.address, *self.world.holders[:2])
        split = Split.of(list(zip(holders, shares, strict=True)))
        work = self.works[i] = replace(self.works[i], split=split)
        self.world.works.send(work.licensor, "changeSplit", work.work_id, split.root, b"\x01" * 32)

    def _turn_puppet(self, reaction: int) -> None:
        self.puppet.send(self.world.relayer, "setReaction", reaction)
        self.hostile = reaction != 0

    def _block_or_unblock(self, address: str) -> None:
        self.blocked ^= {address}
        self.world.quirky.send(self.world.deployer, "setBlocked", address, address in self.blocked)

    # What always holds

    @invariant()
    def holds_what_it_owes_to_the_unit(self) -> None:
        for token in getattr(self, "tokens", ()):
            orders = sum(deal.quote.escrow for deal, _ in self._open() if deal.quote.token == token)
            accounts = [account for account in self.accounts.values() if account.token == token]
            undrawn = sum(account.received - sum(account.drawn.values()) for account in accounts)
            debts = sum(amount for (_, owed_in), amount in self.owed.items() if owed_in == token)
            assert self.world.balance(token, self.world.escrow.address) == orders + undrawn + debts

    @invariant()
    def accounts_are_as_the_model_says(self) -> None:
        for key, account in getattr(self, "accounts", {}).items():
            assert self.world.escrow.get("received", key) == account.received
            assert self.world.escrow.get("paidOut", key) == sum(account.drawn.values()) <= account.received

    @invariant()
    def orders_are_as_the_model_says(self) -> None:
        for order_id, status in list(getattr(self, "status", {}).items())[-3:]:
            assert self.world.escrow.get("statusOf", order_id) == status

    @precondition(lambda self: hasattr(self, "terms_history"))
    @rule()
    def every_version_can_be_proved(self) -> None:
        for work_id, history in self.terms_history.items():
            stored = [self.world.licensing.get("termsHash", work_id, i + 1) for i in range(len(history))]
            assert stored == [terms.hash() for terms in history]

    # The model

    def _deal(self, works: list[Catalogued], token: str, base_rate: int) -> Deal:
        works = sorted(works, key=lambda work: work.work_id)
        quote = self.world.quote(works, token, base_rate=base_rate, max_base_share=PPM, deadline=self._deadline())
        sources = tuple(replace(s, weight=w, min_share=0) for s, w in zip(quote.sources, even(len(works)), strict=True))
        return self.world.deal(replace(quote, sources=sources), [work.terms for work in works])

    def _deadline(self) -> int:
        return self.world.chain.now + DAY

    def _open(self) -> Iterator[tuple[Deal, dict[bytes, Split]]]:
        return (order for order in self.orders if self.status[order[0].order_id] == FUNDED)

    def _order(self, which: int) -> tuple[Deal, dict[bytes, Split]]:
        """Mostly an open order, else any."""
        choice = list(self._open()) if which % 4 else []
        choice = choice or self.orders
        return choice[which % len(choice)]

    def _why_not(self, deal: Deal, late_error: str, late: bool) -> str | None:
        if self.status[deal.order_id] != FUNDED:
            return "GenerationEscrow_WrongStatus"
        # A refusal is explained by a call, which sees the time of the latest block; keep off that second.
        if abs(self.world.chain.now - deal.quote.deadline) <= 2:
            self.world.chain.travel(deal.quote.deadline + 5)
        return late_error if (self.world.chain.now > deal.quote.deadline) == late else None

    def _credit(self, beneficiary: bytes, split: Split, token: str, scaled: int) -> int:
        amount = scaled // PPM
        if amount:
            key = account_id(beneficiary, split.root, token)
            self.accounts.setdefault(key, Account(beneficiary, split, token)).received += amount
        return amount

    def _push(self, token: str, to: str, amount: int) -> None:
        if not self._reaches(token, to):
            self.owed[to, token] += amount

    def _reaches(self, token: str, to: str) -> bool:
        if token == self.world.quirky.address:
            return to not in self.blocked
        return not (token == NATIVE and to == self.puppet.address and self.hostile)

    def _claim(self, which: int, index: int) -> tuple[Account, tuple[Any, ...], int]:
        account = list(self.accounts.values())[which % len(self.accounts)]
        index %= len(account.split.leaves)
        return account, claim(account.beneficiary, account.split, account.token, index), index


@pytest.mark.slow
class TestInvariants(EscrowMachine.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
