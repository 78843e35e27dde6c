"""Credits as tunes in ABC notation carry them (`C:Bob`), in words. Others are left as they are."""

from __future__ import annotations

import re

_FIELDS = {
    "A": "area",
    "B": "book",
    "C": "composer",
    "D": "discography",
    "H": "history",
    "O": "origin",
    "S": "source",
    "Z": "transcription",
}
"""The fields of the ABC standard (2.1) that say where a tune is from, by their letters."""
_FIELD = re.compile(rf"([{''.join(_FIELDS)}]):\s*(\S.*)", re.DOTALL)


def in_words(credit: str) -> str:
    """`B:O'Neill's 1850` as `book: O'Neill's 1850`; the same for the same credit."""
    found = _FIELD.fullmatch(credit)
    return f"{_FIELDS[found[1]]}: {found[2]}" if found else credit
