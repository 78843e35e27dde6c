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
    lines, line = [], ""
    for word in _pieces(text, width, face):
        longer = f"{line} {word}" if line else word
        if line and face.width(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _pieces(text: str, width: float, face: Face) -> Iterator[str]:
    """The words; one that is wider than a line in parts that are not."""
    for word in text.split(" "):
        part = ""
        for character in word:
            if part and face.width(part + character) > width:
                yield part
                part = ""
            part += character
        yield part
