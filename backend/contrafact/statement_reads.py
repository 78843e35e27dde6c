"""The port through which statements are read: what the read model has, and the state of a past block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contrafact.read_model import Listing, Page, PaymentRow, ReadModel


@dataclass(frozen=True, slots=True)
class Point:
    """A block of the chain; `at` in seconds since the epoch."""

    number: int
    hash: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as the domain's decoders take it, and when it was; in the chain's order by `block` and `index`."""

    contract: str
    name: str
    arguments: Mapping[str, Any]
    block: int
    index: int
    transaction: str
    at: int


class StatementReads(ReadModel, Protocol):
    """`until` is the last block that counts. Raises as ReadModel does."""

    def point(self, before: int) -> Point | None:
        """The newest confirmed block before the second `before` in which anything happened; None without any."""

    def is_holder(self, address: str) -> bool:
        """Whether the address is in a published split, or was ever paid from an account."""

    def drawn(self, holder: str, page: Page) -> Listing[PaymentRow]:
        """What was paid from the holder's places, to whomever, and what reached its wallet, newest first."""

    def unpublished(self, until: int) -> int:
        """Royalty accounts of works that have money by then, and whose rights split no document has told yet."""

    def happenings(self, names: Sequence[str], until: int) -> Iterator[Happening]:
        """All events with these names, in the chain's order."""

    def happenings_of(self, operator: str, names: Sequence[str], until: int) -> Sequence[Happening]:
        """The same of the operator's orders, and those that are about no order or account: bonds, failed transfers."""
