"""The escrow's whole state follows from its events: see escrow_events.tree."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.commits import Commit
from contrafact.domain.orders import Quote
from contrafact.domain.prices import Use
from contrafact.domain.settlement import raised
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, held

from .chain import NATIVE, Contract, Event, Reverted
from .recordings import earn_again
from .world import DAY, Deal, RuledWorld, claim, digest, release

ROUNDS = 3  # of every kind of call
NO_STATE = {"PayoutFailed", "DownstreamPaid"}  # they tell what came of a call
NEVER = {"EIP712DomainChanged"}
Key = tuple[str, str]  # of somebody, and a token
Place = tuple[bytes, int]


class Views:
    """What the contracts say, asked once."""

    def __init__(self, world: RuledWorld) -> None:
        self.escrow = cache(world.escrow.get)
        self.recovery = cache(world.recovery.get)
        self.balance = cache(lambda token: world.balance(token, world.escrow.address))


@dataclass
class Order:
    quote: Quote
    deal: bytes
    escrowed: int
    word: bytes
    status: int = 1
    result: bytes = b""


@dataclass
class Rebuilt:
    """The escrow and the recovery contract as their events tell them."""

    moment: int = 0
    authority: str = ""
    stopped: set[str] = field(default_factory=set)
    orders: dict[bytes, Order] = field(default_factory=dict)
    accounts: dict[bytes, tuple[bytes, bytes, str]] = field(default_factory=dict)
    received: dict[bytes, int] = field(default_factory=Counter)
    drawn: dict[Place, int] = field(default_factory=Counter)
    statuses: dict[Place, int] = field(default_factory=Counter)
    payees: dict[Place, str] = field(default_factory=dict)
    thresholds: dict[Key, int] = field(default_factory=Counter)
    owed: dict[Key, int] = field(default_factory=Counter)
    signers: dict[str, str] = field(default_factory=dict)
    bonds: dict[Key, int] = field(default_factory=Counter)
    locked: dict[Key, int] = field(default_factory=Counter)
    challenged: dict[Key, int] = field(default_factory=Counter)
    leaving: dict[Key, tuple[int, int]] = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    awarded: set[bytes] = field(default_factory=set)
    contests: dict[bytes, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    holds: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)
    guardians: dict[str, str] = field(default_factory=dict)
    recoveries: dict[str, tuple[str, int]] = field(default_factory=dict)
    readdressings: dict[Place, tuple[str, int]] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        self.moment += 1
        getattr(self, f"_{event.name}")(event.args)

    # Orders

    def _OrderFunded(self, e: Any) -> None:
        *words, sources = dict(e["quote"]).values()
        quote = Quote.from_abi((*words, [tuple(dict(source).values()) for source in sources]))
        fields = (e["orderId"], e["makerSalt"], e["maker"], words[1], quote.token, e["escrowed"])
        deal = keccak(encode(["(bytes32,bytes32,address,uint256,address,uint256)"], [fields]))
        self.orders[e["orderId"]] = Order(quote, deal, e["escrowed"], tagged(deal, 2))
        self.locked[e["operator"], quote.token] += e["escrowed"]

    def _OrderCommitted(self, e: Any) -> None:
        order = self.orders[e["orderId"]]
        commit = (e["recordDigest"], e["outputDigest"], e["evidenceRoot"], e["shares"])
        order.status, order.result = 2, keccak(encode(["(bytes32,bytes32,bytes32,uint256)"], [commit]))
        order.word = committed_word(order, order.quote.use)
        self.locked[order.quote.operator, order.quote.token] -= order.escrowed

    def _OrderRefunded(self, e: Any) -> None:
        order = self.orders[e["orderId"]]
        order.status, order.word = 3, (1).to_bytes(32)
        key = order.quote.operator, order.quote.token
        self.locked[key] -= e["amount"]
        self.bonds[key] -= e["penalty"]

    def _OrderRaised(self, e: Any) -> None:
        order = self.orders[e["orderId"]]
        order.word = committed_word(order, e["to"])

    def _DownstreamPaid(self, e: Any) -> None:
        """Its credits are told apart."""

    def _Owed(self, e: Any) -> None:
        self.owed[e["to"], e["token"]] += e["amount"]

    def _OwedWithdrawn(self, e: Any) -> None:
        self.owed[e["to"], e["token"]] -= e["amount"]

    # Accounts

    def _AccountOpened(self, e: Any) -> None:
        self.accounts[e["accountId"]] = (e["beneficiary"], e["splitRoot"], e["token"])

    def _Credited(self, e: Any) -> None:
        self.received[e["accountId"]] += e["amount"]

    def _Paid(self, e: Any) -> None:
        self.drawn[e["accountId"], e["index"]] += e["amount"]

    def _PayoutFailed(self, e: Any) -> None:
        """The balance stays."""

    def _PlaceConfirmed(self, e: Any) -> None:
        self.statuses[e["accountId"], e["index"]] = 1

    def _PlaceReaddressed(self, e: Any) -> None:
        self.statuses[e["accountId"], e["index"]] = 2
        self.payees[e["accountId"], e["index"]] = e["payee"]

    def _ThresholdSet(self, e: Any) -> None:
        self.thresholds[e["holder"], e["token"]] = e["threshold"]

    def _HoldOpened(self, e: Any) -> None:
        self.contests[e["beneficiary"]].append((self.moment, e["epoch"], e["open"]))

    def _HoldClosed(self, e: Any) -> None:
        self.contests[e["beneficiary"]].append((self.moment, self.contests[e["beneficiary"]][-1][1], e["open"]))

    def _AccountHeld(self, e: Any) -> None:
        self.holds[e["accountId"]] = (self.moment, e["from"], e["cap"])

    def _HeldMoved(self, e: Any) -> None:
        self.received[e["fromAccount"]] -= e["amount"]
        self.received[e["toAccount"]] += e["amount"]
        self.awarded.add(e["toAccount"])

    def held(self, account: bytes) -> int:
        """What of the account is held now: only what was held in the present run of contests."""
        moments = self.contests[self.accounts[account][0]]
        if account not in self.holds or not moments or moments[-1][2] == 0:
            return 0
        moment, start, cap = self.holds[account]
        epochs = [epoch for at, epoch, _ in moments if at < moment]
        return held(self.received[account], start, cap) if epochs and epochs[-1] == moments[-1][1] else 0

    # Operators

    def _OperatorRegistered(self, e: Any) -> None:
        self.signers[e["operator"]] = e["signer"]

    def _BondDeposited(self, e: Any) -> None:
        self.bonds[e["operator"], e["token"]] += e["amount"]

    def _WithdrawalRequested(self, e: Any) -> None:
        key = e["operator"], e["token"]
        self.bonds[key] -= e["amount"]
        self.leaving[key] = (self.leaving[key][0] + e["amount"], e["readyAt"])

    def _BondWithdrawn(self, e: Any) -> None:
        self.leaving[e["operator"], e["token"]] = (0, 0)

    def _BondLocked(self, e: Any) -> None:
        key, (leaving, ready) = (e["operator"], e["token"]), self.leaving[e["operator"], e["token"]]
        self.leaving[key] = (leaving - e["fromWithdrawal"], ready)
        self.bonds[key] += e["fromWithdrawal"]
        self.locked[key] += e["amount"]
        self.challenged[key] += e["amount"]

    def _BondUnlocked(self, e: Any) -> None:
        self.locked[e["operator"], e["token"]] -= e["amount"]
        self.challenged[e["operator"], e["token"]] -= e["amount"]

    def _BondPaid(self, e: Any) -> None:
        self.bonds[e["operator"], e["token"]] -= e["amount"]

    # Lost holders

    def _GuardianSet(self, e: Any) -> None:
        self.guardians[e["holder"]] = e["guardian"]

    def _RecoveryStarted(self, e: Any) -> None:
        self.recoveries[e["holder"]] = (e["successor"].lower(), e["readyAt"])

    def _RecoveryCancelled(self, e: Any) -> None:
        del self.recoveries[e["holder"]]

    def _ReaddressingStarted(self, e: Any) -> None:
        self.readdressings[e["accountId"], e["index"]] = (e["payee"].lower(), e["readyAt"])

    # Roles

    def _AuthorityUpdated(self, e: Any) -> None:
        self.authority = e["authority"]

    def _Paused(self, e: Any) -> None:
        self.stopped.add("orders")

    def _Unpaused(self, e: Any) -> None:
        self.stopped.remove("orders")

    # What the contracts say

    def holds_of(self, token: str) -> int:
        """What the escrow must have of a token: bonds, what leaves them, open orders, debts, balances of accounts."""
        bonds = sum(amount for (_, of), amount in self.bonds.items() if of == token)
        leaving = sum(amount for (_, of), (amount, _) in self.leaving.items() if of == token)
        orders = sum(o.escrowed for o in self.orders.values() if o.status == 1 and o.quote.token == token)
        owed = sum(amount for (_, of), amount in self.owed.items() if of == token)
        of_token = {account for account, (_, _, of) in self.accounts.items() if of == token}
        came = sum(self.received[account] for account in of_token)
        return bonds + leaving + orders + owed + came - sum(d for (a, _), d in self.drawn.items() if a in of_token)

    def differs(self, views: Views, people: list[str], tokens: list[str]) -> list[str]:
        """What the views say otherwise."""
        rows = [*self._rows(views.escrow), *self._of_people(views, people, tokens), *self._of_places(views)]
        rows += [(f"balance of {token}", self.holds_of(token), views.balance(token)) for token in tokens]
        return [f"{name}: told {told}, is {asked}" for name, told, asked in rows if told != asked]

    def _rows(self, get: Callable[..., Any]) -> Iterable[tuple[str, Any, Any]]:
        """(what, as told, as asked for)."""
        yield "authority", self.authority.lower(), get("authority")
        yield "paused", "orders" in self.stopped, get("paused")
        for order_id, order in self.orders.items():
            yield "statusOf", order.status, get("statusOf", order_id)
            yield "orderState", order.word, get("orderState", order_id)
        for account, described in self.accounts.items():
            yield "accountId", account, get("accountId", described)
            yield "received", self.received[account], get("received", account)
            yield "isAwarded", account in self.awarded, get("isAwarded", account)
            yield "heldOf", self.held(account), get("heldOf", described)

    def _of_people(self, views: Views, people: list[str], tokens: list[str]) -> Iterable[tuple[str, Any, Any]]:
        get, ask = views.escrow, views.recovery
        for who in people:
            yield "signerOf", self.signers.get(who, NATIVE).lower(), get("signerOf", who)
            yield "guardianOf", self.guardians.get(who, NATIVE).lower(), ask("guardianOf", who)
            yield "recoveryOf", self.recoveries.get(who, (NATIVE, 0)), ask("recoveryOf", who)
            for key in [(who, token) for token in tokens]:
                yield "bondOf", (self.bonds[key], self.locked[key]), get("bondOf", *key)
                free = self.bonds[key] - (self.locked[key] - self.challenged[key])
                yield "challengeableOf", free, get("challengeableOf", *key)
                yield "withdrawalOf", self.leaving[key], get("withdrawalOf", *key)
                yield "owed", self.owed[key], get("owed", *key)
                yield "threshold", self.thresholds[key], get("threshold", *key)

    def _of_places(self, views: Views) -> Iterable[tuple[str, Any, Any]]:
        get, ask = views.escrow, views.recovery
        for account, described in self.accounts.items():
            for place in [(account, index) for index in range(4)]:
                yield "placeOf", (self.drawn[place], self.statuses[place]), get("placeOf", *place)
                yield "payeeOf", self.payees.get(place, NATIVE).lower(), get("payeeOf", *place)
                told = self.readdressings.get(place, (NATIVE, 0))
                yield "readdressingOf", told, ask("readdressingOf", described, place[1])


def tagged(word: bytes, tag: int) -> bytes:
    return (int.from_bytes(word) & ~3 | tag).to_bytes(32)


def committed_word(order: Order, use: int) -> bytes:
    return tagged(keccak(encode(["bytes32", "bytes32", "uint8"], [order.deal, order.result, use])), 3)


class Chance:
    """Calls of the escrow and the recovery contract at random, refused ones among them."""

    def __init__(self, world: RuledWorld, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)
        self.tokens = [world.usd.address, NATIVE, world.quirky.address]
        self.people = world.chain.accounts[1:9]
        self.splits = [(work.work_id, work.split, work.licensor) for work in world.catalogue_works]
        self.splits.append((world.model_id, world.pool, world.operator))
        self.other = Split.of([(world.holders[0], PPM)])
        self.open: list[Deal] = []
        self.done: list[tuple[Deal, Commit, Use]] = []
        deal = world.funded()
        commit = world.commit_of(deal)
        world.commit(deal, commit)
        self.done.append((deal, commit, deal.quote.use))
        self.locks: list[tuple[str, int]] = []
        self.caps: list[tuple[tuple[bytes, bytes, str], int]] = []
        self.guarded = world.holders[0]
        self.refused = 0
        for token in (world.usd, world.quirky):
            token.send(world.deployer, "mint", world.relayer, 10**20)
            token.send(world.relayer, "approve", world.escrow.address, 2**256 - 1)

    def play(self) -> None:
        kinds = [
            self.fund, self.fund, self.commit, self.commit, self.refund, self.widen, self.downstream, self.claim,
            self.own_claim, self.payout, self.confirm, self.threshold, self.block, self.withdraw_owed, self.key,
            self.deposit, self.ask, self.withdraw, self.lock, self.unlock, self.pay_from_bond, self.contest, self.hold,
            self.release, self.close, self.guardian, self.start, self.cancel, self.recover, self.readdress, self.finish,
            self.pause,
        ] * ROUNDS  # fmt: skip
        self.dice.shuffle(kinds)
        self.seldom()
        for kind in kinds:
            self.world.chain.travel(self.world.chain.now + self.dice.randrange(1, DAY // 4))
            try:
                kind()
            except Reverted:
                self.refused += 1

    def seldom(self) -> None:
        """What chance alone seldom brings: debts, failed payouts, money that a ruling moves, a raise, a successor."""
        world, token, work = self.world, self.world.quirky.address, self.world.catalogue_works[0]
        holder, place = work.split.leaves[0].holder, world.claim_of(work, 0, token)
        for who in (world.maker, holder):
            self.send(world.deployer, "setBlocked", who, True, to=world.quirky)
        for _ in range(2):
            world.commit(world.funded(token=token))
        self.send(holder, "confirm", [place], [b""])
        self.send(world.relayer, "payout", [place])
        self.send(world.deployer, "setBlocked", world.maker, False, to=world.quirky)
        self.send(world.relayer, "withdrawOwed", token, world.maker)
        self.desk("openHold", work.work_id)
        self.desk("holdAccount", place[0], 10**6)
        deal = world.funded(token=token, use=Use.PRIVATE)
        commit = world.commit_of(deal)
        world.commit(deal, commit)
        self.desk("releaseAccount", place[0], release(400_000, self.other.root, PPM))
        self.done.append((deal, commit, Use.PRIVATE))
        self.widen(len(self.done) - 1, Use.COMMERCIAL)
        kept, freed = (world.earn(self.other, 1000, content=content) for content in (900, 901))
        for contested in (kept, freed):
            self.desk("openHold", contested.work_id)
            self.desk("holdAccount", world.claim_of(contested, 0)[0], 10**6)
            earn_again(world, contested)
        self.desk("closeHold", freed.work_id)
        self.send(world.relayer, "setGuardian", world.maker, to=world.recovery)
        self.send(world.maker, "startRecovery", world.relayer, world.licensor, to=world.recovery)
        self.send(world.relayer, "cancelRecovery", to=world.recovery)
        self.send(holder, "setGuardian", world.maker, to=world.recovery)
        self.send(world.maker, "startRecovery", holder, world.relayer, to=world.recovery)
        self.send(world.operator, "requestWithdrawal", token, 5)
        world.chain.travel(world.chain.now + 31 * DAY)
        self.send(world.relayer, "recover", place, to=world.recovery)
        self.send(world.operator, "withdrawBond", token)

    def send(self, sender: str, name: str, *arguments: Any, value: int = 0, to: Contract | None = None) -> None:
        (to or self.world.escrow).send(sender, name, *arguments, value=value)

    def desk(self, name: str, *arguments: Any) -> None:
        self.send(self.world.desk_address, name, *arguments)

    def somebody(self) -> str:
        return self.dice.choice(self.people)

    def token(self) -> str:
        return self.dice.choice(self.tokens)

    def claimed(self) -> tuple[str, Any]:
        """A place of some account: its holder, and the claim."""
        beneficiary, split, _ = self.dice.choice(self.splits)
        leaf = self.dice.choice(split.leaves)
        return leaf.holder, claim(beneficiary, split, self.token(), leaf.index)

    def account(self) -> tuple[bytes, bytes, str]:
        beneficiary, split, _ = self.dice.choice(self.splits)
        return beneficiary, split.root, self.token()

    # Orders

    def fund(self) -> None:
        works = self.dice.sample(self.world.catalogue_works, self.dice.randrange(1, 4))
        works.sort(key=lambda work: work.work_id)
        use, duration = self.dice.choice(list(Use)), self.dice.randrange(1, 601)
        deal = self.world.deal(self.world.quote(works, self.token(), use=use, duration=duration))
        self.world.fund(deal)
        self.open.append(deal)

    def commit(self) -> None:
        deal = self.dice.choice(self.open or [self.world.deal(self.world.quote())])
        commit = self.world.commit_of(deal, self.dice.randrange(0, 400_001))
        self.world.commit(deal, commit)
        self.open.remove(deal)
        self.done.append((deal, commit, deal.quote.use))

    def refund(self) -> None:
        deal = self.dice.choice(self.open or [self.world.deal(self.world.quote())])
        if self.dice.random() < 0.5:
            self.world.chain.travel(max(self.world.chain.now, deal.quote.deadline))
        self.world.refund(deal)
        self.open.remove(deal)

    def widen(self, place: int | None = None, new: Use | None = None) -> None:
        place = self.dice.randrange(len(self.done)) if place is None else place
        deal, commit, use = self.done[place]
        new = self.dice.choice(list(Use)) if new is None else new
        words = [list(terms.to_words()) for terms in deal.terms]
        wider = [terms.price(new, deal.quote.token) for terms in deal.terms]
        now = [terms.price(use, deal.quote.token) for terms in deal.terms]
        paid = sum(raised(replace(deal.quote.rates, prices=tuple(now)), wider, commit.duration, commit.shares))
        arguments = deal.quote.to_abi(), deal.salt, commit.to_abi(), use, new, words
        self.send(self.world.relayer, "raiseUse", *arguments, value=paid if deal.quote.token == NATIVE else 0)
        self.done[place] = deal, commit, new

    def downstream(self) -> None:
        deal, commit, use = self.dice.choice(self.done)
        amount = self.dice.randrange(1, 10**9)
        value = amount if deal.quote.token == NATIVE else 0
        arguments = deal.quote.to_abi(), deal.salt, commit.to_abi(), use, amount
        self.send(self.world.relayer, "payDownstream", *arguments, value=value)

    def withdraw_owed(self) -> None:
        to = self.dice.choice([self.world.maker, self.somebody()])
        self.send(self.somebody(), "withdrawOwed", self.world.quirky.address, to)

    def block(self) -> None:
        """The quirky token refuses somebody from now on, or no longer."""
        who, blocked = self.dice.choice([self.world.maker, self.claimed()[0]]), self.dice.random() < 0.7
        self.send(self.world.deployer, "setBlocked", who, blocked, to=self.world.quirky)

    # Holders

    def claim(self) -> None:
        self.send(self.somebody(), "claim", self.claimed()[1])

    def own_claim(self) -> None:
        holder, claimed = self.claimed()
        self.send(holder, "claim", claimed)

    def payout(self) -> None:
        self.send(self.somebody(), "payout", [self.claimed()[1] for _ in range(12)])

    def confirm(self) -> None:
        for holder, claimed in [self.claimed() for _ in range(3)]:
            self.send(self.dice.choice([holder, holder, self.somebody()]), "confirm", [claimed], [b""])

    def threshold(self) -> None:
        self.send(self.somebody(), "setThreshold", self.token(), self.dice.choice([0, 10**6, 10**9]))

    def guardian(self) -> None:
        self.guarded = self.claimed()[0]
        self.send(self.guarded, "setGuardian", self.world.maker, to=self.world.recovery)

    def start(self) -> None:
        successor = self.dice.choice([*self.people, NATIVE])
        self.send(self.world.maker, "startRecovery", self.guarded, successor, to=self.world.recovery)

    def cancel(self) -> None:
        self.send(self.dice.choice([self.guarded, self.somebody()]), "cancelRecovery", to=self.world.recovery)

    def recover(self) -> None:
        self.world.chain.travel(self.world.chain.now + 10 * DAY)
        for holder, claimed in [self.claimed() for _ in range(20)]:
            if holder == self.guarded:
                self.send(self.somebody(), "recover", claimed, to=self.world.recovery)
                return

    def readdress(self) -> None:
        for beneficiary, split, licensor in self.splits:
            for leaf in split.leaves:
                claimed = claim(beneficiary, split, self.world.usd.address, leaf.index)
                try:
                    self.send(licensor, "startReaddressing", claimed, self.somebody(), to=self.world.recovery)
                except Reverted:
                    self.refused += 1

    def finish(self) -> None:
        if self.dice.random() < 0.3:
            self.world.chain.travel(self.world.chain.now + 100 * DAY)
        self.send(self.somebody(), "finishReaddressing", self.claimed()[1], to=self.world.recovery)

    # Operators

    def key(self) -> None:
        self.send(self.world.maker, "registerOperator", self.somebody(), digest(1))

    def deposit(self) -> None:
        token, amount = self.token(), self.dice.randrange(10**9)
        value = amount if token == NATIVE else 0
        self.send(self.world.maker, "depositBond", self.somebody(), token, amount, value=value)

    def ask(self) -> None:
        who = self.dice.choice([self.world.operator, self.somebody()])
        self.send(who, "requestWithdrawal", self.token(), self.dice.randrange(10**9))

    def withdraw(self) -> None:
        self.world.chain.travel(self.world.chain.now + self.dice.choice([0, 21 * DAY]))
        self.send(self.dice.choice([self.world.operator, self.somebody()]), "withdrawBond", self.token())

    def lock(self) -> None:
        who, amount = self.somebody(), self.dice.randrange(2 * 10**9)
        self.desk("lockBond", who, self.world.usd.address, amount)
        self.locks.append((who, amount))

    def unlock(self) -> None:
        who, amount = self.locks.pop() if self.locks else (self.somebody(), 1)
        self.desk("unlockBond", who, self.world.usd.address, amount)

    def pay_from_bond(self) -> None:
        deal, *_ = self.dice.choice([row for row in self.done if row[0].quote.token == self.world.usd.address])
        self.desk("lockBond", deal.quote.operator, deal.quote.token, 1000)
        amounts = [self.dice.randrange(100) for _ in deal.quote.sources]
        self.desk("payFromBond", deal.quote.to_abi(), 1000, amounts, self.dice.randrange(100))

    # Contests

    def contest(self) -> None:
        self.desk("openHold", self.dice.choice(self.splits)[0])

    def close(self) -> None:
        self.desk("closeHold", self.dice.choice(self.splits)[0])

    def hold(self) -> None:
        account, cap = self.account(), self.dice.randrange(10**8)
        self.desk("holdAccount", account, cap)
        self.caps.append((account, cap))

    def release(self) -> None:
        account, cap = self.caps.pop(self.dice.randrange(len(self.caps))) if self.caps else (self.account(), 1)
        self.desk("releaseAccount", account, release(cap, self.other.root, self.dice.choice([0, 333_333, PPM])))

    def pause(self) -> None:
        self.send(self.world.deployer, "pause")
        if self.dice.random() < 0.9:
            self.send(self.world.deployer, "unpause")


def told_by(*contracts: Contract) -> list[Event]:
    """Every event of the contracts since their deployment, oldest first."""
    chain = contracts[0].chain
    logs = [log for c in contracts for log in chain.logs(c.address)]
    events = chain.events({"logs": logs})
    assert len(events) == len(logs)  # each is known
    return events


def rebuilt(history: Iterable[Event]) -> Rebuilt:
    state = Rebuilt()
    for event in history:
        state.apply(event)
    return state


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_events_alone_tell_all_orders_money_and_holders(ruled: RuledWorld, seed: int) -> None:
    chance = Chance(ruled, seed)
    chance.play()
    history = told_by(ruled.escrow, ruled.recovery)
    state = rebuilt(history)
    expected = {deal.order_id for deal in chance.open} | {deal.order_id for deal, *_ in chance.done}
    assert expected <= set(state.orders)
    views = Views(ruled)
    assert state.differs(views, chance.people, chance.tokens) == []
    assert chance.refused > 0

    kinds = {event.name for event in history}
    abis = [*ruled.escrow.codec.abi, *ruled.recovery.codec.abi]
    assert kinds == {entry["name"] for entry in abis if entry["type"] == "event"} - NEVER
    for kind in sorted(kinds - NO_STATE):
        assert not tells_the_same(views, chance, history, kind), f"{kind} tells nothing"


def tells_the_same(views: Views, chance: Chance, history: list[Event], kind: str) -> bool:
    """Whether the history without one kind of event tells what the contracts say."""
    try:
        state = rebuilt(event for event in history if event.name != kind)
        return state.differs(views, chance.people, chance.tokens) == []
    except (KeyError, IndexError):
        return False
