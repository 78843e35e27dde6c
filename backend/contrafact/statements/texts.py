"""How statements write times, shares and what others have named."""

from __future__ import annotations

from datetime import UTC, datetime

from contrafact.domain.money import decimal
from contrafact.domain.shares import PPM

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def time_text(seconds: int) -> str:
    """Seconds since the epoch in UTC, as RFC 3339 has it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def percentage(ppm: int) -> str:
    """Parts per million in percent: `33.3333`."""
    return decimal(ppm * 100, len(str(PPM)) - 1, 4)


def one_line(text: str) -> str:
    """Without what a terminal or a page would take as a command; each such character becomes a space."""
    return "".join(c if c.isprintable() else " " for c in text)


def cell(text: str) -> str:
    """Anybody's text for a table: a spreadsheet runs what begins like a formula, also behind what is not seen."""
    begins = "".join(c for c in text if c.isprintable()).lstrip()
    return f"'{text}" if begins.startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text
