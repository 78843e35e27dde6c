"""What the licence of one piece follows from: the order, the terms that it pins, and the documents of its works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.history import SplitVersion, TermsVersion
from contrafact.domain.orders import Eip712Domain, Quote, Source
from contrafact.domain.terms import Terms, Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import NotFound

LicensorChange = tuple[bytes, str, int]
"""A work, who became its licensor, and in which block; a work's first one is its registrant."""


@dataclass(frozen=True, slots=True)
class LicensedWork:
    """A source as the order pins it, who was its licensor when the order was funded, and how it is described."""

    source: Source
    terms: Terms
    licensor: str
    description: WorkMetadata


@dataclass(frozen=True, slots=True)
class Licence:
    """All that a licence text says. `quote` is the order as the chain has it; `use` what it is paid for now.

    `works` are one for each of the quote's sources. `decimals` are those of the order's token, by which its amounts are
    written; what it calls itself is left out, for that may change.
    """

    domain: Eip712Domain
    order_id: bytes
    quote: Quote
    use: Use
    works: tuple[LicensedWork, ...]
    model_name: str
    decimals: int


def licensed_works(
    quote: Quote,
    terms: Sequence[Terms],
    splits: Iterable[SplitVersion],
    licensors: Iterable[LicensorChange],
    block: int | None,
    describe: Callable[[bytes], WorkMetadata],
) -> tuple[LicensedWork, ...]:
    """The sources with what they pin. `block` is the one that the order was funded in, None for now.

    `terms` are one for each source; `describe` gives the document with a digest. Raises NotFound where the chain
    does not know what is pinned.
    """
    known, changes = tuple(splits), tuple(licensors)
    return tuple(
        LicensedWork(source, one, licensor_at(changes, source.work_id, block), describe(description_of(known, source)))
        for source, one in zip(quote.sources, terms, strict=True)
    )


def pinned_terms(versions: Iterable[TermsVersion], source: Source) -> Terms:
    """The terms of the version that an order pins. Raises NotFound."""
    for version in versions:
        if (version.work_id, version.version) == (source.work_id, source.terms_version):
            return version.terms
    raise NotFound(f"Work {to_hex(source.work_id)} has no terms of version {source.terms_version}.")


def description_of(splits: Iterable[SplitVersion], source: Source) -> bytes:
    """The digest of the document that described the work when the pinned version was in force. Raises NotFound."""
    own = [split for split in splits if split.work_id == source.work_id and split.version <= source.terms_version]
    latest = max(own, key=lambda split: split.version, default=None)
    if latest is None or latest.split_root != source.split_root:
        text = f"Work {to_hex(source.work_id)} had another rights split at version {source.terms_version}."
        raise NotFound(text, "Audit this order.")
    return latest.metadata


def licensor_at(changes: Iterable[LicensorChange], work_id: bytes, block: int | None) -> str:
    """Who was the work's licensor at the end of a block, or is it. Raises NotFound for one not registered then."""
    known = [who for work, who, since in changes if work == work_id and (block is None or since <= block)]
    if not known:
        raise NotFound(f"Work {to_hex(work_id)} is not registered, or was not yet.")
    return known[-1]
