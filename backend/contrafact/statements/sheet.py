"""A statement as a page shows it: headings, tables of texts. What it says is the statements' own; how, the PDF's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.money import decimal
from contrafact.statements.frame import Frame
from contrafact.statements.rows import Currencies


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is its part of the page's width; numbers stand at the right."""

    name: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table under a heading; `empty` stands where it has no rows. `strong` numbers rows that are sums."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    empty: str = "Nothing in this month."
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    subject: str
    frame: Frame
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


def facts(frame: Frame, subject: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What stands at the head: whose, which month, which chain, and the block."""
    return (
        *subject,
        ("Month", f"{frame.month} (UTC)"),
        ("Status", frame.status),
        ("Chain", str(frame.chain.number)),
        ("As of block", f"{frame.block} of {frame.block_time}" if frame.point else "none yet"),
        ("Block hash", frame.block_hash),
    )


def contracts(frame: Frame) -> Section:
    """The contracts that it is of: the last table, for money comes first."""
    rows = tuple((name, frame.chain.contracts[name]) for name in sorted(frame.chain.contracts))
    columns = (Column("Name", 0.3), Column("Address", 0.7))
    return Section(f"Contracts on chain {frame.chain.number}", columns, rows, empty="None.")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts as pages write them."""

    currency: Currencies

    def text(self, units: int, token: str) -> str:
        """In decimals with the token's symbol, never rounded."""
        paid = self.currency(token)
        return f"{decimal(units, paid.decimals)} {paid.symbol}"

    def pair(self, units: int, token: str) -> tuple[str, str]:
        return self.text(units, token), str(units)

    def tokens(self, tokens: Sequence[str]) -> Section:
        """What each symbol stands for."""
        columns = (Column("Token", 0.2), Column("Decimals", 0.1, right=True), Column("Address", 0.7))
        found = [(self.currency(token), token) for token in sorted(set(tokens), key=str.lower)]
        rows = tuple((paid.symbol, str(paid.decimals), token) for paid, token in found)
        note = "Amounts are exact. A token's unit is its smallest part: one whole has 10 to the power of its decimals."
        return Section("Tokens", columns, rows, note, empty="None.")
