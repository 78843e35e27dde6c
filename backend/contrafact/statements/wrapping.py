"""Texts broken into lines by the widths of a font's characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Face:
    """A font's characters and their widths, in parts of its size."""

    widths: dict[str, float]

    def __contains__(self, character: str) -> bool:
        return character in self.widths

    def width(self, text: str) -> float:
        return sum(self.widths.get(c, 1.0) for c in text)

    @classmethod
    def load(cls, path: Path) -> Face:
        """From a TrueType file."""
        from fontTools.ttLib import TTFont

        with TTFont(path) as font:
            metrics, size = font["hmtx"], font["head"].unitsPerEm
            return cls({chr(code): metrics[name][0] / size for code, name in font.getBestCmap().items()})


def wrapped(text: str, width: float, face: Face) -> list[str]:
    """Lines of at most `width` (in parts of the font's size), broken between words, and within longer ones."""
    lines, line, used, space = [], "", 0.0, face.width(" ")
    for word, needs in _pieces(text, width, face):
        if line and used + space + needs > width:
            lines.append(line)
            line, used = word, needs
        else:
            line, used = (f"{line} {word}", used + space + needs) if line else (word, needs)
    return [*lines, line]


def _pieces(text: str, width: float, face: Face) -> Iterator[tuple[str, float]]:
    """The words with their widths; one that is wider than a line in parts that are not."""
    for word in text.split(" "):
        part, used = "", 0.0
        for character in word:
            needs = face.width(character)
            if part and used + needs > width:
                yield part, used
                part, used = "", 0.0
            part, used = part + character, used + needs
        yield part, used
