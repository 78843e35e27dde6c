"""Published scores of influence: for each order of an epoch one number per training work (`contrafact/epoch-scores/1`).

Rows of numbers are texts with spaces between, so that thousands of works times hundreds of orders stay a few megabytes
and are read in a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import parse, text
from contrafact.domain.pool_shares import scores_of
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/epoch-scores/1"


@dataclass(frozen=True, slots=True)
class InfluenceScores:
    """Scores, whole and not negative, of the works with the content digests `contents`, in their order, by order id."""

    weights: bytes
    contents: tuple[bytes, ...]
    orders: Mapping[bytes, tuple[int, ...]]

    @classmethod
    def of(
        cls, weights: bytes, works: Iterable[TrainingWork], measured: Mapping[bytes, Mapping[bytes, int]]
    ) -> InfluenceScores:
        """What was measured of each order, over all content of the works. Raises InvalidInput as `scores_of`."""
        by_content = {work.content: work for work in works}
        listed = [by_content[content] for content in sorted(by_content)]
        rows = {order: tuple(scores_of(listed, scores)) for order, scores in measured.items()}
        return cls(weights, tuple(work.content for work in listed), rows)

    def over(self, works: Sequence[TrainingWork], order_id: bytes) -> list[int]:
        """The score of each work for an order. Raises InvalidInput where the order has none, or they are of no use."""
        if order_id not in self.orders:
            raise InvalidInput(f"There are no scores of the order {to_hex(order_id)}.")
        return scores_of(works, dict(zip(self.contents, self.orders[order_id], strict=True)))

    def to_bytes(self) -> bytes:
        """The canonical document."""
        rows = {to_hex(order): " ".join(map(str, row)) for order, row in self.orders.items()}
        contents = " ".join(content.hex() for content in self.contents)
        fields = {"schema": SCHEMA, "weights": to_hex(self.weights), "contents": contents, "orders": rows}
        return canonical_json(fields)

    @classmethod
    def from_bytes(cls, data: bytes) -> InfluenceScores:
        """The document in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> InfluenceScores:
        contents = tuple(from_hex(f"0x{content}") for content in text(d["contents"]).split(" "))
        rows = {from_hex(order): tuple(map(int, text(row).split(" "))) for order, row in d["orders"].items()}
        if any(len(row) != len(contents) for row in rows.values()):
            raise ValueError("a row has not one score for each work")
        return cls(from_hex(d["weights"]), contents, rows)

    def digest(self) -> bytes:
        """SHA-256 of the document."""
        return sha256(self.to_bytes())
