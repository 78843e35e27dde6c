"""Amounts of a token as people read them. Inside the program money is always an integer number of units."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Currency:
    """A token as people see it: `symbol`, and how many decimals one whole has."""

    symbol: str
    decimals: int

    def format(self, units: int, least: int = 2) -> str:
        """`1250000` units of a 6-decimal dollar → `1.25 USD`; never rounded, at least `least` decimals."""
        return f"{decimal(units, self.decimals, least)} {self.symbol}"

    def parse(self, text: str) -> int:
        """`1.25` → units. Raises InvalidInput for anything but a decimal number with at most `decimals` places."""
        whole, _, part = text.strip().partition(".")
        digits = whole + part
        # No token holds an amount of 78 digits, and Python refuses to read one of thousands.
        if not (digits.isascii() and digits.isdigit() and len(digits) < 78) or len(part) > self.decimals:
            raise InvalidInput(f"{text!r} is not an amount.", f"Write a number with up to {self.decimals} decimals.")
        return int(f"{whole}{part:0<{self.decimals}}")


def decimal(units: int, decimals: int, least: int = 2) -> str:
    """`units / 10^decimals`, exactly; `1250000` with 6 decimals is `1.25` for `least` 2."""
    sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    whole, fraction = digits[:-decimals], digits[-decimals:].rstrip("0")
    return f"{sign}{whole}.{fraction.ljust(min(least, decimals), '0')}"
