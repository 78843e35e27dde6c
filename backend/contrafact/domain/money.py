"""Amounts of a token as people read them. Inside the program money is always an integer number of units."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Currency:
    """A token as people see it: `symbol`, and how many decimals one whole has."""

    symbol: str
    decimals: int

    def format(self, units: int) -> str:
        """`1250000` units of a 6-decimal dollar → `1.25 USD`; never rounded, at least two decimals."""
        sign, units = ("-", -units) if units < 0 else ("", units)
        whole, part = divmod(units, 10**self.decimals)
        fraction = f"{part:0{self.decimals}d}".rstrip("0").ljust(min(2, self.decimals), "0") if self.decimals else ""
        return f"{sign}{whole:,}{'.' if fraction else ''}{fraction} {self.symbol}"

    def parse(self, text: str) -> int:
        """`1.25` → units. Raises InvalidInput for anything but a decimal number with at most `decimals` places."""
        whole, _, part = text.strip().partition(".")
        digits = whole + part
        # No token holds an amount of 78 digits, and Python refuses to read one of thousands.
        if not (digits.isascii() and digits.isdigit() and len(digits) < 78) or len(part) > self.decimals:
            raise InvalidInput(f"{text!r} is not an amount.", f"Write a number with up to {self.decimals} decimals.")
        return int(f"{whole}{part:0<{self.decimals}}")
