"""All money of the ledger in sums: what came in, where it went, whose it is. It takes events as they come.

Every unit is somewhere: `came_in` is what makers paid and what was paid later (wider uses, later revenue, fines), and
the sum of what works and pools were credited, operators earned, makers got back, and what waits in escrow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contrafact.domain import decoding
from contrafact.domain.history import RoyaltyAccount
from contrafact.domain.orders import Quote
from contrafact.statement_reads import Happening


@dataclass(slots=True)
class TokenSums:
    """Units of one token: paid in by makers, given back to them, and what left royalty accounts for wallets.

    `fees` are those of operators by address; `from_commits` is what commits left for works and pools.
    """

    token: str
    paid_in: int = 0
    back: int = 0
    waiting: int = 0
    from_commits: int = 0
    drawn: int = 0
    claimed: int = 0
    fees: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class OperatorSums:
    """What an operator did: orders by what became of them, and its bond by token, in units."""

    operator: str
    paid: int = 0
    delivered: int = 0
    refunded: int = 0
    bonds: Counter[str] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        return self.paid - self.delivered - self.refunded


@dataclass(slots=True)
class Figures:
    """The sums up to the events that it was given, which come in the chain's order."""

    tokens: dict[str, TokenSums] = field(default_factory=dict)
    operators: dict[str, OperatorSums] = field(default_factory=dict)
    accounts: dict[bytes, RoyaltyAccount] = field(default_factory=dict)
    received: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    """What each royalty account was credited, with what rulings moved to it or away."""
    models: set[bytes] = field(default_factory=set)
    challenged: set[bytes] = field(default_factory=set)
    """Orders whose commit was ever challenged."""
    _open: dict[bytes, tuple[Quote, int]] = field(default_factory=dict)

    def take(self, event: Happening) -> None:
        """Adds an event."""
        if event.name in _TAKEN:
            _TAKEN[event.name](self, event)

    def beneficiaries(self, token: str) -> Counter[bytes]:
        """What each work and each model's pool was credited in a token."""
        found: Counter[bytes] = Counter()
        for account, units in self.received.items():
            if self.accounts[account].token == token:
                found[self.accounts[account].beneficiary] += units
        return found

    def to_works(self, token: str) -> int:
        return sum(units for who, units in self.beneficiaries(token).items() if who not in self.models)

    def to_pools(self, token: str) -> int:
        return sum(units for who, units in self.beneficiaries(token).items() if who in self.models)

    def later(self, token: str) -> int:
        """What works and pools were credited beside commits: for wider uses, later revenue, fines and challenges."""
        return self.to_works(token) + self.to_pools(token) - self.of(token).from_commits

    def came_in(self, token: str) -> int:
        return self.of(token).paid_in + self.later(token)

    def earned(self, beneficiary: bytes) -> dict[str, int]:
        """What a work or a model's pool was credited, by token."""
        found: Counter[str] = Counter()
        for account, of in self.accounts.items():
            if of.beneficiary == beneficiary:
                found[of.token] += self.received[account]
        return dict(found)

    def of(self, token: str) -> TokenSums:
        return self.tokens.setdefault(token, TokenSums(token))

    def operator(self, address: str) -> OperatorSums:
        return self.operators.setdefault(address, OperatorSums(address))

    def _registered(self, event: Happening) -> None:
        self.models.add(event.arguments["modelId"])

    def _opened(self, event: Happening) -> None:
        account, of = decoding.account(event)
        self.accounts[account] = of

    def _credited(self, event: Happening) -> None:
        self.received[event.arguments["accountId"]] += event.arguments["amount"]

    def _moved(self, event: Happening) -> None:
        moved = decoding.held_moved(event)
        self.received[moved.account] -= moved.amount
        self.received[moved.to] += moved.amount

    def _funded(self, event: Happening) -> None:
        funded = decoding.funded(event)
        sums = self.of(funded.quote.token)
        sums.paid_in += funded.escrowed
        sums.waiting += funded.escrowed
        self._open[funded.order_id] = funded.quote, funded.escrowed
        self.operator(funded.quote.operator).paid += 1

    def _committed(self, event: Happening) -> None:
        quote, escrowed = self._open.pop(event.arguments["orderId"])
        commit, sums = decoding.committed(event, quote), self.of(quote.token)
        sums.waiting -= escrowed
        sums.back += commit.refunded
        sums.fees[quote.operator] += commit.operator_fee
        sums.from_commits += escrowed - commit.refunded - commit.operator_fee
        self.operator(quote.operator).delivered += 1

    def _refunded(self, event: Happening) -> None:
        quote, escrowed = self._open.pop(event.arguments["orderId"])
        sums = self.of(quote.token)
        sums.waiting -= escrowed
        sums.back += event.arguments["amount"]
        self.operator(quote.operator).refunded += 1
        self.operator(quote.operator).bonds[quote.token] -= event.arguments["penalty"]

    def _paid(self, event: Happening) -> None:
        """What a pool's account pays to the contract of the pools is still the pool's."""
        of = self.accounts[event.arguments["accountId"]]
        if of.beneficiary not in self.models:
            self.of(of.token).drawn += event.arguments["amount"]

    def _claimed(self, event: Happening) -> None:
        self.of(event.arguments["token"]).claimed += event.arguments["amount"]

    def _challenged(self, event: Happening) -> None:
        self.challenged.add(event.arguments["orderId"])

    def _bond(self, event: Happening) -> None:
        moved = decoding.bond_moved(event)
        self.operator(moved.operator).bonds[moved.token] += moved.amount


_TAKEN: Mapping[str, Callable[[Figures, Happening], None]] = {
    "ModelRegistered": Figures._registered,
    "AccountOpened": Figures._opened,
    "Credited": Figures._credited,
    "HeldMoved": Figures._moved,
    "OrderFunded": Figures._funded,
    "OrderCommitted": Figures._committed,
    "OrderRefunded": Figures._refunded,
    "Paid": Figures._paid,
    "EpochClaimed": Figures._claimed,
    "ChallengeOpened": Figures._challenged,
    **dict.fromkeys(decoding.BOND_EVENTS, Figures._bond),
}
NAMES = tuple(_TAKEN)
"""The events that are told here."""
