"""The attempt that an order is recorded with, as a file of the order's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contrafact.domain import events
from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.generation import Generation


@dataclass(frozen=True, slots=True)
class Attempt:
    """A generation whose shares keep the order's bounds, with its number, counted from 0, and the payment's salt."""

    number: int
    generation: Generation
    maker_salt: bytes = b""
    """Part of the seed; empty where an earlier version kept the attempt without it."""

    def to_bytes(self) -> bytes:
        """A private document of the operator: never published, read back only by `from_bytes`."""
        generation = self.generation
        return canonical_json(
            {
                "number": self.number,
                "maker_salt": to_hex(self.maker_salt),
                "longest_runs": list(generation.longest_runs),
                "model": to_hex(generation.model_digest),
                "events": events.to_bytes(generation.events).decode(),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Attempt:
        d = json.loads(data)
        ledger = events.from_bytes(d["events"].encode())
        generation = Generation(ledger, tuple(d["longest_runs"]), from_hex(d["model"]))
        return cls(d["number"], generation, from_hex(d.get("maker_salt", "0x")))
