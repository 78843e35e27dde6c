"""Which models learnt from a work, and what a later change of its terms does to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contrafact.consent.reading import read_manifest
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.domain.terms import Terms
from contrafact.domain.training_consent import Licences
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ContentStore


@dataclass(frozen=True, slots=True)
class Learning:
    """A model learnt from a work, since it was registered.

    `terms` are those under which it did, `version` their number (None where they cannot be had); `consents` is whether
    the terms in force still permit training: if they do not, that binds the next model, and this one from the second
    `terms.sunset` on, if they named one.
    """

    model: Model
    leaf: Leaf
    manifest: Manifest
    terms: Terms | None
    version: int | None
    split_root: bytes
    consents: bool

    @property
    def sunset(self) -> int:
        """The second from which the terms let the model take no new orders; 0 where they name none."""
        return self.terms.sunset if self.terms else 0


def learnt_from(
    content: bytes, registrant: str | None, models: list[Model], licences: Licences, store: ContentStore, block: int
) -> tuple[list[Learning], list[Model]]:
    """The models that learnt from a content (of `registrant`, if not None), and those whose manifests cannot be had."""
    found, unknown = [], []
    for model in models:
        try:
            manifest = read_manifest(model, store)
        except (NotFound, StoreError, InvalidInput):
            unknown.append(model)
            continue
        leaves = [leaf for leaf in manifest.with_content(content) if registrant in (None, leaf.registrant)]
        found += [_learning(model, manifest, leaf, licences, block) for leaf in leaves]
    return found, unknown


def _learning(model: Model, manifest: Manifest, leaf: Leaf, licences: Licences, block: int) -> Learning:
    now = licences.at(leaf.registrant, leaf.content, block)
    consents = bool(now and now.terms and now.terms.training)
    for number, split_root, terms in _versions(leaf, licences):
        if licence_hash(split_root, terms.to_words()) == leaf.licence:
            return Learning(model, leaf, manifest, terms, number, split_root, consents)
    return Learning(model, leaf, manifest, None, None, bytes(32), consents)


def _versions(leaf: Leaf, licences: Licences) -> Iterator[tuple[int, bytes, Terms]]:
    """The versions of the leaf's work on chain, and the one in its collection, which is or will be the first."""
    work_id = licences.registry.work_id(leaf.registrant, leaf.content)
    yield from ((v.version, v.split_root, v.terms) for v in licences.terms if v.work_id == work_id)
    collection = licences.collections.get((leaf.registrant, leaf.collection)) if leaf.collection else None
    if collection and leaf.content in collection.by_content:
        work = collection.work(leaf.content)
        yield 1, work.metadata.split.root, work.terms
