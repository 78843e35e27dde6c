"""Amounts, shares and addresses as people read them. Exact: nothing is rounded away."""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.audit.ports import TokenInfo

_UNKNOWN = TokenInfo("units", 0)
_SYMBOL_LENGTH = 12


def amount(units: int, token: str, tokens: Mapping[str, TokenInfo]) -> str:
    """An amount with its unit, for example `1.250000 TUSD`; six decimals, more where they count."""
    info = tokens.get(token, _UNKNOWN)
    return f"{decimal(units, info.decimals, least=6)} {info.symbol[:_SYMBOL_LENGTH]}"


def decimal(units: int, decimals: int, least: int = 2) -> str:
    """`units / 10^decimals`, exactly; `1250000` with 6 decimals is `1.25` for `least` 2."""
    sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    whole, fraction = digits[:-decimals], digits[-decimals:].rstrip("0")
    return f"{sign}{whole}.{fraction.ljust(min(least, decimals), '0')}"


def percent(ppm: int) -> str:
    """Parts per million as a percentage, exactly: `333333` is `33.3333 %`."""
    return f"{decimal(ppm, 4)} %".replace(".00 %", " %")


def short(identifier: str) -> str:
    """The ends of a long id or address: `0x1234…cdef`."""
    return identifier if len(identifier) <= 14 else f"{identifier[:6]}…{identifier[-4:]}"


def clipped(text: str, length: int) -> str:
    """`text`, cut with an ellipsis where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
