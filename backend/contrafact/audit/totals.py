"""What is judged as a whole: accounts, bonds and tokens, as sums over all events, however many those are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contrafact.audit.order_events import Movement
from contrafact.domain.history import Paid
from contrafact.domain.terms import NATIVE


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """One royalty account: `credited` by orders, `moved` here by rulings less what they moved away, `got` by place.

    `split_root` is that of its rights split, None where no event and no order tells it.
    `paid` can be gone through more than once, and reads each payout when it comes to it. So can `movements`, which are
    all events of an account that was ever held, in the chain's order; of another one there are none.
    """

    account: bytes
    split_root: bytes | None = None
    credited: int = 0
    moved: int = 0
    got: Mapping[int, int] = field(default_factory=dict)
    paid: Iterable[Paid] = ()
    movements: Iterable[Movement] = ()
    token: str = NATIVE

    @property
    def income(self) -> int:
        """What orders credited, with what rulings moved here, less what they moved away."""
        return self.credited + self.moved

    @property
    def payouts(self) -> int:
        return sum(self.got.values())


@dataclass(frozen=True, slots=True)
class BondHistory:
    """An operator's bond in one token: what it gained and lost, the penalties of refunds, the escrow of open orders."""

    operator: str
    token: str
    moved: int
    penalties: int
    open: int


@dataclass(frozen=True, slots=True)
class TokenHistory:
    """All that happened in one token, in units.

    `funded` came in for orders, `raised` and `downstream` for finished ones; `settled_out` went to operators and makers
    at commits, `refunded` to makers; `credited` to royalty accounts, of it `paid` to holders; `bonds` is what bonds
    gained less what they lost but for `penalties`; `ruled` and `fined` went from bonds to accounts. `open` is the
    escrow of orders that the contract calls funded, `waiting` of those that no event ended. `pool_fines` is what
    models' pools were credited of fines.
    """

    token: str
    funded: int = 0
    raised: int = 0
    downstream: int = 0
    settled_out: int = 0
    refunded: int = 0
    penalties: int = 0
    credited: int = 0
    paid: int = 0
    bonds: int = 0
    ruled: int = 0
    fined: int = 0
    open: int = 0
    waiting: int = 0
    pool_fines: int = 0
