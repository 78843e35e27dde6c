"""What all statements share: which chain and contracts, which month, and the block that they are as of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.statement_reads import Point
from contrafact.statements.month import Month
from contrafact.statements.texts import time_text

PROVISIONAL = "PROVISIONAL: the month is not over, or not all of it is confirmed"
FINAL = "final"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain by its id, and the addresses of the deployment's contracts by their names."""

    number: int
    contracts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """`point` is the newest confirmed block of the month, or before it, in which anything happened to the contracts.

    From it to the month's end nothing changed, so that the same months of the same chain have the same point whenever
    they are read. It is None where nothing has happened yet. `complete`: the month is over and confirmed.
    """

    chain: Chain
    month: Month
    point: Point | None
    complete: bool

    @property
    def status(self) -> str:
        return FINAL if self.complete else PROVISIONAL

    @property
    def at(self) -> int:
        """The time of its block, in seconds since the epoch; of the month's beginning where there is none."""
        return self.point.at if self.point else self.month.start

    @property
    def block(self) -> str:
        return str(self.point.number) if self.point else ""

    @property
    def block_hash(self) -> str:
        return to_hex(self.point.hash) if self.point else ""

    @property
    def block_time(self) -> str:
        return time_text(self.point.at) if self.point else ""

    @property
    def contracts(self) -> str:
        """`Name=0x…`, by name, with spaces between."""
        return " ".join(f"{name}={self.chain.contracts[name]}" for name in sorted(self.chain.contracts))
