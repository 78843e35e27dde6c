"""How pages write what the API gives as data: shares, addresses, times. The twin of `shared/format.js`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from markupsafe import Markup

from contrafact.domain.credit_lines import shown
from contrafact.domain.shares import PPM

_USES = {"private": "private listening", "commercial": "commercial use", "broadcast": "broadcast", "live": "live"}
LONG = 80
"""Letters of a title of which lists, and headings of windows, then show the beginning."""


def percent(ppm: int | None) -> str:
    """Parts per million as a percentage with at most two decimals: 333333 → `33.33 %`.

    No share is shown as nothing, or as all, that is not.
    """
    if ppm is None:
        return "—"
    hundredths = (ppm + 50) // 100
    if hundredths == 0 and ppm > 0:
        return "< 0.01 %"
    if hundredths == 10_000 and ppm < PPM:
        return "> 99.99 %"
    return f"{f'{hundredths / 100:.2f}'.rstrip('0').rstrip('.')} %"


def exactly(ppm: int | None) -> str:
    """Parts per million as a percentage with all its decimals, to multiply with: 333333 → `33.3333 %`."""
    return "—" if ppm is None else f"{f'{ppm / 10_000:.4f}'.rstrip('0').rstrip('.')} %"


def short(hexadecimal: str) -> str:
    """An address, id or digest as people compare it: `0x7099…79C8`."""
    return hexadecimal if len(hexadecimal) < 14 else f"{hexadecimal[:6]}…{hexadecimal[-4:]}"


def code(hexadecimal: str | None, kind: str = "address") -> Markup:
    """The same as an element that holds all of it; the page's script adds a button that copies it. A transaction leads
    to what the explorer knows of it.
    """
    if not hexadecimal:
        return Markup("—")
    opens, closes = ('<a href="/explorer?q={0}"', "</a>") if kind == "transaction" else ("<span", "</span>")
    form = opens + ' class="code" data-copy="{0}" data-kind="{1}" title="{0}" aria-label="{1} {0}">{2}' + closes
    return Markup(form).format(hexadecimal, kind, short(hexadecimal))


def called(title: str | None) -> Markup:
    """A title as an element, which is anybody's text in anybody's script; of a `LONG` one lists show the beginning."""
    text = title or "Untitled"
    form = '<bdi class="cut" title="{0}">{0}</bdi>' if len(text) > LONG else "<bdi>{0}</bdi>"
    return Markup(form).format(text)


def when(time: datetime | str | None) -> Markup:
    """A time as an element; it stands there in UTC until the page's script writes it in the reader's zone."""
    if time is None:
        return Markup("—")
    at = datetime.fromisoformat(time) if isinstance(time, str) else time
    return Markup('<time datetime="{0}" data-local>{1}</time>').format(at.isoformat(), f"{at:%Y-%m-%d %H:%M} UTC")


def use(name: str) -> str:
    """A use in words."""
    return _USES.get(name, name)


FILTERS: Mapping[str, Callable[..., object]] = {
    "percent": percent,
    "exactly": exactly,
    "short": short,
    "code": code,
    "called": called,
    "when": when,
    "use": use,
    "credit": shown,
}
"""Filters of the templates, by name."""
