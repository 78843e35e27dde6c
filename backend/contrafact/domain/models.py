"""Models: what the chain knows of one, and the metadata document (`contrafact/model/1`) that describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import natural, parse, text
from contrafact.domain.splits import Split

SCHEMA = "contrafact/model/1"


@dataclass(frozen=True, slots=True)
class ModelMetadata:
    """What a model is: digests of its weights and of its list of training works, and how its pool is split."""

    name: str
    weights: bytes
    manifest: bytes
    training_works: int
    pool_rule: str
    pool_split: Split
    note: str = ""

    def to_bytes(self) -> bytes:
        """The canonical document; its SHA-256 is the model's metadata digest."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "name": self.name,
                "weights": to_hex(self.weights),
                "manifest": to_hex(self.manifest),
                "training_works": self.training_works,
                "pool_rule": self.pool_rule,
                "pool_holders": self.pool_split.to_list(),
                "note": self.note,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> ModelMetadata:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> ModelMetadata:
        return cls(
            name=text(d["name"]),
            weights=from_hex(d["weights"]),
            manifest=from_hex(d["manifest"]),
            training_works=natural(d["training_works"]),
            pool_rule=text(d["pool_rule"]),
            pool_split=Split.from_list(d["pool_holders"]),
            note=text(d["note"]),
        )

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the chain knows it; `base_rate` is in units of `token` per started 30 seconds."""

    model_id: bytes
    registrant: str
    weights: bytes
    manifest: bytes
    pool_split_root: bytes
    base_rate: int
    token: str
    metadata: bytes
    block: int
