"""May a model learn from a work? What the catalogue's events and the collections' documents say at a block.

A work has a licence from its registration on, or from the moment in which a collection with it was anchored. Of several
registrants of one file the first decides, so that nobody consents in another's place; of several collections of one
registrant the last that is not withdrawn, until the work is registered itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.history import Anchored, Materialised, TermsVersion
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.registrations import Registry
from contrafact.domain.terms import Terms
from contrafact.domain.works import Work
from contrafact.errors import NotPermitted

NAMED = 5  # works that a refusal names
CONSENT_NOTICE = 86_400
"""Seconds for which a licence that was replaced, or a collection that was withdrawn, still counts for new models."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What a work's registrant permits from `block` on; `terms` is None while none were set.

    `collection` is the root of the collection that states it, None where the chain does.
    """

    registrant: str
    content: bytes
    split_root: bytes
    terms: Terms | None
    block: int
    collection: bytes | None = None

    @property
    def leaf(self) -> Leaf:
        """The work in a manifest, under this licence."""
        words = self.terms.to_words() if self.terms else ()
        return Leaf(self.registrant, self.content, licence_hash(self.split_root, words), self.collection)

    def require_training(self, now: int, operator: str, model_id: bytes) -> None:
        """Raises NotPermitted where the model may not learn from the work at `now`, in seconds."""
        if self.terms is None:
            raise NotPermitted("its licensor has set no terms")
        self.terms.require_training_permitted(now, operator, model_id)


@dataclass(frozen=True)
class Licences:
    """All licences that ever were.

    `registrants` and `first_splits` are works' first licensors and rights splits, by work id. `collections` are the
    published documents of what was anchored, by licensor and root: one that is not published gives nobody anything to
    learn from.
    """

    registry: Registry
    works: Sequence[Work]
    registrants: Mapping[bytes, str]
    terms: Sequence[TermsVersion]
    anchored: Sequence[Anchored]
    materialised: Sequence[Materialised]
    first_splits: Mapping[bytes, bytes]
    collections: Mapping[tuple[str, bytes], Collection]

    def first(self, content: bytes, block: int) -> Licence | None:
        """The licence at the end of `block` of who had the content registered or anchored first; None without any.

        A registrant whose work was found not to be its own does not count.
        """
        for registrant in self._registrants_of.get(content, ()):
            work = self._registered(registrant, content)
            if work and work.barred:
                continue
            if licence := self.at(registrant, content, block):
                return licence
        return None

    def at(self, registrant: str, content: bytes, block: int) -> Licence | None:
        """The licence of a registrant's work at the end of `block`; None where it had none yet, or none any more."""
        work = self._registered(registrant, content)
        if work is None or block < work.block:
            standing = [(a, one) for a, one in self.in_collections(registrant, content) if _stands(a, block)]
            if standing or work is None:
                return _of_collection(*standing[-1]) if standing else None
        versions = self._versions_of(work)
        return next((version for version in reversed(versions) if version.block <= block), None)

    def counting(self, registrant: str, content: bytes, now: int, times: Mapping[int, int]) -> list[Licence]:
        """The licences of a registrant's work that count for a model registered at `now`; twin of `requireConsent`.

        They were in force then, or until less than CONSENT_NOTICE before: no licensor catches a model by a change that
        it sends when it sees the registration. `times` are the blocks' seconds since the epoch.
        """
        work = self._registered(registrant, content)
        versions = self._versions_of(work) if work else []
        ends = [times[later.block] for later in versions[1:]]
        found = [
            version
            for version, end in zip(versions, [*ends, None], strict=False)
            if times[version.block] <= now and _lasts(end, now)
        ]
        if not _lasts(ends[0] if ends else None, now):
            return found
        standing = [(a, one) for a, one in self.in_collections(registrant, content) if times[a.block] <= now]
        withdrawn = [times[a.withdrawn] if a.withdrawn is not None else None for a, _ in standing]
        anchored = [one for one, end in zip(standing, withdrawn, strict=True) if _lasts(end, now)]
        return [*found, *(_of_collection(*one) for one in anchored)]

    def contents(self) -> dict[bytes, tuple[str, bytes]]:
        """Registrant and content of every work that was ever registered, or is in a published collection, by its id."""
        found = {work.work_id: (self.registrants[work.work_id], work.content) for work in self.works}
        anchored = {self.registry.work_id(*key): key for key in self._anchored_of}
        return found | anchored

    def in_collections(self, registrant: str, content: bytes) -> list[tuple[Anchored, CollectedWork]]:
        """The published collections of the registrant with this content, in the order they were anchored."""
        return self._anchored_of.get((registrant, content), [])

    def contested(self, registrant: str, content: bytes) -> bool:
        """Whether somebody disputes the work."""
        work = self._registered(registrant, content)
        return bool(work and work.contested)

    def _registered(self, registrant: str, content: bytes) -> Work | None:
        return self._works.get(self.registry.work_id(registrant, content))

    def _versions_of(self, work: Work) -> list[Licence]:
        """The versions of a registered work; the first one of a collection's took force when that was anchored."""
        who, of = self.registrants[work.work_id], self._materialised.get(work.work_id)
        versions = self._terms.get(work.work_id, ())
        found = [Licence(who, work.content, v.split_root, v.terms, v.block) for v in versions]
        if of is None:
            return [Licence(who, work.content, self.first_splits[work.work_id], None, work.block), *found]
        anchor, document = self._anchors.get((of.licensor, of.root)), self.collections.get((of.licensor, of.root))
        block = anchor.block if anchor else work.block
        if anchor and document and work.content in document.by_content:  # it knows the members of an allow-list, too
            return [_of_collection(anchor, document.work(work.content)), *found[1:]]
        return [replace(found[0], block=block, collection=of.root), *found[1:]]

    @cached_property
    def _works(self) -> dict[bytes, Work]:
        return {work.work_id: work for work in self.works}

    @cached_property
    def _terms(self) -> dict[bytes, list[TermsVersion]]:
        found = defaultdict(list)
        for version in self.terms:
            found[version.work_id].append(version)
        return dict(found)

    @cached_property
    def _materialised(self) -> dict[bytes, Materialised]:
        return {one.work_id: one for one in self.materialised}

    @cached_property
    def _anchors(self) -> dict[tuple[str, bytes], Anchored]:
        return {(one.licensor, one.root): one for one in self.anchored}

    @cached_property
    def _anchored_of(self) -> dict[tuple[str, bytes], list[tuple[Anchored, CollectedWork]]]:
        """By registrant and content, in the chain's order."""
        found = defaultdict(list)
        for anchor in self.anchored:
            collection = self.collections.get((anchor.licensor, anchor.root))
            for work in collection.works if collection else ():
                found[anchor.licensor, work.content].append((anchor, work))
        return dict(found)

    @cached_property
    def _registrants_of(self) -> dict[bytes, tuple[str, ...]]:
        """Who registered or anchored a content, the first one first."""
        seen = [(work.block, work.content, self.registrants[work.work_id]) for work in self.works]
        seen += [(anchors[0][0].block, content, who) for (who, content), anchors in self._anchored_of.items()]
        found: dict[bytes, dict[str, None]] = defaultdict(dict)
        for _, content, who in sorted(seen, key=lambda one: one[0]):
            found[content].setdefault(who)
        return {content: tuple(who) for content, who in found.items()}


