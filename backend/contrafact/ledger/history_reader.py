"""What happened on one deployment: its events as the domain's values, in the order of the chain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from web3.contract import Contract

from contrafact.domain import decoding
from contrafact.domain.history import (
    Anchored,
    BondMoved,
    Committed,
    Confirmed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Materialised,
    Paid,
    Raised,
    Refunded,
    RoyaltyAccount,
    Ruled,
    SplitVersion,
    TermsVersion,
)
from contrafact.domain.models import Model
from contrafact.domain.works import Work
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.log_ranges import LogRange
from contrafact.ledger.logs import Event, OneOf, events


class HistoryReader:
    """Reads events up to the end of `block`, or up to the newest block. `since` narrows a list to later blocks."""

    def __init__(
        self,
        connection: Connection,
        deployment: Deployment,
        *,
        block: int | None = None,
        log_range: LogRange | None = None,
    ) -> None:
        self.connection = connection
        self.deployment = deployment
        self.block = block
        self._log_range = log_range or connection.log_range
        self._contracts = Contracts(connection, deployment)

    def works(self, ids: Collection[bytes] | None = None) -> Sequence[Work]:
        """The registered works among `ids`, or all, each with the licensor, split and metadata in force."""
        return decoding.works(self._events(self._contracts.catalogue, *decoding.WORK_EVENTS, workId=ids))

    def split_history(self, ids: Collection[bytes] | None = None) -> Sequence[SplitVersion]:
        """All rights splits that the works `ids`, or all works, have had."""
        return decoding.splits(self._events(self._contracts.catalogue, *decoding.SPLIT_EVENTS, workId=ids))

    def licensor_changes(self, ids: Collection[bytes] | None = None) -> Sequence[tuple[bytes, str, int]]:
        """The licensors of the works `ids`, or of all, oldest first: (work id, licensor, block of the change)."""
        found = self._events(self._contracts.catalogue, "WorkRegistered", "LicensorTransferred", workId=ids)
        return [decoding.licensor_change(event) for event in found]

    def terms_history(self, ids: Collection[bytes] | None = None, since: int = 0) -> Sequence[TermsVersion]:
        """All versions of the terms that the works `ids`, or all works, have had."""
        found = self._events(self._contracts.catalogue, "TermsSet", since=since, workId=ids)
        return [decoding.terms_version(event) for event in found]

    def collections(self) -> Sequence[Anchored]:
        """All collections that were anchored, also those withdrawn since."""
        return decoding.collections(self._events(self._contracts.catalogue, *decoding.COLLECTION_EVENTS))

    def materialised(self) -> Sequence[Materialised]:
        """The works that were brought onto the chain from a collection."""
        found = self._events(self._contracts.catalogue, "WorkMaterialised")
        return [decoding.materialised(event) for event in found]

    def models(self) -> Sequence[Model]:
        return decoding.models(self._events(self._contracts.catalogue, *decoding.MODEL_EVENTS))

    def funded(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Funded]:
        return [decoding.funded(event) for event in self._orders("OrderFunded", order_id, since)]

    def committed(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Committed]:
        """The commits; how many works an order has, and its fee, are read from its funding."""
        quotes = {order.order_id: order.quote for order in self.funded(order_id)}
        found = self._orders("OrderCommitted", order_id, since)
        return [decoding.committed(event, quotes.get(event.arguments["orderId"])) for event in found]

    def refunded(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Refunded]:
        return [decoding.refunded(event) for event in self._orders("OrderRefunded", order_id, since)]

    def credited(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Credited]:
        """What orders earned for royalty accounts."""
        found = self._orders("Credited", order_id, since)
        accounts = self.accounts() if found else {}
        return [decoding.credited(event, accounts) for event in found]

    def raised(self, order_id: bytes | None = None, since: int = 0) -> Sequence[Raised]:
        """The finished orders that were raised to another use."""
        return [decoding.raised(event) for event in self._orders("OrderRaised", order_id, since)]

    def downstream(self, order_id: bytes | None = None, since: int = 0) -> Sequence[DownstreamPaid]:
        """The later revenue that was paid to orders."""
        return [decoding.downstream_paid(event) for event in self._orders("DownstreamPaid", order_id, since)]

    def bonds(self, since: int = 0) -> Sequence[BondMoved]:
        """What operators' bonds gained and lost, but for the penalties of refunds."""
        found = self._events(self._contracts.escrow, *decoding.BOND_EVENTS, since=since)
        return [decoding.bond_moved(event) for event in found]

    def challenged(self, since: int = 0) -> Sequence[tuple[bytes, str]]:
        """The challenges of commits that were opened, also those that are over: order and operator."""
        found = self._events(self._contracts.desk, "ChallengeOpened", since=since)
        return [(event.arguments["orderId"], event.arguments["operator"]) for event in found]

    def rulings(self, since: int = 0) -> Sequence[Ruled]:
        """The rulings on challenges of commits."""
        found = self._events(self._contracts.desk, "ChallengeRuled", since=since)
        return [decoding.ruled(event) for event in found]

    def fines(self, since: int = 0) -> Sequence[Fined]:
        """What works without consent cost operators' bonds."""
        found = self._events(self._contracts.desk, "ConsentFined", since=since)
        return [decoding.fined(event) for event in found]

    def paid(self, account: bytes | None = None, since: int = 0) -> Sequence[Paid]:
        """What reached holders."""
        found = self._events(self._contracts.escrow, "Paid", since=since, accountId=_only(account))
        accounts = self.accounts() if found else {}
        return [decoding.paid(event, accounts) for event in found]

    def accounts(self) -> Mapping[bytes, RoyaltyAccount]:
        """What each royalty account is for, by its id."""
        return dict(map(decoding.account, self._events(self._contracts.escrow, "AccountOpened")))

    def held_moved(self, since: int = 0) -> Sequence[HeldMoved]:
        """The held money that rulings moved."""
        found = self._events(self._contracts.escrow, "HeldMoved", since=since)
        return [decoding.held_moved(event) for event in found]

    def confirmed(self, account: bytes | None = None, since: int = 0) -> Sequence[Confirmed]:
        """The places that their holders confirmed."""
        found = self._events(self._contracts.escrow, "PlaceConfirmed", since=since, accountId=_only(account))
        return [decoding.confirmed(event) for event in found]

    def _orders(self, name: str, order_id: bytes | None, since: int) -> list[Event]:
        return self._events(self._contracts.escrow, name, since=since, orderId=_only(order_id))

    def _events(self, contract: Contract, *names: str, since: int = 0, **indexed: OneOf) -> list[Event]:
        first = max(since, self.deployment.block)
        last = self.connection.head() if self.block is None else self.block
        return events(self.connection, contract, names, first, last, self._log_range, **indexed)


def _only(value: bytes | None) -> OneOf:
    return None if value is None else [value]
