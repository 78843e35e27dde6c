"""An order as somebody sees it who holds its piece: who made what for whom, of what, and who was paid."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.contents import record_document
from contrafact.domain.digests import cid
from contrafact.domain.history import Committed, Funded
from contrafact.domain.models import ModelMetadata
from contrafact.domain.money import Currency
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ContrafactError, InvalidInput, NotFound
from contrafact.ports import ContentStore
from contrafact.verifying.payments import Paid, paid_works, pooled
from contrafact.verifying.ports import Gap, VerifiedLedger


@dataclass(frozen=True, slots=True)
class Order:
    """A committed order. Amounts in units of `currency`; times in seconds since the epoch, `use` that of now.

    `pool` is what the model's training pool got; `record` is None where the store does not have it.
    """

    funded: Funded
    committed: Committed
    record: AttributionRecord | None
    use: str
    paid_at: int
    committed_at: int
    model: str | None
    currency: Currency
    works: tuple[Paid, ...]
    pool: int
    pool_settled: int

    @property
    def order_id(self) -> bytes:
        return self.funded.order_id

    @property
    def is_settled(self) -> bool:
        """Whether every account got at least what the settlement gives it."""
        return self.pool >= self.pool_settled and all(work.credited >= work.settled for work in self.works)


def read_order(chain: VerifiedLedger, store: ContentStore | None, order_id: bytes) -> tuple[Order, list[Gap]]:
    """A committed order from the chain, with what the store adds, and what could not be read.

    Raises NotFound for an order without a commit, ChainError, and InvalidInput for a commit that settles nothing.
    """
    funded, committed = committed_order(chain, order_id)
    quote, commit = funded.quote, committed.commit
    credits = [one for one in chain.credited(order_id) if one.order_id == order_id]
    record, gaps = read_record(store, committed)
    raised = [one for one in chain.raised(order_id) if one.order_id == order_id]
    order = Order(
        funded=funded,
        committed=committed,
        record=record,
        use=(raised[-1].use if raised else quote.use).name.lower(),
        paid_at=chain.moment(funded.block),
        committed_at=chain.moment(committed.block),
        model=_model_name(chain, store, quote.model_id),
        currency=chain.currency(quote.token),
        works=tuple(paid_works(chain, store, funded, committed, credits)),
        pool=pooled(credits, quote),
        pool_settled=quote.settle(commit.base_share, commit.shares, commit.duration).pool,
    )
    return order, [*gaps, *_unnamed(order)]


def committed_order(chain: VerifiedLedger, order_id: bytes) -> tuple[Funded, Committed]:
    """Raises NotFound where the chain has no such commit."""
    committed = next((one for one in chain.committed(order_id) if one.commit.order_id == order_id), None)
    funded = next((one for one in chain.funded(order_id) if one.order_id == order_id), None)
    if committed is None or funded is None:
        raise NotFound("No such order was committed on this chain.", "Check the chain and its contracts.")
    return funded, committed


def read_record(store: ContentStore | None, committed: Committed) -> tuple[AttributionRecord | None, list[Gap]]:
    """The record that was committed; or None, and why it cannot be had."""
    what = "the attribution record"
    if store is None:
        return None, [Gap(what, "there is no content store here.", "Name one with --store.")]
    try:
        record = record_document(store, committed.commit.record_digest)
        if record.commit() != committed.commit:
            raise InvalidInput("It says otherwise than the commit.", "Run: contrafact audit")
    except ContrafactError as error:
        return None, [Gap(what, error.message, error.hint)]
    return record, []


def _model_name(chain: VerifiedLedger, store: ContentStore | None, model_id: bytes) -> str | None:
    model = next((one for one in chain.models() if one.model_id == model_id), None)
    if model is None or store is None:
        return None
    try:
        return ModelMetadata.from_bytes(store.get(cid(model.metadata))).name
    except ContrafactError:
        return None


def _unnamed(order: Order) -> list[Gap]:
    if all(work.title for work in order.works):
        return []
    text = "the descriptions of some works are not in the content store; so their holders' waiting money is not known."
    return [Gap("the titles of the sources", text, "Name another store with --store.")]
