"""How the epochs of a model's training pool are shared among its training works."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    EQUAL = "equal"
    INFLUENCE = "influence"


@dataclass(frozen=True, slots=True)
class PoolRule:
    """How an epoch is shared among training works.

    `owner_cap` in ppm, 1_000_000 = no cap; `evidence` is the SHA-256 of the evaluation that licenses `influence`, 32
    zero bytes for `equal`.
    """

    rule: Rule = Rule.EQUAL
    owner_cap: int = 1_000_000
    evidence: bytes = bytes(32)
