"""Calls to the catalogue: works, their terms and splits, and collections."""

from __future__ import annotations

from web3.contract import Contract

from contrafact.domain.collections import Collection
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.calls.call import Call


class WorkCalls:
    def __init__(self, catalogue: Contract) -> None:
        self._functions = catalogue.functions

    def register(self, metadata: WorkMetadata) -> Call:
        """Registers the work with the sender as its licensor."""
        digests = (metadata.content, metadata.source_form, metadata.digest(), metadata.split.root)
        return Call(self._functions.register((*digests, metadata.recording_of or bytes(32))))

    def set_terms(self, work_id: bytes, split_root: bytes, terms: Terms) -> Call:
        """Sets a new version of the work's terms, which restates its rights split."""
        return Call(self._functions.setTerms(work_id, split_root, list(terms.to_words())))

    def change_split(self, work_id: bytes, metadata: WorkMetadata, terms: Terms) -> Call:
        """Puts the rights split of `metadata` in force, from the next order on, with terms."""
        changed = (work_id, metadata.split.root, metadata.digest(), list(terms.to_words()))
        return Call(self._functions.changeSplit(*changed))

    def transfer_licensor(self, work_id: bytes, to: str) -> Call:
        """Offers the work to another licensor, who must accept it."""
        return Call(self._functions.transferLicensor(work_id, to))

    def accept_licensor(self, work_id: bytes) -> Call:
        """Takes over a work that was offered to the sender."""
        return Call(self._functions.acceptLicensor(work_id))

    def anchor(self, collection: Collection) -> Call:
        """Anchors a collection with the sender as the licensor of its works."""
        return Call(self._functions.anchorCollection(collection.root, collection.digest()))

    def withdraw(self, root: bytes) -> Call:
        """Lets no further work of the sender's collection be brought onto the chain, and no model learn from one."""
        return Call(self._functions.withdrawCollection(root))

    def materialise(self, licensor: str, collection: Collection, content: bytes) -> Call:
        """Registers one work of a licensor's anchored collection, for the licensor."""
        work = collection.work(content)
        given = (licensor, collection.root, work.registration, list(work.words), list(collection.proof(content)))
        return Call(self._functions.materialise(*given))
