"""The machine that all rules are added to: contracts and model side by side, and what must hold after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from eth_utils import keccak, to_bytes
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from contrafact.domain.commits import Commit
from contrafact.domain.prices import Use
from contrafact.domain.splits import HolderLeaf, Split

from ..chain import NATIVE, Contract, Receipt, Reverted
from ..hostile import Reaction, react
from ..world import Deal, claim
from .ledger import READDRESSED, Account, Bond, Books
from .money import ANY
from .people import FuzzWorld, world_with

FUNDED, COMMITTED, REFUNDED = 1, 2, 3
CALLS: Counter[tuple[str, str]] = Counter()  # of this session, by function and what became of them


class Violation(AssertionError):
    """A rule of the ledger does not hold."""

    def __init__(self, rule: str, details: object) -> None:
        super().__init__(f"{rule}: {details}")
        self.rule = rule


def require(holds: bool, rule: str, details: object = "") -> None:
    if not holds:
        raise Violation(rule, details)


@dataclass
class Row:
    """What an order pays one of its sources."""

    account: Account
    price: int
    downstream: int
    through: int
    prices: tuple[int, ...]
    uses: frozenset[Use]


@dataclass
class Challenge:
    """`joined` are those after the first whose bond is still at the desk; there is no `outcome` while it is open."""

    first: str
    until: int
    joined: list[str] = field(default_factory=list)
    outcome: str = ""


@dataclass
class Order:
    deal: Deal
    escrow: int
    rows: list[Row]
    pool: Account
    use: Use
    status: int = FUNDED
    commit: Commit | None = None
    challenges: list[Challenge] = field(default_factory=list)

    @property
    def token(self) -> str:
        return self.deal.quote.token

    @property
    def operator(self) -> str:
        return self.deal.quote.operator

    @property
    def challenged(self) -> Challenge | None:
        """The challenge that waits for a ruling."""
        return self.challenges[-1] if self.challenges and not self.challenges[-1].outcome else None

    def share(self, place: int) -> int:
        assert self.commit
        through = self.rows[place].through
        return self.commit.shares[through - 1 if through else place]


Codes = tuple[tuple[str, str], ...]  # pairs of a contract's name and another code for it
Action = Callable[[Any, Any], None]


def needs(condition: Callable[[Any], object]) -> Callable[[Action], Action]:
    """An action that does nothing where the machine is not in this condition."""

    def wrap(action: Action) -> Action:
        def act(self: Any, rng: Any) -> None:
            if condition(self):
                action(self, rng)

        return act

    return wrap


class Stage(RuleBasedStateMachine):
    codes: Codes = ()
    reasons_matter = True  # whether what is refused has to be refused for the reason that the model knows

    @initialize()
    def start(self) -> None:
        self.world: FuzzWorld = world_with(self.codes)
        self.undone = ExitStack()
        self.undone.enter_context(self.world.chain.undone())
        self.money = self.world.purse()
        self.books = Books()
        self.rights = self.world.rights()
        self.orders: list[Order] = []
        self.paused = False
        self.changed: set[bytes] = set()  # accounts that the last step touched
        self.bonded: set[tuple[str, str]] = set()
        self.thresholds: Counter[tuple[str, str]] = Counter()
        self.desk_bonds: Counter[str] = Counter()  # by token
        self.gifts: Counter[tuple[str, str]] = Counter()  # by token and contract
        self._read_bonds()
        self.begin()

    def begin(self) -> None:
        """What the parts of the machine begin with."""

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            with self.undone:
                self.look_back()

    # Calls

    def attempt(
        self, reasons: Iterable[str], sender: str, target: Contract, name: str, *arguments: Any, value: int = 0
    ) -> Receipt | None:
        """Sends it, or, where there are reasons against it, checks that it is refused for one of them.

        Returns the receipt where it was sent.
        """
        origin, to, data = self.world.perform(sender, target, name, arguments)
        return self.run(set(reasons), name, origin, to, data, value)

    def run(self, reasons: set[str], name: str, origin: str, to: str, data: Any, value: int) -> Receipt | None:
        """The same of what is encoded already."""
        chain = self.world.chain
        if not reasons:
            CALLS[name, "done"] += 1
            try:
                return chain.transact(origin, to, data, value)
            except Reverted as revert:
                raise Violation("what is allowed is done", f"{name} was refused, {revert}") from None
        try:
            chain.call(origin, to, data, value)
        except Reverted as revert:
            CALLS[name, revert.name] += 1
            known = ANY in reasons or revert.name in reasons or not self.reasons_matter
            require(known, "a refusal says why", f"{name} by {revert}, not {reasons}")
            return None
        raise Violation("what is forbidden is refused", f"{name} in spite of {sorted(reasons)}")

    def refused(
        self, reason: str, sender: str, target: Contract, name: str, *arguments: Any, late: bool = False
    ) -> None:
        """What nobody may do; `late`: nor is there time for it any more."""
        reasons = {reason, "DisputeDesk_RulingTimeOver"} if late else {reason}
        self.attempt(reasons, sender, target, name, *arguments)

    def pays(self, sender: str) -> str:
        """Whose coin is sent: accounts with code are told what to do by somebody who pays."""
        return self.world.thief if sender in self.world.dolls else sender

    # The model's steps

    def credit(self, beneficiary: bytes, split: Split, token: str, amount: int) -> None:
        if amount:
            account = self.books.account(beneficiary, split, token)
            account.credit(amount)
            self.changed.add(account.key)

    def push(self, contract: str, token: str, to: str, amount: int) -> None:
        """What a contract sends, or owes where that fails."""
        if amount and not self.money.push(token, contract, to, amount):
            self.books.owed[contract, token, to] += amount

    def take(self, token: str, payer: str, contract: str, amount: int) -> None:
        """What a contract collects; coin comes from whoever sends the transaction."""
        source = self.pays(payer) if token == NATIVE else payer
        self.money.move(token, source, contract, amount)

    def bond(self, operator: str, token: str) -> Bond:
        self.bonded.add((operator, token))
        return self.books.bonds[operator, token]

    def _read_bonds(self) -> None:
        for who in self.world.operators:
            for token in self.world.tokens:
                amount, covering = self.world.escrow.get("bondOf", who, token)
                self.books.bonds[who, token] = Bond(amount, covering)

    # What always holds

    @invariant()
    def all_rules_hold(self) -> None:
        if hasattr(self, "undone"):
            self._everybody_has_what_is_theirs()
            self._contracts_hold_what_they_owe()
            self._contracts_say_what_the_model_says()

    def look_back(self) -> None:
        """The same of all accounts and bonds, and of all versions of terms, at the end."""
        self.changed |= set(self.books.accounts)
        self.bonded |= set(self.books.bonds)
        self._contracts_say_what_the_model_says()
        self._every_version_can_be_proved()

    def _everybody_has_what_is_theirs(self) -> None:
        for (token, who), expected in self.money.balances.items():
            actual = self._balance(token, who)
            name = next(name for name, address in self.world.cast.items() if address == who)
            require(actual == expected, "nobody's money moves but by the rules", f"{name} {actual - expected:+d}")

    def _contracts_hold_what_they_owe(self) -> None:
        for token in self.world.tokens:
            open_ = sum(order.escrow for order in self.orders if order.status == FUNDED and order.token == token)
            undrawn = sum(account.undrawn for account in self.books.accounts.values() if account.token == token)
            bonds = sum(b.amount + b.leaving for (_, bond_token), b in self.books.bonds.items() if bond_token == token)
            escrow, desk, pool = (c.address for c in (self.world.escrow, self.world.desk, self.world.training))
            debts = {
                c: sum(n for (of, t, _), n in self.books.owed.items() if (of, t) == (c, token)) for c in (escrow, desk)
            }
            due = {escrow: open_ + undrawn + bonds + debts[escrow], desk: self.desk_bonds[token] + debts[desk]}
            for contract, amount in due.items():
                has = self._balance(token, contract) - self.gifts[token, contract]
                require(has == amount, "contracts hold what they owe, to the unit", f"{has} {amount}")
            require(self._balance(token, pool) >= self.accounted(token), "the pool has what it shares out", token)

    def accounted(self, token: str) -> int:
        """What the training pool has in pots and epochs."""
        return 0

    def _contracts_say_what_the_model_says(self) -> None:
        for key in sorted(self.changed):
            self._check_account(self.books.accounts[key])
        for operator, token in sorted(self.bonded):
            self._check_bond(operator, token)
        self.changed.clear()
        self.bonded.clear()
        for order in self.orders[-2:]:
            status = self.world.escrow.get("statusOf", order.deal.order_id)
            require(status == order.status, "an order is settled once, one way", f"{status} {order.status}")

    def _check_account(self, account: Account) -> None:
        escrow, key = self.world.escrow, account.key
        require(escrow.get("received", key) == account.free + account.held, "accounts have what came in", account)
        require(escrow.get("heldOf", account.struct) == account.held, "contested money waits", account)
        require(escrow.get("isAwarded", key) == account.awarded, "what was awarded is known", account)
        for index, place in account.places.items():
            drawn, status = escrow.get("placeOf", key, index)
            require((drawn, status) == (place.drawn, place.status), "places are as drawn and confirmed", place)
            if status == READDRESSED:
                require(escrow.get("payeeOf", key, index) == place.payee.lower(), "a place has one payee", place)

    def _check_bond(self, operator: str, token: str) -> None:
        bond = self.books.bonds[operator, token]
        amount, locked = self.world.escrow.get("bondOf", operator, token)
        leaving, _ = self.world.escrow.get("withdrawalOf", operator, token)
        given, expected = (amount, locked, leaving), (bond.amount, bond.covering + bond.challenged, bond.leaving)
        require(given == expected, "bonds lock what is at stake", f"{given} {expected}")
        require(amount >= bond.covering, "a bond covers its operator's open orders", bond)

    def _every_version_can_be_proved(self) -> None:
        for work in self.rights.works.values():
            stored = [self.world.catalogue.get("licenceOf", work.work_id, v + 1) for v in range(work.version)]
            require(stored == work.licences, "every version can be proved", work.work_id.hex())

    def _balance(self, token: str, who: str) -> int:
        return self.world.chain.balance(who) if token == NATIVE else self.world.chain.slot(token, _balance_slot(who))

    # Choices

    def claim_of(self, account: Account, place: int) -> tuple[Any, ...]:
        return claim(account.beneficiary, account.split, account.token, place)

    def place(self, rng: Any, accounts: Sequence[Account] = ()) -> tuple[Account, int, HolderLeaf]:
        """Some holder's place, of these accounts if any are given: account, where it stands in the split, leaf."""
        account = rng.choice(accounts or list(self.books.accounts.values()))
        at = rng.randrange(len(account.split.leaves))
        return account, at, account.split.leaves[at]

    def tell(self, doll: str, reaction: Reaction) -> None:
        """From now on an account with code reacts so to money."""
        react(self.world, self.world.dolls[doll], reaction)
        self.money.dolls[doll] = reaction


@lru_cache(maxsize=64)
def _balance_slot(who: str) -> int:
    """Where OpenZeppelin's ERC20 keeps a balance: the mapping in slot 0."""
    return int.from_bytes(keccak(to_bytes(hexstr=who).rjust(32, b"\0") + bytes(32)), "big")
