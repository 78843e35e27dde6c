"""Texts as they are searched for: without accents, case and punctuation, the same way on every database."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from contrafact.store.tables import work_words, works

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_KEY_BYTES = 64
MAX_ASKED = 12
"""Words of a query that count."""
RARE = 500
"""Works; a word that fewer have is looked up in the index of words, the others while the works are gone through."""


def folded(*texts: str) -> str:
    """The words of the texts, in small letters without accents, with a space before each.

    `folded("O'Neill’s March")` is `" o neill s march"`.
    """
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold()).translate(_LETTERS)
    letters = (c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return "".join(f" {word}" for word in words)


def as_key(word: str) -> bytes:
    """A folded word as the index of words has it: bytes, which every database sorts alike."""
    return word.encode()[:_KEY_BYTES]


def matches(session: Session, text: str) -> list[ColumnElement[bool]]:
    """Conditions under which each word of the text begins a word of a work; signs without a word are in none."""
    words = folded(text).split()[:MAX_ASKED]
    return [_has(session, word) for word in words] if words or not text.strip() else [false()]


def _has(session: Session, word: str) -> ColumnElement[bool]:
    key = as_key(word)
    begins = (work_words.c.word >= key) & (work_words.c.word < key + b"\xff")
    some = select(work_words.c.work_id).where(begins).limit(RARE).subquery()
    if session.execute(select(func.count()).select_from(some)).scalar_one() < RARE:
        return works.c.work_id.in_(select(work_words.c.work_id).where(begins))
    return works.c.folded.like(f"% {word}%")
