"""Proofs that a model learnt from a work, or did not (`contrafact/manifest-proof/1`), against the root on chain.

Membership is proved by a leaf and its branch. Absence is proved by the whole manifest: its root must be the one on the
chain, and no leaf of it have the content. A branch could not prove it, since nothing obliges who builds the tree to
order its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain import merkle
from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.documents import parse
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/manifest-proof/1"


@dataclass(frozen=True, slots=True)
class Membership:
    """The model learnt from the leaf's work, under the leaf's licence."""

    model_id: bytes
    leaf: Leaf
    branch: tuple[bytes, ...]

    @property
    def content(self) -> bytes:
        return self.leaf.content

    def require(self, root: bytes) -> None:
        """Raises InvalidInput unless it holds for a model with this manifest root."""
        if not merkle.proves(root, self.leaf.value, self.branch):
            raise InvalidInput("The branch does not lead to the manifest root that is on the chain.", _OTHER)

    def to_bytes(self) -> bytes:
        branch = [to_hex(step) for step in self.branch]
        return canonical_json(_head(self.model_id) | {"learnt": True, "work": self.leaf.to_dict(), "branch": branch})


@dataclass(frozen=True, slots=True)
class Absence:
    """The model learnt from no work with this content, whoever registered it."""

    model_id: bytes
    content: bytes
    manifest: Manifest

    def require(self, root: bytes) -> None:
        """Raises InvalidInput unless it holds for a model with this manifest root."""
        if self.manifest.root != root:
            raise InvalidInput("The manifest in the proof is not the one whose root is on the chain.", _OTHER)
        if self.manifest.with_content(self.content):
            raise InvalidInput("The manifest in the proof holds the work.", "The model learnt from it.")

    def to_bytes(self) -> bytes:
        fields = {"learnt": False, "content": to_hex(self.content), "manifest": self.manifest.to_dict()}
        return canonical_json(_head(self.model_id) | fields)


ManifestProof = Membership | Absence
_OTHER = "Ask for the proof again: it may be of another model, or altered."


def prove(model_id: bytes, manifest: Manifest, content: bytes) -> ManifestProof:
    """Whether the model learnt from this content, as a proof; of several registrants' leaves the first."""
    leaves = manifest.with_content(content)
    if not leaves:
        return Absence(model_id, content, manifest)
    return Membership(model_id, leaves[0], manifest.proof(leaves[0]))


def from_bytes(data: bytes) -> ManifestProof:
    """The proof in `data`, not yet checked. Raises InvalidInput when it is malformed or not canonical."""
    return parse(data, SCHEMA, _from_fields)


def _from_fields(d: dict[str, Any]) -> ManifestProof:
    model_id = from_hex(d["model"])
    if d["learnt"] is True:
        return Membership(model_id, Leaf.from_dict(d["work"]), tuple(from_hex(step) for step in d["branch"]))
    if d["learnt"] is False:
        return Absence(model_id, from_hex(d["content"]), Manifest.from_dict(d["manifest"]))
    raise ValueError("it does not say whether the model learnt from the work")


def _head(model_id: bytes) -> dict[str, object]:
    return {"schema": SCHEMA, "model": to_hex(model_id)}
