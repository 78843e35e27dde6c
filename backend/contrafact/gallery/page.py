"""The gallery as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contrafact.domain.shares import PPM

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Shown:
    """A piece as the page shows it: its entry in the gallery's data, its pictures, and paths of the files written."""

    data: dict[str, Any]
    roll: Markup
    shares: Markup
    audio: str
    stems: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str]]


def html(document: dict[str, Any], pieces: Sequence[Shown]) -> str:
    """The page of a gallery; the same for the same pieces, and it needs nothing but its sound files."""
    return _environment().get_template("gallery.html.j2").render(document=document, pieces=pieces, letters=LETTERS)


@cache
def _environment() -> Environment:
    loader = PackageLoader("contrafact.gallery", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters["figure"] = _figure
    found.filters["percent"] = lambda ppm: f"{100 * ppm / PPM:.1f} %"
    return found


def _figure(value: float | None) -> str:
    """Whole numbers as they are, others with two decimals or three digits."""
    if value is None:
        return "–"
    if float(value).is_integer():
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
