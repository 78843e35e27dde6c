"""Models with manifests, and what the dispute desk is told about the consents in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain import merkle
from contrafact.domain.licences import licence_word
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from .chain import NATIVE, Receipt
from .disputes import MIN_BOND, DisputeWorld
from .test_collections import Anchored, Collection
from .world import DAY, EQUAL, Catalogued, World, digest

ANSWER_TIME = 7 * DAY
NOTICE = DAY
NOWHERE = (bytes(32), bytes(32), bytes(32), bytes(32), [])  # the `Anchored` struct where a version is given


@dataclass(frozen=True)
class Leaf:
    """The `ManifestLeaf` struct."""

    registrant: str
    content: bytes
    licence: int

    def to_abi(self) -> tuple[str, bytes, int]:
        return self.registrant, self.content, self.licence

    @property
    def value(self) -> bytes:
        """What is hashed twice."""
        return bytes(encode(["address", "bytes32", "uint256"], self.to_abi()))

    def work_id(self, world: World) -> bytes:
        return bytes(world.catalogue.get("workIdOf", self.registrant, self.content))


def licence(root: bytes, words: Sequence[bytes]) -> int:
    return licence_word(root, words, 0) >> 40


def leaf_of(work: Catalogued, content: int) -> Leaf:
    return Leaf(work.licensor, digest(content), licence(work.split.root, work.terms.to_words()))


@dataclass(frozen=True)
class Trained:
    """A model and its manifest."""

    model_id: bytes
    leaves: tuple[Leaf, ...]
    pool: Split

    def proof(self, leaf: Leaf) -> list[bytes]:
        return list(merkle.proof([each.value for each in self.leaves], leaf.value))

    def consent_id(self, leaf: Leaf) -> bytes:
        return keccak(encode(["bytes32", "address", "bytes32", "uint256"], [self.model_id, *leaf.to_abi()]))

    def at(self, leaf: Leaf, *more: Any) -> tuple[Any, ...]:
        return self.model_id, leaf.to_abi(), *more


def train(world: World, leaves: Sequence[Leaf], pool: Split | None = None, **more: Any) -> Trained:
    """A model that learnt from these works, registered by the operator unless `sender` is given."""
    pool = pool or world.pool
    root = merkle.root([leaf.value for leaf in leaves])
    rates = [(token, 500_000) for token in (world.usd.address, world.quirky.address, NATIVE)]
    arguments = (digest(more.get("weights", 95)), root, pool.root, digest(79), 0, rates, EQUAL)
    receipt = world.catalogue.send(more.get("sender", world.operator), "registerModel", *arguments)
    return Trained(bytes(world.event(receipt, "ModelRegistered").args["modelId"]), tuple(leaves), pool)


def words_of(terms: Terms | None, split: Split) -> tuple[Any, ...]:
    """Evidence: the leaf's own split and words."""
    return 0, split.root, list(terms.to_words()) if terms else []


def in_force(version: int) -> tuple[Any, ...]:
    """Evidence: another version that was in force."""
    return version, bytes(32), []


def versioned(work: Catalogued, lists: tuple[Any, Any] = ((), ()), version: int | None = None) -> tuple[Any, ...]:
    """The `Consent` struct of a version of a work."""
    words = list(work.terms.to_words())
    return version or work.version, work.split.root, words, NOWHERE, list(lists[0]), list(lists[1])


def collected(collection: Collection, work: Anchored) -> tuple[Any, ...]:
    """The `Consent` struct of a work of a collection."""
    _, source, metadata, split_root, recording_of = work.registration
    proof = list(merkle.proof([each.value for each in collection.works], work.value))
    return 0, split_root, list(work.words), (collection.root, source, metadata, recording_of, proof), [], []


def anchored_leaf(collection: Collection, work: Anchored) -> Leaf:
    return Leaf(collection.licensor, digest(work.content), licence(work.split_root, work.words))


# At the desk


def prove(world: DisputeWorld, model: Trained, leaf: Leaf, evidence: Any, who: str | None = None) -> Receipt:
    arguments = model.at(leaf, model.proof(leaf), evidence)
    return world.desk.send(who or world.claimant, "proveNoConsent", *arguments)


def question(world: DisputeWorld, model: Trained, leaf: Leaf, who: str | None = None, **more: Any) -> Receipt:
    arguments = model.at(leaf, more.get("proof", model.proof(leaf)))
    return world.desk.send(who or world.claimant, "questionConsent", *arguments, value=more.get("value", MIN_BOND))


def answer(world: DisputeWorld, model: Trained, leaf: Leaf, consent: Any, who: str | None = None) -> Receipt:
    return world.desk.send(who or world.relayer, "answerConsent", *model.at(leaf, consent))


def finish(world: DisputeWorld, model: Trained, leaf: Leaf) -> Receipt:
    return world.desk.send(world.relayer, "finishQuestion", *model.at(leaf))


def stop(world: DisputeWorld, model: Trained, leaf: Leaf, token: str) -> Receipt:
    return world.desk.send(world.relayer, "stopModel", *model.at(leaf, model.pool.root, token))


def fine(world: DisputeWorld, model: Trained, leaf: Leaf, token: str) -> Receipt:
    return world.desk.send(world.relayer, "fineRegistrant", *model.at(leaf, model.pool.root, token))


def unregistered(content: int = 990) -> Leaf:
    """A work that nobody has ever registered."""
    return Leaf("0x" + "99" * 20, digest(content), 12345)
