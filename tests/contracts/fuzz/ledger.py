"""The model's books: royalty accounts with what is held of them, operators' bonds, and what is owed.

Written from the ledger's rules, not from the contracts: an account keeps what is free and what is held apart, where the
contract keeps a snapshot and a cap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf, Split, account_id

UNCONFIRMED, CONFIRMED, READDRESSED = range(3)


@dataclass
class Place:
    """A place in an account; `payee` is paid instead of the `lost` holder."""

    drawn: int = 0
    status: int = UNCONFIRMED
    lost: str = ""
    payee: str = ""


@dataclass
class Account:
    """What a beneficiary has earned under one split in one token; `cap` is the sum of what contests may hold, `awarded`
    says whether a ruling has brought any of it, `since` by contest what has come in since it began to hold the account.
    """

    beneficiary: bytes
    split: Split
    token: str
    free: int = 0
    held: int = 0
    cap: int = 0
    awarded: bool = False
    since: dict[int, int] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=lambda: defaultdict(Place))

    @property
    def key(self) -> bytes:
        return account_id(self.beneficiary, self.split.root, self.token)

    @property
    def struct(self) -> tuple[bytes, bytes, str]:
        return self.beneficiary, self.split.root, self.token

    @property
    def sound(self) -> bool:
        """Whether the split's shares are the whole, so that its places can be proved."""
        return sum(leaf.share for leaf in self.split.leaves) == PPM

    @property
    def undrawn(self) -> int:
        return self.free + self.held - sum(place.drawn for place in self.places.values())

    def credit(self, amount: int) -> None:
        self.since = {contest: before + amount for contest, before in self.since.items()}
        taken = min(amount, self.cap - self.held)
        self.held += taken
        self.free += amount - taken

    def hold(self, contest: int, cap: int) -> None:
        """Holds more of what comes in from now on."""
        self.since.setdefault(contest, 0)
        self.cap += cap

    def release(self, contest: int, cap: int, ppm: int) -> int:
        """Ends a contest's part of the hold; what it is awarded leaves the account."""
        own = self.since.pop(contest)
        awarded = min(self.held, cap, own) * ppm // PPM
        self.held -= awarded
        self.cap -= cap
        self.since = {other: _left(since, own, awarded) for other, since in self.since.items()}
        beyond = max(0, self.held - min(self.cap, max(self.since.values(), default=0)))
        self.held -= beyond
        self.free += beyond
        return awarded

    def let_go(self) -> None:
        """The last contest is over."""
        self.free, self.held, self.cap = self.free + self.held, 0, 0

    def claimable(self, leaf: HolderLeaf) -> int:
        return max(0, self.free * leaf.share // PPM - self.places[leaf.index].drawn)

    def payee(self, leaf: HolderLeaf) -> str:
        place = self.places[leaf.index]
        return place.payee if place.status == READDRESSED and place.lost == leaf.holder else leaf.holder


def _left(since: int, own: int, awarded: int) -> int:
    """What is left of what came in since a contest began, once another, of what came in since it did, was awarded some:
    the oldest of it first."""
    return since - awarded if since >= own else min(since, own - awarded)


@dataclass
class Bond:
    """An operator's bond in one token: the whole, what covers open orders, what challenges ask for, what is leaving."""

    amount: int = 0
    covering: int = 0
    challenged: int = 0
    leaving: int = 0
    ready_at: int = 0

    @property
    def free(self) -> int:
        return max(0, self.amount - self.covering - self.challenged)

    def lock(self, amount: int) -> None:
        """For a challenge: what is not free comes from what is leaving, as far as that goes."""
        taken = min(max(0, amount - self.free), self.leaving)
        self.leaving -= taken
        self.amount += taken
        self.challenged += amount

    def pay(self, locked: int, paid: int) -> None:
        """Ends a challenge."""
        self.challenged -= locked
        self.amount -= paid

    def most(self, locked: int) -> int:
        """What a ruling can take."""
        return min(locked, self.amount - self.covering)


class Books:
    def __init__(self) -> None:
        self.accounts: dict[bytes, Account] = {}
        self.bonds: dict[tuple[str, str], Bond] = defaultdict(Bond)
        self.owed: dict[tuple[str, str, str], int] = defaultdict(int)  # by (contract, token, creditor)

    def account(self, beneficiary: bytes, split: Split, token: str) -> Account:
        key = account_id(beneficiary, split.root, token)
        if key not in self.accounts:
            self.accounts[key] = Account(beneficiary, split, token)
        return self.accounts[key]

    def of(self, beneficiary: bytes) -> Iterator[Account]:
        return (account for account in self.accounts.values() if account.beneficiary == beneficiary)
