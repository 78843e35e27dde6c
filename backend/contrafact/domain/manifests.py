"""Training manifests: which works a model learnt from, under which licences. The twin of `ModelRegistry.sol`'s leaves.

The registry keeps the Merkle root. The document (`contrafact/manifest/1`) lists all leaves, so that anybody recomputes
the root: what is not in it is not in the model's manifest, whoever built the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi import encode

from contrafact.domain import merkle
from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import hex_bytes, parse, text
from contrafact.errors import InvalidInput, NotFound

SCHEMA = "contrafact/manifest/1"
LICENCE_BYTES = 27


@dataclass(frozen=True, slots=True)
class Leaf:
    """A training work: who registered it, its content digest, and the licence under which the model learnt from it.

    `licence` are the 27 bytes of rights split and terms together, as `licence_hash` gives them. `collection` is the
    root of the collection that states these two; None where the work was registered singly, and the chain does.
    """

    registrant: str
    content: bytes
    licence: bytes
    collection: bytes | None = None

    @property
    def value(self) -> bytes:
        """What the leaf is made of: `abi.encode(registrant, contentDigest, licence >> 40)`."""
        return encode(["address", "bytes32", "uint256"], self.to_abi())

    def to_abi(self) -> tuple[str, bytes, int]:
        """The Solidity struct `ManifestLeaf`."""
        return self.registrant, self.content, int.from_bytes(self.licence)

    def to_dict(self) -> dict[str, str]:
        return {
            "registrant": self.registrant,
            "content": to_hex(self.content),
            "licence": to_hex(self.licence),
            "collection": to_hex(self.collection) if self.collection else "",
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Leaf:
        """The leaf in a document. Raises what readers of documents raise for other content."""
        licence = hex_bytes(d["licence"])
        if len(licence) != LICENCE_BYTES:
            raise InvalidInput(f"A licence hash has {LICENCE_BYTES} bytes, not {len(licence)}.")
        collection = from_hex(d["collection"]) if text(d["collection"]) else None
        return cls(checksummed(text(d["registrant"])), from_hex(d["content"]), licence, collection)


@dataclass(frozen=True)
class Manifest:
    """All training works of a model, ordered by content digest."""

    leaves: tuple[Leaf, ...]

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> Manifest:
        """The manifest of these works, in any order. Raises InvalidInput for none, or one that stands there twice."""
        ordered = tuple(sorted(leaves, key=lambda leaf: (leaf.content, leaf.registrant)))
        if not ordered:
            raise InvalidInput("A training manifest has at least one work.")
        if len({(leaf.content, leaf.registrant) for leaf in ordered}) < len(ordered):
            raise InvalidInput("A work stands twice in the training manifest.")
        return cls(ordered)

    @cached_property
    def values(self) -> tuple[bytes, ...]:
        """What the leaves are made of, in their order."""
        return tuple(leaf.value for leaf in self.leaves)

    @cached_property
    def root(self) -> bytes:
        """What the registry keeps."""
        return self._tree.root

    @cached_property
    def _tree(self) -> merkle.Tree:
        return merkle.Tree(self.values)

    def with_content(self, content: bytes) -> tuple[Leaf, ...]:
        """The leaves of this content: none where no model of this manifest learnt from it."""
        return self._by_content.get(content, ())

    @cached_property
    def _by_content(self) -> dict[bytes, tuple[Leaf, ...]]:
        found: dict[bytes, tuple[Leaf, ...]] = {}
        for leaf in self.leaves:
            found[leaf.content] = (*found.get(leaf.content, ()), leaf)
        return found

    def leaf(self, registrant: str, content: bytes) -> Leaf:
        """The training work of that registrant. Raises NotFound."""
        for leaf in self.with_content(content):
            if leaf.registrant == registrant:
                return leaf
        raise NotFound(f"The manifest holds no work of {registrant} with the content {to_hex(content)}.")

    def proof(self, leaf: Leaf) -> tuple[bytes, ...]:
        """The siblings from the leaf to the root. Raises NotFound unless it is one of the manifest's."""
        return self._tree.proof(leaf.value)

    def to_bytes(self) -> bytes:
        """The canonical document; a model's metadata names its SHA-256."""
        return canonical_json(self.to_dict())

    def to_dict(self) -> dict[str, object]:
        return {"schema": SCHEMA, "works": [leaf.to_dict() for leaf in self.leaves]}

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls.from_dict)

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Manifest:
        """The manifest in a document's fields. Raises what readers of documents raise for other content."""
        return cls.of(Leaf.from_dict(row) for row in d["works"])

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return self._digest

    @cached_property
    def _digest(self) -> bytes:
        return sha256(self.to_bytes())
