"""What an order's sources were paid, from the chain's credits, and what of their money waits or is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contrafact.contents import work_document
from contrafact.domain.credit_lines import shown
from contrafact.domain.history import Claim, Committed, Credited, Funded
from contrafact.domain.orders import Quote, Source
from contrafact.domain.splits import account_id
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import ContrafactError
from contrafact.ports import ContentStore, PlaceStatus
from contrafact.verifying.ports import VerifiedLedger


@dataclass(frozen=True, slots=True)
class Waiting:
    """Money of a holder that has not left the work's account, of this and of all other orders, and why."""

    holder: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A work of an order. Amounts in units of the order's token: `credited` is all that the chain's events say that it
    got of this order, `settled` what follows from its share, `later` what came after the commit.

    `share` and `weight` in ppm; a composition that is used through a recording has the recording's share, no weight.
    """

    work_id: bytes
    title: str | None
    credits: tuple[str, ...]
    share: int
    weight: int | None
    settled: int
    credited: int
    contested: bool
    waiting: tuple[Waiting, ...]

    @property
    def later(self) -> int:
        return self.credited - self.settled


def paid_works(
    chain: VerifiedLedger, store: ContentStore | None, funded: Funded, committed: Committed, credits: Sequence[Credited]
) -> list[Paid]:
    """Each work of the order once, in the order's sequence. Raises ChainError, and InvalidInput where no settlement
    follows from the commit."""
    quote, commit = funded.quote, committed.commit
    due = quote.settle(commit.base_share, commit.shares, commit.duration).sources
    works = {work.work_id: work for work in chain.works([source.work_id for source in quote.sources])}
    found = []
    for work_id in dict.fromkeys(source.work_id for source in quote.sources):
        mine = [place for place, source in enumerate(quote.sources) if source.work_id == work_id]
        sources, work = [quote.sources[place] for place in mine], works.get(work_id)
        metadata = metadata_of(store, work)
        found.append(
            Paid(
                work_id=work_id,
                title=metadata.title if metadata else None,
                credits=tuple(map(shown, metadata.credits)) if metadata else (),
                share=sum(_share(quote, commit.shares, place) for place in mine),
                weight=sum(source.weight for source in sources) or None,
                settled=sum(due[place] for place in mine),
                credited=_sum(credits, work_id, quote.token),
                contested=bool(work and work.contested),
                waiting=tuple(_waiting(chain, sources[0], quote.token, work, metadata)),
            )
        )
    return found


def metadata_of(store: ContentStore | None, work: Work | None) -> WorkMetadata | None:
    """The work's description; None where there is none to be had."""
    if store is None or work is None:
        return None
    try:
        return work_document(store, work.metadata)
    except ContrafactError:
        return None


def pooled(credits: Iterable[Credited], quote: Quote) -> int:
    """What the model's training pool got of the order."""
    return _sum(credits, quote.model_id, quote.token)


def _sum(credits: Iterable[Credited], beneficiary: bytes, token: str) -> int:
    return sum(one.amount for one in credits if (one.beneficiary, one.token) == (beneficiary, token))


def _share(quote: Quote, shares: Sequence[int], place: int) -> int:
    """A composition is paid by the share of the recording that it is used through."""
    source = quote.sources[place]
    return shares[source.through - 1 if source.through else place]


def _waiting(
    chain: VerifiedLedger, source: Source, token: str, work: Work | None, metadata: WorkMetadata | None
) -> Iterable[Waiting]:
    """Whose money lies in the account that the order paid into; nothing where its split is not published."""
    split = metadata.split if metadata else None
    if split is None or split.root != source.split_root:
        return
    account = account_id(source.work_id, split.root, token)
    for leaf in split.leaves:
        claim = Claim(source.work_id, split.root, token, leaf, split.proof(leaf.index))
        place = chain.place(account, leaf.index)
        if (amount := chain.claimable(claim)) > 0:
            yield Waiting(leaf.holder, amount, _reason(work, place.status))


def _reason(work: Work | None, status: PlaceStatus) -> str:
    if work is not None and work.contested:
        return "held: the work is contested"
    if status is PlaceStatus.UNCONFIRMED:
        return "waiting: the holder has not confirmed its place"
    return "waiting: not sent yet, or the holder takes it later"
