"""What may show the contracts that a leaf of a manifest is a consent, or is none. The twin of `ConsentProofs.sol`.

Only candidates are found here, from what is anchored and published: which of them shows it, the contract judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.history import TermsVersion
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model
from contrafact.domain.terms import Terms
from contrafact.domain.training_consent import Licences
from contrafact.errors import NotPermitted

_NOWHERE = (bytes(32), bytes(32), bytes(32), bytes(32), ())  # the struct `Anchored` where a version is given


@dataclass(frozen=True, slots=True)
class NoConsent:
    """Evidence against a leaf: its own split and words, which do not permit training (`version` None); or the number
    of the work's version that was in force instead.
    """

    version: int | None
    split_root: bytes = bytes(32)
    words: tuple[bytes, ...] = ()

    def to_abi(self) -> tuple[int, bytes, tuple[bytes, ...]]:
        """The Solidity struct `ConsentEvidence`."""
        return self.version or 0, self.split_root, self.words


@dataclass(frozen=True, slots=True)
class Consent:
    """Evidence for a leaf: a version of the work, or (`version` None) the collection with the root `collection`.

    `place` is the work's place in it; the proofs are for terms that list operators or models.
    """

    version: int | None
    split_root: bytes
    words: tuple[bytes, ...]
    collection: bytes | None
    place: tuple[Any, ...]
    operator_proof: tuple[bytes, ...]
    model_proof: tuple[bytes, ...]

    def to_abi(self) -> tuple[Any, ...]:
        """The Solidity struct `Consent`."""
        return self.version or 0, self.split_root, self.words, self.place, self.operator_proof, self.model_proof


@dataclass(frozen=True)
class Candidates:
    """What all that was ever licensed may show about leaves."""

    licences: Licences

    def against(self, leaf: Leaf) -> Iterator[NoConsent]:
        """What may show that the leaf is no consent, the leaf's own words first, then later versions of the work."""
        if leaf.licence in self._words:
            yield NoConsent(None, *self._words[leaf.licence])
        for version in reversed(self._versions(leaf)):
            if version.version > 1 and _licence(version) != leaf.licence:
                yield NoConsent(version.version)

    def consents(self, leaf: Leaf, model: Model) -> Iterator[Consent]:
        """What may show that the leaf is a consent to the model: versions of the work, then its collections."""
        collected = [one for one in self._collected(leaf) if one[1].licence == leaf.licence]
        for version in self._versions(leaf):
            if _licence(version) == leaf.licence:
                terms = collected[0][1].terms if collected else version.terms  # it knows a list's members, too
                with suppress(NotPermitted):
                    yield _consent(version.version, version.split_root, terms, model)
        for collection, work in collected:
            with suppress(NotPermitted):
                yield _consent(None, work.metadata.split.root, work.terms, model, (collection, work))

    def _versions(self, leaf: Leaf) -> Sequence[TermsVersion]:
        work_id = self.licences.registry.work_id(leaf.registrant, leaf.content)
        return self._terms.get(work_id, ())

    def _collected(self, leaf: Leaf) -> list[tuple[Collection, CollectedWork]]:
        found = self.licences.in_collections(leaf.registrant, leaf.content)
        return [(self.licences.collections[anchor.licensor, anchor.root], work) for anchor, work in found]

    @cached_property
    def _terms(self) -> dict[bytes, list[TermsVersion]]:
        found = defaultdict(list)
        for version in self.licences.terms:
            found[version.work_id].append(version)
        return dict(found)

    @cached_property
    def _words(self) -> dict[bytes, tuple[bytes, tuple[bytes, ...]]]:
        """Split and words of every licence that anybody ever stated, by its hash."""
        stated: list[tuple[bytes, tuple[bytes, ...]]] = [(root, ()) for root in self.licences.first_splits.values()]
        stated += [(version.split_root, version.terms.to_words()) for version in self.licences.terms]
        for collection in self.licences.collections.values():
            stated += [(work.metadata.split.root, work.words) for work in collection.works]
        return {licence_hash(*one): one for one in set(stated)}


def _licence(version: TermsVersion) -> bytes:
    return licence_hash(version.split_root, version.terms.to_words())


def _consent(
    version: int | None,
    split_root: bytes,
    terms: Terms,
    model: Model,
    within: tuple[Collection, CollectedWork] | None = None,
) -> Consent:
    """Raises NotPermitted where the terms list others, or their list is not known."""
    lists = terms.allow.operator_proof(model.registrant), terms.allow.model_proof(model.model_id)
    if within is None:
        return Consent(version, split_root, terms.to_words(), None, _NOWHERE, *lists)
    collection, work = within
    _, source, metadata, _, recording_of = work.registration
    place = (collection.root, source, metadata, recording_of, collection.proof(work.content))
    return Consent(None, split_root, terms.to_words(), collection.root, place, *lists)
