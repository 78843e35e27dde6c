"""Models: what the chain knows of one, and the metadata document (`contrafact/model/3`) that describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import natural, parse, text
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.errors import InvalidOrder

SCHEMA = "contrafact/model/3"


@dataclass(frozen=True, slots=True)
class ModelMetadata:
    """What a model is: digests of its weights and of what it learnt from, and the rule of its training pool.

    `generator` is the SHA-256 of the canonical identity of the code that runs it, which records state in full.
    `manifest` is the Merkle root of its training manifest, `manifest_document` the SHA-256 of the document that lists
    its leaves, `training_works` their number.
    """

    name: str
    weights: bytes
    generator: bytes
    manifest: bytes
    manifest_document: bytes
    training_works: int
    pool: PoolRule = field(default_factory=PoolRule)
    note: str = ""

    def to_bytes(self) -> bytes:
        """The canonical document; its SHA-256 is the model's metadata digest."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "name": self.name,
                "weights": to_hex(self.weights),
                "generator": to_hex(self.generator),
                "manifest": to_hex(self.manifest),
                "manifest_document": to_hex(self.manifest_document),
                "training_works": self.training_works,
                "pool": self.pool.to_dict(),
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
            generator=from_hex(d["generator"]),
            manifest=from_hex(d["manifest"]),
            manifest_document=from_hex(d["manifest_document"]),
            training_works=natural(d["training_works"]),
            pool=PoolRule.from_dict(d["pool"]),
            note=text(d["note"]),
        )

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())


def pool_split(pool: str) -> Split:
    """The split of a model's pool that is shared out by the TrainingPool contract at the address `pool`: all of it."""
    return Split.of([(pool, PPM)])


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the chain knows it.

    `rates` are the prices of base in units of each token it takes, per started 30 seconds. From the second `sunset`
    on it takes no new orders; 0 is no such date. `sunsets` are earlier dates, by token, to which the terms of works
    that it learnt from have brought that forward.
    """

    model_id: bytes
    registrant: str
    weights: bytes
    manifest: bytes
    pool_split_root: bytes
    rates: Mapping[str, int]
    metadata: bytes
    block: int
    sunset: int = 0
    sunsets: Mapping[str, int] = field(default_factory=dict)

    def base_rate(self, token: str) -> int:
        """The price of base in `token`. Raises InvalidOrder when the model does not take it."""
        for accepted, rate in self.rates.items():
            if accepted.lower() == token.lower():
                return rate
        tokens = ", ".join(self.rates)
        raise InvalidOrder(f"The model has no base rate in the token {token}.", f"Pay in one of: {tokens}.")

    def sunset_in(self, token: str) -> int:
        """The second from which it takes no new orders in `token`, 0 where there is none."""
        enforced = {accepted.lower(): date for accepted, date in self.sunsets.items()}
        return enforced.get(token.lower(), self.sunset)

    def takes_orders(self, token: str, now: int) -> bool:
        """Whether its sunset has not come."""
        return not self.sunset_in(token) or now < self.sunset_in(token)
