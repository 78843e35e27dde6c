"""Tidying ABC before music21 reads it: old files use signs that its reader takes for notes or drops notes over."""

from __future__ import annotations

import re

_FIELD = re.compile(r"^[A-Za-z]:")
_QUOTED = re.compile(r'"[^"]*"')
_GRACE = re.compile(r"\{[^}]*\}")
_DECORATION = re.compile(r"![^!\s|]{1,16}!")
_OLD_CHORD = re.compile(r"\+([^+\s|]+)\+")
_INLINE_FIELD = re.compile(r"(\[[A-Za-z]:[^\]]*\])")
# Letters H–Y and h–w before a note are ornaments and bowings (Z, z and x are rests); the rest are layout.
_ORNAMENTS = re.compile(r"[H-Yh-wy~.!*\\`$;]")


def tidy(text: str) -> str:
    """ABC with the notes, bars, repeats and fields only: no comments, chord names, grace notes or ornaments."""
    lines = (line.split("%", 1)[0].rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line if _FIELD.match(line) else _tidy_music(line) for line in lines) + "\n"


def _tidy_music(line: str) -> str:
    line = _GRACE.sub("", _QUOTED.sub("", line))
    line = _OLD_CHORD.sub(r"[\1]", _DECORATION.sub("", line))
    pieces = _INLINE_FIELD.split(line)
    return "".join(piece if index % 2 else _ORNAMENTS.sub("", piece) for index, piece in enumerate(pieces))
