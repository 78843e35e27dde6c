"""The read model over one database: implements the ports ReadModel, StatementReads and ExplorerReads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrafact.domain.history import Claim, SplitVersion, TermsVersion
from contrafact.domain.splits import Split
from contrafact.errors import NotFound
from contrafact.explorer_reads import Counts, Named
from contrafact.ports import PlaceStatus
from contrafact.read_model import (
    BalanceRow,
    EarningRow,
    IndexStatus,
    Listing,
    ModelRow,
    OrderQuery,
    OrderRow,
    Page,
    PaymentRow,
    WorkQuery,
    WorkRow,
)
from contrafact.statement_reads import By, ContestQuery, ContestRow, EarningSum, Happening, Point
from contrafact.store import (
    contest_reads,
    cursor,
    earning_reads,
    earning_sums,
    explorer_reads,
    model_reads,
    order_reads,
    statement_reads,
    unpaid_reads,
    work_reads,
)
from contrafact.store.cursor import Cursor
from contrafact.store.database import Database
from contrafact.store.earning_reads import EarningQuery
from contrafact.store.tables import works


class IndexedReadModel:
    """Reads what an indexer has written to the database, each time one state of it. Thread-safe.

    Raises NotFound while nothing is indexed, InvalidInput for a wrong cursor, page or address, and DatabaseError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def status(self) -> IndexStatus:
        with self._at() as (session, at):
            undescribed = session.execute(select(func.count()).where(works.c.title.is_(None))).scalar_one()
            place = (at.block, at.hash, at.timestamp, at.head, at.confirmed)
            return IndexStatus(*place, at.events, undescribed)

    def works(self, query: WorkQuery, page: Page) -> Listing[WorkRow]:
        with self._at() as (session, at):
            return work_reads.find(session, at, query, page)

    def work(self, work_id: bytes) -> WorkRow:
        with self._at() as (session, at):
            return work_reads.get(session, at, work_id)

    def terms_history(self, work_id: bytes) -> Sequence[TermsVersion]:
        with self._at() as (session, _):
            return work_reads.terms(session, work_id)

    def split_history(self, work_id: bytes) -> Sequence[SplitVersion]:
        with self._at() as (session, _):
            return work_reads.splits(session, work_id)

    def orders(self, query: OrderQuery, page: Page) -> Listing[OrderRow]:
        with self._at() as (session, at):
            return order_reads.find(session, at, query, page)

    def order(self, order_id: bytes) -> OrderRow:
        with self._at() as (session, at):
            return order_reads.get(session, at, order_id)

    def order_of_record(self, record: bytes) -> OrderRow:
        with self._at() as (session, at):
            return order_reads.of_record(session, at, record)

    def open_orders(self, operator: str) -> Sequence[OrderRow]:
        with self._at() as (session, at):
            return order_reads.open_of(session, at, operator)

    def earnings(
        self, holder: str, page: Page, since: int = 0, until: int | None = None, work: bytes | None = None
    ) -> Listing[EarningRow]:
        with self._at() as (session, at):
            return earning_reads.earnings(session, at, EarningQuery(holder, since, until, work), page)

    def earning_sums(
        self, holder: str, by: By, since: int = 0, until: int | None = None, work: bytes | None = None
    ) -> Sequence[EarningSum]:
        with self._at() as (session, at):
            return earning_sums.sums(session, at, EarningQuery(holder, since, until, work), by)

    def contests(self, query: ContestQuery, page: Page) -> Listing[ContestRow]:
        with self._at() as (session, at):
            return contest_reads.find(session, at, query, page)

    def titles(self, ids: Iterable[bytes]) -> Mapping[bytes, str]:
        with self._at() as (session, _):
            return statement_reads.titles(session, ids)

    def places(self, accounts: Sequence[bytes]) -> Mapping[tuple[bytes, int], PlaceStatus]:
        with self._at() as (session, _):
            return earning_reads.places(session, accounts)

    def balances(self, holder: str, until: int | None = None) -> Sequence[BalanceRow]:
        with self._at() as (session, _):
            return earning_reads.balances(session, holder, until)

    def settled_since(self, block: int) -> bool:
        """Whether a confirmed block after this one settled an order, or widened its use."""
        with self._at() as (session, at):
            return order_reads.settled_between(session, block, at.confirmed)

    def unpaid(self, operator: str) -> Sequence[Claim]:
        with self._at() as (session, _):
            return unpaid_reads.unpaid(session, operator)

    def payments(self, holder: str, page: Page) -> Listing[PaymentRow]:
        with self._at() as (session, at):
            return earning_reads.paid_to(session, at, holder, page)

    def point(self, before: int) -> Point | None:
        with self._at() as (session, at):
            return statement_reads.point(session, at, before)

    def is_holder(self, address: str) -> bool:
        with self._at() as (session, _):
            return statement_reads.is_holder(session, address)

    def drawn(self, holder: str, page: Page) -> Listing[PaymentRow]:
        with self._at() as (session, at):
            return statement_reads.drawn(session, at, holder, page)

    def unpublished(self, until: int) -> int:
        with self._at() as (session, _):
            return statement_reads.unpublished(session, until)

    def happenings(self, names: Sequence[str], until: int) -> Iterator[Happening]:
        with self._at() as (session, _):
            yield from statement_reads.happenings(session, names, until)

    def happenings_of(self, operator: str, names: Sequence[str], until: int) -> Sequence[Happening]:
        with self._at() as (session, _):
            return statement_reads.happenings_of(session, operator, names, until)

    def models(self) -> Sequence[ModelRow]:
        with self._at() as (session, at):
            return model_reads.find(session, at)

    def model(self, model_id: bytes) -> ModelRow:
        with self._at() as (session, at):
            return model_reads.get(session, at, model_id)

    def counts(self) -> Counts:
        with self._at() as (session, _):
            return explorer_reads.counts(session)

    def newest_works(self, limit: int) -> Sequence[WorkRow]:
        with self._at() as (session, at):
            return explorer_reads.newest_works(session, at, limit)

    def named(self, beginning: str) -> Sequence[Named]:
        with self._at() as (session, _):
            return explorer_reads.named(session, beginning)

    def addressed(self, beginning: str) -> Sequence[str]:
        with self._at() as (session, _):
            return explorer_reads.addressed(session, beginning)

    def in_transactions(self, beginning: str) -> Sequence[Happening]:
        with self._at() as (session, _):
            return explorer_reads.in_transactions(session, beginning)

    def happenings_after(self, names: Sequence[str], after: int, until: int) -> Iterator[Happening]:
        with self._at() as (session, _):
            yield from explorer_reads.happenings_after(session, names, after, until)

    def happenings_about(self, subjects: Collection[bytes], names: Sequence[str]) -> Sequence[Happening]:
        with self._at() as (session, _):
            return explorer_reads.happenings_about(session, subjects, names)

    def has_block(self, number: int, digest: bytes) -> bool:
        with self._at() as (session, _):
            return explorer_reads.has_block(session, number, digest)

    def splits(self, roots: Iterable[bytes]) -> Mapping[bytes, Split]:
        with self._at() as (session, _):
            return work_reads.splits_by_root(session, roots)

    @contextmanager
    def _at(self) -> Iterator[tuple[Session, Cursor]]:
        with self._database.reading() as session:
            found = cursor.load(session)
            if found is None:
                raise NotFound(
                    "Nothing is indexed in this database yet.",
                    "Wait until the service has read the chain; its operator runs `contrafact index run`.",
                )
            yield session, found
