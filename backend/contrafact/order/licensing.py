"""The facts of an order's licence, read from the chain and the content store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from contrafact.contents import work_document
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.history import Funded
from contrafact.domain.licence_facts import Licence, licensed_works, pinned_terms
from contrafact.domain.models import ModelMetadata
from contrafact.domain.orders import Quote, order_id
from contrafact.domain.terms import Terms, Use
from contrafact.errors import NotFound
from contrafact.ports import ContentStore, LedgerReader


def licence_of(
    funded: Funded, terms: Sequence[Terms] | None, reader: LedgerReader, store: ContentStore, use: Use | None = None
) -> Licence:
    """The licence of a funded order, for the use that it was ordered for, or the one that it was raised to.

    `terms` are the pinned ones where they are known already. Raises NotFound or StoreError where a document of a work
    or of the model cannot be had, or the chain does not know what the order pins.
    """
    quote = funded.quote
    if terms is None:
        versions = reader.terms_history({source.work_id for source in quote.sources})
        terms = [pinned_terms(versions, source) for source in quote.sources]
    found = _licence(quote, terms, funded.block, reader, store)
    return found if use is None else replace(found, use=use)


def licence_to_come(quote: Quote, terms: Sequence[Terms], reader: LedgerReader, store: ContentStore) -> Licence:
    """What the licence of an offer will be if it is paid while its works have the licensors of now."""
    return _licence(quote, terms, None, reader, store)


def _licence(
    quote: Quote, terms: Sequence[Terms], block: int | None, reader: LedgerReader, store: ContentStore
) -> Licence:
    ids = {source.work_id for source in quote.sources}
    works = licensed_works(
        quote,
        terms,
        reader.split_history(ids),
        reader.licensor_changes(ids),
        block,
        partial(work_document, store),
    )
    domain = reader.domain
    identifier, decimals = order_id(quote, domain), reader.currency(quote.token).decimals
    return Licence(domain, identifier, quote, quote.use, works, _model_name(quote, reader, store), decimals)


def _model_name(quote: Quote, reader: LedgerReader, store: ContentStore) -> str:
    for model in reader.models():
        if model.model_id == quote.model_id:
            return ModelMetadata.from_bytes(store.get(cid(model.metadata))).name
    raise NotFound(f"The model {to_hex(quote.model_id)} is not registered on this chain.")
