"""The port through which the service reads what is indexed: rows as people ask for them, a page at a time.

Money is whole units of a token. `confirmed` says of every row that its block has the network's confirmations; only
then is money shown as final. What a document in the content store says (title, credits, holders) is None or empty while
it was not fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from contrafact.domain.history import Claim, SplitVersion, TermsVersion
from contrafact.domain.models import Model
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.reasons import Reason
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, Use
from contrafact.ports import OrderStatus, PlaceStatus

T = TypeVar("T")
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` rows (1 to `MAX_PAGE`) after the row that the opaque cursor `after` names."""

    limit: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Rows in a stated order that further rows do not disturb; `following` is the next page's cursor, None at the
    end.
    """

    rows: tuple[T, ...]
    following: str | None = None


def walked(read: Callable[[Page], Listing[T]]) -> Iterator[T]:
    """Every row of a listing, page by page."""
    after: str | None = None
    while True:
        found = read(Page(MAX_PAGE, after))
        yield from found.rows
        if (after := found.following) is None:
            return


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index is: its newest block, the chain's head as last seen, and the newest confirmed block."""

    block: int
    block_hash: bytes
    block_time: int
    head: int
    confirmed: int
    events: int
    undescribed: int
    """Works whose document could not be had yet."""

    @property
    def lag(self) -> int:
        """Blocks behind the head."""
        return max(0, self.head - self.block)


@dataclass(frozen=True, slots=True)
class WorkQuery:
    """What is searched for; None matches everything. `text` is looked up in title, credits, collection and reference.

    `max_price` (units of `token`, per started 30 s) and `use` are held against the terms in force; `key` is a pitch
    class name with mode (`D dorian`), or one of the two, `metres` as `6/8`, of which any will do. `party` is the
    licensor or a holder of the present split. `available` leaves out works that no order can use now, `combinable`
    those that their terms keep apart from other licensors' works, but for works of the licensor `beside`.
    """

    text: str | None = None
    use: Use | None = None
    token: str | None = None
    max_price: int | None = None
    metres: tuple[str, ...] = ()
    key: str | None = None
    collection: str | None = None
    holder: str | None = None
    licensor: str | None = None
    available: bool = False
    party: str | None = None
    combinable: bool = False
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work as it stands: `current` is the version of terms in force, `registered_at` in seconds since the epoch."""

    work_id: bytes
    licensor: str
    content: bytes
    source_form: bytes
    metadata: bytes
    split_root: bytes
    recording_of: bytes | None
    contested: bool
    barred: bool
    block: int
    registered_at: int
    confirmed: bool
    current: TermsVersion | None
    title: str | None = None
    credits: tuple[str, ...] = ()
    collection: str = ""
    catalogue_id: str = ""
    media_type: str = ""
    metre: str | None = None
    key: str | None = None
    split: Split | None = None

    @property
    def terms(self) -> Terms:
        """Those in force; before there are any, nothing is permitted."""
        return self.current.terms if self.current else Terms.opted_out()


@dataclass(frozen=True, slots=True)
class CreditRow:
    """What an order brought to one beneficiary (a work or a model's pool), in units of the order's token.

    The account had received `before` when the first of it came.
    """

    account: bytes
    beneficiary: bytes
    before: int
    amount: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the chain knows it. Times are those of blocks, in seconds; transactions `0x…`."""

    order_id: bytes
    quote: Quote
    maker_salt: bytes
    escrowed: int
    status: OrderStatus
    funded_at: int
    funded_in: str
    block: int
    confirmed: bool
    """Whether the newest of its events is."""
    commit: Commit | None = None
    closed_at: int | None = None
    closed_in: str | None = None
    refunded: int = 0
    penalty: int = 0
    credits: tuple[CreditRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Which orders, newest first; None matches everything."""

    maker: str | None = None
    operator: str | None = None
    work_id: bytes | None = None
    status: OrderStatus | None = None


def kind_of(reason: Reason, use: Use | None) -> str:
    """What a credit is told to be for: a use's name, or what else brought it."""
    is_use = use is not None and reason in (Reason.SETTLEMENT, Reason.RAISE)
    return use.name.lower() if is_use and use is not None else reason.value


@dataclass(frozen=True, slots=True)
class EarningRow:
    """A line of a holder's earnings: what one order brought to a royalty account, and the holder's part of it.

    `amount` came to the account; `due` is the holder's part, floor(received so far × ppm / 10⁶) less the same before,
    so that lines sum to what can be drawn in all. `use` is the order's, or where `reason` is RAISE the one that it was
    raised to.
    """

    account: bytes
    beneficiary: bytes
    order_id: bytes
    token: str
    use: Use | None
    operator: str | None
    amount: int
    ppm: int
    due: int
    block: int
    at: int
    transaction: str
    confirmed: bool
    reason: Reason = Reason.SETTLEMENT

    @property
    def kind(self) -> str:
        """What for: the use, or `revenue`, `challenge`, `fine`, `ruling`."""
        return kind_of(self.reason, self.use)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A holder's place in a royalty account: what it earned, what was drawn, what is held, what can be had now."""

    account: bytes
    beneficiary: bytes
    split_root: bytes
    token: str
    index: int
    ppm: int
    earned: int
    drawn: int
    held: int
    claimable: int
    status: PlaceStatus


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that reached a wallet, `payee`. `own`: from a place of the holder who was asked about."""

    account: bytes
    beneficiary: bytes
    token: str
    amount: int
    block: int
    at: int
    transaction: str
    confirmed: bool
    payee: str = ""
    own: bool = True


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A model's training pool in one token: what it was credited, what epochs took, and what is left in its pot."""

    model_id: bytes
    token: str
    credited: int
    closed: int
    claimed: int
    epochs: int = 0


@dataclass(frozen=True, slots=True)
class ModelRow:
    model: Model
    confirmed: bool
    name: str | None = None
    training_works: int | None = None
    pools: tuple[PoolRow, ...] = field(default=())


class ReadModel(Protocol):
    """Reads of one index. `work`, `order` and `model` raise NotFound; pages raise InvalidInput for a wrong cursor."""

    def status(self) -> IndexStatus: ...
    def works(self, query: WorkQuery, page: Page) -> Listing[WorkRow]: ...
    def work(self, work_id: bytes) -> WorkRow: ...
    def terms_history(self, work_id: bytes) -> Sequence[TermsVersion]: ...
    def split_history(self, work_id: bytes) -> Sequence[SplitVersion]: ...
    def orders(self, query: OrderQuery, page: Page) -> Listing[OrderRow]: ...
    def order(self, order_id: bytes) -> OrderRow: ...
    def order_of_record(self, record: bytes) -> OrderRow: ...
    def open_orders(self, operator: str) -> Sequence[OrderRow]: ...
    def earnings(
        self, holder: str, page: Page, since: int = 0, until: int | None = None, work: bytes | None = None
    ) -> Listing[EarningRow]: ...
    def places(self, accounts: Sequence[bytes]) -> Mapping[tuple[bytes, int], PlaceStatus]:
        """Places of royalty accounts, by account and index, that were confirmed or readdressed; no others."""

    def balances(self, holder: str, until: int | None = None) -> Sequence[BalanceRow]: ...
    def unpaid(self, operator: str) -> Sequence[Claim]:
        """Claims on the works of an operator's orders that are confirmed and have money, be it held."""

    def payments(self, holder: str, page: Page) -> Listing[PaymentRow]: ...
    def models(self) -> Sequence[ModelRow]: ...
    def model(self, model_id: bytes) -> ModelRow: ...
