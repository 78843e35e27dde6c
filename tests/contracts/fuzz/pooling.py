"""Rules about the training pool: collecting, epochs, their claims, carrying."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from ..amounts import Amounts, Place
from ..disputes import REASONS
from ..world import DAY, digest
from .ledger import CONFIRMED
from .offers import parts
from .stage import Stage, needs, require

CLAIM_PERIOD = 730 * DAY
Key = tuple[bytes, str]  # model, token


@dataclass
class Epoch:
    tree: Amounts
    total: int
    left: int
    until: int
    claimed: set[int] = field(default_factory=set)
    carried: bool = False


@dataclass
class Pot:
    amount: int = 0
    drawn: int = 0  # from the escrow, as far as it is accounted for
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def all(self) -> int:
        return self.amount + sum(epoch.left for epoch in self.epochs)


class Pooling(Stage):
    def begin(self) -> None:
        super().begin()
        self.pots: dict[Key, Pot] = defaultdict(Pot)

    def look_back(self) -> None:
        super().look_back()
        for key in self.pots:
            self._check_pot(key)

    def _check_pot(self, key: Key) -> None:
        pot, get = self.pots[key], self.world.training.get
        told = tuple(get("potOf", *key)), [get("epochOf", *key, i)[2] for i, _ in enumerate(pot.epochs, 1)]
        expected = (pot.amount, len(pot.epochs)), [epoch.left for epoch in pot.epochs]
        require(told == expected, "a pot and its epochs have what is left", f"{told} {expected}")

    def accounted(self, token: str) -> int:
        return sum(pot.all for (_, pot_token), pot in self.pots.items() if pot_token == token)

    def collect(self, rng: Any) -> None:
        keys = [(model_id, token) for model_id in self.world.models for token in self.world.tokens]
        places = {key: self._pool_place(key) for key in keys}
        earning = [key for key, (account, leaf) in places.items() if account.claimable(leaf)]
        key = rng.choice(earning if earning and rng.random() < 0.9 else keys)
        self._collect(key)
        self._collect(key)
        if self.pots[key].amount:
            self._close_epoch(rng, key)
            self.claim_epoch(rng)

    def _pool_place(self, key: Key) -> tuple[Any, Any]:
        """The account of the training pool in the model's split, and its only leaf."""
        split = Split.of([(self.world.training.address, PPM)])
        return self.books.account(key[0], split, key[1]), split.leaves[0]

    def _collect(self, key: Key) -> None:
        (model_id, token), pot, pool = key, self.pots[key], self.world.training.address
        account, leaf = self._pool_place(key)
        place, claimable = account.places[0], account.claimable(leaf)
        fails = claimable and not self.money.lands(token, self.world.escrow.address, pool)
        fee = claimable // 100 if token == self.money.quirky and self.money.quirk.name == "TAKES_FEE" else 0
        here = self.money.balances[token, pool] + (claimable - fee) - self.accounted(token)
        amount = min(place.drawn + claimable - pot.drawn, here)
        reasons = {"Payments_TransferFailed"} if fails else set()
        reasons |= set() if amount else {"TrainingPool_NothingToCollect"}
        if self.attempt(reasons, self.world.thief, self.world.training, "collect", model_id, token):
            if claimable:
                place.status, place.drawn = CONFIRMED, place.drawn + claimable
                self.money.push(token, self.world.escrow.address, pool, claimable)
                self.changed.add(account.key)
            pot.drawn = place.drawn
            pot.amount += amount

    def _close_epoch(self, rng: Any, key: Key) -> None:
        """Of all that is in the pot, or of a part; mostly with a tree of exactly that."""
        pot = self.pots[key]
        total = rng.choice((pot.amount, pot.amount, max(1, pot.amount // 2)))
        tree = self._tree(rng, total)
        arguments = (*key, tree.root, total, REASONS)
        self.refused("TrainingPool_NotRegistrant", self.world.rogue, self.world.training, "closeEpoch", *arguments)
        self.attempt((), self.world.operator, self.world.training, "closeEpoch", *arguments)
        pot.epochs.append(Epoch(tree, total, total, self.world.chain.now + CLAIM_PERIOD))
        pot.amount -= total
        for more in (0, pot.amount + 1):
            arguments = (*key, tree.root, more, REASONS)
            self.refused("TrainingPool_NotInPot", self.world.operator, self.world.training, "closeEpoch", *arguments)

    def _tree(self, rng: Any, total: int) -> Amounts:
        """An honest one, one of more or less than the total, or one with two holders in one place."""
        holders = (self.world.rogue, self.world.doll.address, self.world.holders[0], self.world.holders[1])
        shares = parts(rng, 4, PPM, least=1)
        amounts = [total * share // PPM for share in shares[1:]]
        honest = [(total - sum(amounts)), *amounts]
        kind = rng.choice(("honest",) * 6 + ("fat", "lean", "twin"))
        honest[0] += {"fat": rng.choice((1, total)), "lean": -min(1, honest[0])}.get(kind, 0)
        leaves = [Place(i, who, amount) for i, (who, amount) in enumerate(zip(holders, honest, strict=True))]
        if kind == "twin":
            leaves[1] = Place(0, leaves[1].holder, leaves[1].amount)
        return Amounts(tuple(leaves))

    @needs(lambda self: any(pot.epochs for pot in self.pots.values()))
    def claim_epoch(self, rng: Any) -> None:
        key = rng.choice([key for key, pot in self.pots.items() if pot.epochs])
        number = max(rng.randrange(len(self.pots[key].epochs)) for _ in range(2))
        tree = self.pots[key].epochs[number].tree
        at = rng.randrange(len(tree.leaves))
        for place in (at, at, *range(len(tree.leaves))):
            self._claim_epoch(key, number, place, rng.choice(("claimEpoch", "claimEpochs")))
        self._forge_epoch(rng, key, number, at)
        if rng.random() < 0.2:
            self._carry(rng, key, number)

    def _claim_epoch(self, key: Key, number: int, at: int, name: str) -> None:
        epoch = self.pots[key].epochs[number]
        leaf, token = epoch.tree.leaves[at], key[1]
        paid = leaf.index in epoch.claimed
        checks = {
            "TrainingPool_NoEpoch": epoch.carried,
            "TrainingPool_InvalidProof": epoch.tree.total != epoch.total,
            "TrainingPool_AlreadyClaimed": paid,
            "TrainingPool_NothingToClaim": not leaf.amount,
            "Payments_TransferFailed": not self.money.lands(token, self.world.training.address, leaf.holder),
        }
        batch = name == "claimEpochs"
        reasons = {reason for reason, applies in checks.items() if applies} if not (batch and paid) else set()
        claim = (*key, number + 1, leaf.to_abi(), epoch.tree.proof(at))
        arguments: tuple[Any, ...] = ([claim, claim],) if batch else claim
        if self.attempt(reasons, self.world.thief, self.world.training, name, *arguments) and not paid:
            epoch.claimed.add(leaf.index)
            epoch.left -= leaf.amount
            self.money.push(token, self.world.training.address, leaf.holder, leaf.amount)

    def _forge_epoch(self, rng: Any, key: Key, number: int, at: int) -> None:
        epoch = self.pots[key].epochs[number]
        index, holder, amount = epoch.tree.leaves[at].to_abi()
        steps = epoch.tree.proof(at)
        forged = rng.choice(
            ((index + 7, self.world.thief, amount), (index + 7, holder, amount + 1), (index + 7, holder, amount))
        )
        reason = "TrainingPool_NoEpoch" if epoch.carried else "TrainingPool_InvalidProof"
        thief, pool = self.world.thief, self.world.training
        self.refused(reason, thief, pool, "claimEpoch", *key, number + 1, forged, steps)
        self.refused("TrainingPool_NoEpoch", thief, pool, "claimEpoch", *key, 99, forged, [*steps, (digest(1), 0)])

    def _carry(self, rng: Any, key: Key, number: int) -> None:
        pot = self.pots[key]
        epoch = pot.epochs[number]
        if rng.random() < 0.5:
            self.world.chain.travel(max(self.world.chain.now, epoch.until + rng.choice((0, 1))))
        for _ in range(2):
            reasons = {"TrainingPool_NoEpoch"} if epoch.carried else set()
            if self.world.chain.now <= epoch.until:
                reasons.add("TrainingPool_TooEarly")
            if self.attempt(reasons, self.world.thief, self.world.training, "carry", *key, number + 1):
                pot.amount += epoch.left
                epoch.left, epoch.carried = 0, True
        self._check_pot(key)
