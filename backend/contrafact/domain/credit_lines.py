"""Credits as tunes in ABC notation carry them (`C:Bob`), in words. Others are left as they are."""

from __future__ import annotations

import re

_FIELDS = {
    "A": "area",
    "B": "book",
    "C": "composer",
    "D": "discography",
    "H": "history",
    "N": "notes",
    "O": "origin",
    "S": "source",
    "Z": "transcription",
}
"""The fields of the ABC standard (2.1) that say where a tune is from, by their letters."""
_FIELD = re.compile(rf"([{''.join(_FIELDS)}]):\s*(\S.*)", re.DOTALL)


_MAILBOX = re.compile(r"([\w.+-]+)[@:](?:[\w-]+\.)+[a-z]{2,}\b", re.IGNORECASE)


def shown(credit: str) -> str:
    """The same as people read it: in words, and of e-mail addresses only the name before the host."""
    return _MAILBOX.sub(r"\1", in_words(credit))


def in_words(credit: str) -> str:
    """`B:O'Neill's 1850` as `book: O'Neill's 1850`; the same for the same credit."""
    found = _FIELD.fullmatch(credit)
    return f"{_FIELDS[found[1]]}: {found[2]}" if found else credit
