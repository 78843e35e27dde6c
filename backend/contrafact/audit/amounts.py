"""Amounts, shares and addresses as people read them. Exact: nothing is rounded away."""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.domain.money import Currency, decimal

_UNKNOWN = Currency("units", 0)
_SYMBOL_LENGTH = 12


def amount(units: int, token: str, tokens: Mapping[str, Currency], least: int = 6) -> str:
    """An amount with its unit, for example `1.250000 TUSD`; at least so many decimals, more where they count."""
    known = tokens.get(token, _UNKNOWN)
    return Currency(known.symbol[:_SYMBOL_LENGTH], known.decimals).format(units, least)


def percent(ppm: int) -> str:
    """Parts per million as a percentage, exactly: `333333` is `33.3333 %`."""
    return f"{decimal(ppm, 4)} %".replace(".00 %", " %")


def short(identifier: str) -> str:
    """The ends of a long id or address: `0x1234…cdef`."""
    return identifier if len(identifier) <= 14 else f"{identifier[:6]}…{identifier[-4:]}"


def clipped(text: str, length: int) -> str:
    """`text`, cut with an ellipsis where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
