"""The port through which statements are read: what the read model has, and the state of a past block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from contrafact.domain.contests import Contest
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


class By(StrEnum):
    """What earnings are summed by; months are calendar months in UTC."""

    WORK = "work"
    KIND = "kind"
    OPERATOR = "operator"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class EarningSum:
    """What a holder earned by one key in one token, in its units: `earned` is confirmed, `pending` not yet.

    `key` is a work's id, a kind (`EarningRow.kind`), an operator's address (None where no order is behind it), or a
    month as `2026-01`. `lines` counts both.
    """

    key: bytes | str | None
    token: str
    lines: int
    earned: int
    pending: int


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account that a contest holds: how much of it all contests together hold now, in units of its token."""

    account: bytes
    token: str
    held: int


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest as it stands, and what is held now of the accounts that it names; `confirmed`: its newest event is."""

    contest: Contest
    held: tuple[HeldAccount, ...]
    opened_at: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ContestQuery:
    """Which contests; None matches everything. `touching` is who claims a work, licenses it or holds a share of it."""

    work_id: bytes | None = None
    touching: str | None = None
    open: bool = False


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

    def earning_sums(
        self, holder: str, by: By, since: int = 0, until: int | None = None, work: bytes | None = None
    ) -> Sequence[EarningSum]:
        """The holder's lines of earnings summed, exactly; largest first in each token, months in their order."""

    def contests(self, query: ContestQuery, page: Page) -> Listing[ContestRow]:
        """Contests of works, newest first."""

    def titles(self, ids: Iterable[bytes]) -> Mapping[bytes, str]:
        """How works and models among these are called; left out where no document has told."""

    def happenings(self, names: Sequence[str], until: int) -> Iterator[Happening]:
        """All events with these names, in the chain's order."""

    def happenings_of(self, operator: str, names: Sequence[str], until: int) -> Sequence[Happening]:
        """The same of the operator's orders, and those that are about no order or account: bonds, failed transfers."""
