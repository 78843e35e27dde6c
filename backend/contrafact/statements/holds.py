"""What contests hold of all royalty accounts, from events; the twin of `RoyaltyAccounts.sol`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from contrafact.domain.splits import held
from contrafact.statement_reads import Happening

NAMES = ("AccountOpened", "Credited", "HeldMoved", "HoldOpened", "HoldClosed", "HoldBonded", "AccountHeld")


Place = tuple[int, int]


@dataclass(slots=True)
class _Account:
    beneficiary: bytes
    token: str
    received: int = 0


@dataclass(slots=True)
class _Hold:
    """`began` is where the last hold began, which tells its epoch; one that ends says the same, and renews nothing."""

    began: Place
    start: int
    cap: int


@dataclass(slots=True)
class Holds:
    """Takes events in the chain's order."""

    _accounts: dict[bytes, _Account] = field(default_factory=dict)
    _holds: dict[bytes, _Hold] = field(default_factory=dict)
    _epochs: dict[bytes, list[tuple[Place, int]]] = field(default_factory=lambda: defaultdict(list))
    _open: dict[bytes, int] = field(default_factory=dict)
    _bonded: Place = (-1, -1)

    def take(self, event: Happening) -> None:
        a = event.arguments
        if event.name == "AccountOpened":
            self._accounts[a["accountId"]] = _Account(a["beneficiary"], a["token"])
        elif event.name == "Credited":
            self._accounts[a["accountId"]].received += a["amount"]
        elif event.name == "HeldMoved":
            self._accounts[a["fromAccount"]].received -= a["amount"]
            self._accounts[a["toAccount"]].received += a["amount"]
        elif event.name in ("HoldOpened", "HoldClosed"):
            self._contest(event)
        elif event.name == "HoldBonded":
            self._bonded = (event.block, event.index)
        elif event.name == "AccountHeld":
            self._hold(event)

    def by_token(self) -> Mapping[str, int]:
        """What nobody can draw now."""
        sums = Counter[str]()
        for account_id, hold in self._holds.items():
            account = self._accounts.get(account_id)
            if account and self._is_open(account.beneficiary, hold):
                sums[account.token] += held(account.received, hold.start, hold.cap)
        return sums

    def _is_open(self, beneficiary: bytes, hold: _Hold) -> bool:
        epochs = self._epochs[beneficiary]
        epoch = max((number for place, number in epochs if place < hold.began), default=0)
        return self._open.get(beneficiary, 0) > 0 and epoch == epochs[-1][1]

    def _contest(self, event: Happening) -> None:
        a = event.arguments
        self._open[a["beneficiary"]] = a["open"]
        if event.name == "HoldOpened":
            self._epochs[a["beneficiary"]].append(((event.block, event.index), a["epoch"]))

    def _hold(self, event: Happening) -> None:
        a, place = event.arguments, (event.block, event.index)
        begins = self._bonded == (event.block, event.index - 1)
        before = self._holds.get(a["accountId"])
        began = place if begins or before is None else before.began
        self._holds[a["accountId"]] = _Hold(began, a["from"], a["cap"])