def _lasts(end: int | None, now: int) -> bool:
    """Whether what ended at `end`, if ever, still counts for a model that is registered at `now`."""
    return end is None or end + CONSENT_NOTICE > now


def _stands(anchor: Anchored, block: int) -> bool:
    """Whether the collection is anchored at the end of `block`."""
    return anchor.block <= block and (anchor.withdrawn is None or anchor.withdrawn > block)


def _of_collection(anchor: Anchored, work: CollectedWork) -> Licence:
    split = work.metadata.split.root
    return Licence(anchor.licensor, work.content, split, work.terms, anchor.block, anchor.root)


@dataclass(frozen=True, slots=True)
class Learner:
    """A model that is to be registered, or was: by whom, at which block, and when that was, in seconds."""

    model_id: bytes
    registrant: str
    block: int
    now: int


def manifest_of(contents: Mapping[bytes, str], licences: Licences, learner: Learner) -> Manifest:
    """The manifest of a model that learnt from these contents (digest → name).

    Raises NotPermitted unless the licence in force of each permits it, naming the first that do not and how many.
    """
    leaves, refused = [], []
    for content, name in contents.items():
        try:
            leaves.append(_permitted(content, licences, learner).leaf)
        except NotPermitted as reason:
            refused.append(f"{name} ({reason.message.rstrip('.')})")
    if refused:
        raise NotPermitted(_refusal(refused, len(contents)), _WHAT_TO_DO)
    return Manifest.of(leaves)


def _permitted(content: bytes, licences: Licences, learner: Learner) -> Licence:
    licence = licences.first(content, learner.block)
    if licence is None:
        raise NotPermitted("it is neither registered nor in an anchored collection whose document is published")
    if licences.contested(licence.registrant, content):
        raise NotPermitted("it is contested")
    licence.require_training(learner.now, learner.registrant, learner.model_id)
    return licence


_WHAT_TO_DO = (
    "Their licensors consent with `contrafact terms set WORK --training` or `contrafact collections anchor --training`;"
    " otherwise train without them."
)


def _refusal(refused: Sequence[str], count: int) -> str:
    more = f", and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
    named = "; ".join(refused[:NAMED])
    return f"{len(refused)} of {count} training works lack consent: {named}{more}."
