"""Texts as they are searched for: without accents, case and punctuation, the same way on every database."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, and_, literal

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
MAX_WORDS = 12


def folded(*texts: str) -> str:
    """The words of the texts, in small letters without accents, with a space before each.

    `folded("O'Neill’s March")` is `" o neill s march"`.
    """
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold()).translate(_LETTERS)
    letters = (c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return "".join(f" {word}" for word in words)


def matches(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether each word of the text begins a word of the folded column. Words beyond the twelfth do not count."""
    words = folded(text).split()[:MAX_WORDS]
    return and_(literal(True), *(column.like(f"% {word}%") for word in words))
