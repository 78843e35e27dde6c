"""The port through which an explorer reads: what the beginning of an id names, and how much there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from contrafact.domain.splits import Split
from contrafact.read_model import WorkRow
from contrafact.statement_reads import Happening, StatementReads

Kind = Literal["order", "work", "model", "record", "file", "account"]
MOST_NAMED = 20
"""Things of one kind that the beginning of an id is answered with."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something whose id begins as asked. Of a record, and of a work's file or account, `leads_to` is the order or
    the work.
    """

    kind: Kind
    id: bytes
    leads_to: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is; `holders` are the addresses in published rights splits."""

    works: int
    orders: int
    models: int
    holders: int


class ExplorerReads(StatementReads, Protocol):
    """Raises as ReadModel does."""

    def counts(self) -> Counts: ...

    def newest_works(self, limit: int) -> Sequence[WorkRow]:
        """The works that were registered last, the newest first."""

    def named(self, beginning: str) -> Sequence[Named]:
        """What has an id or digest that begins with these hex digits (1 to 64), `MOST_NAMED` of each kind at most."""

    def addressed(self, beginning: str) -> Sequence[str]:
        """Holders, licensors, makers and operators whose address begins with these hex digits; `MOST_NAMED` at most."""

    def in_transactions(self, beginning: str) -> Sequence[Happening]:
        """The events of the transactions whose hash begins with these hex digits; `MOST_NAMED` at most."""

    def happenings_after(self, names: Sequence[str], after: int, until: int) -> Iterator[Happening]:
        """All events with these names in blocks above `after`, up to `until`, in the chain's order."""

    def happenings_about(self, subjects: Collection[bytes], names: Sequence[str]) -> Sequence[Happening]:
        """The events with these names whose first argument is one of these ids, in the chain's order."""

    def has_block(self, number: int, digest: bytes) -> bool:
        """Whether the index has this very block."""

    def splits(self, roots: Iterable[bytes]) -> Mapping[bytes, Split]:
        """The rights splits that documents have told, by their roots."""
