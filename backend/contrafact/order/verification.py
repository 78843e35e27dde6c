"""The operator's verification phase: the payment, the terms, and the content of every source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contrafact.contents import content, work_document
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import SourceInput
from contrafact.domain.history import Funded
from contrafact.domain.orders import Source
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import ContentMismatch, NotFound
from contrafact.ports import ContentStore, LedgerReader

SourceFormReader = Callable[[bytes, str], bytes]
"""Derives the canonical source form from a work's file and its media type."""


@dataclass(frozen=True, slots=True)
class VerifiedOrder:
    """A funded order whose sources were all checked; ready to be generated.

    `sources` are the works of the inference set; `metadata` are of all sources, the compositions last.
    """

    signed: SignedQuote
    funded: Funded
    sources: tuple[SourceInput, ...]
    metadata: tuple[WorkMetadata, ...]

    @property
    def weights(self) -> tuple[int, ...]:
        """The weights that were ordered."""
        return tuple(source.weight for source in self.sources)


def verify(
    signed: SignedQuote, order_id: bytes, reader: LedgerReader, store: ContentStore, derive: SourceFormReader
) -> VerifiedOrder:
    """The order as paid on the chain, with the content of its sources.

    Raises NotFound when it was not funded, ContentMismatch when a source's content is not what was registered, NoKey
    where it is protected from this operator.
    """
    funded = next((event for event in reader.funded(order_id)), None)
    if funded is None:
        raise NotFound(f"Order {to_hex(order_id)} is not funded on this chain.", "Fund it first.")
    quote = signed.quote
    ids = [source.work_id for source in quote.sources]
    works = {work.work_id: work for work in reader.works(ids)}
    splits = {(split.work_id, split.split_root): split.metadata for split in reader.split_history(ids)}
    metadata = [_metadata(source, splits[source.work_id, source.split_root], store) for source in quote.sources]
    pairs = zip(quote.inference_set, metadata, strict=False)
    inputs = [_input(source, works[source.work_id], one, store, derive) for source, one in pairs]
    return VerifiedOrder(signed, funded, tuple(inputs), tuple(metadata))


def _metadata(source: Source, pinned: bytes, store: ContentStore) -> WorkMetadata:
    """The document of the split that the order pins."""
    metadata = work_document(store, pinned)
    if metadata.split.root != source.split_root:
        text = f"The rights split of work {to_hex(source.work_id)} does not follow from its metadata."
        raise ContentMismatch(text, "Its licensor must publish the metadata that belongs to the registered split.")
    return metadata


def _input(
    source: Source, work: Work, metadata: WorkMetadata, store: ContentStore, derive: SourceFormReader
) -> SourceInput:
    form = content(store, work.source_form, metadata.protection)
    derived = derive(content(store, work.content, metadata.protection), metadata.media_type)
    if sha256(derived) != work.source_form:
        text = f"The source form of work {to_hex(work.work_id)} does not follow from its file."
        raise ContentMismatch(text, "Its licensor registered other tokens than the file holds; choose another work.")
    return SourceInput(to_hex(work.work_id), form, source.weight, source.min_share)
