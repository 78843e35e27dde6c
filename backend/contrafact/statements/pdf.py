"""Sheets as PDF: text that can be selected and searched, numbered pages, the same bytes for the same sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from contrafact.errors import NotFound
from contrafact.statements.sheet import Section, Sheet, contracts
from contrafact.statements.texts import one_line
from contrafact.statements.wrapping import Face, wrapped

FONTS = Path(__file__).parent / "fonts"
FAMILY, TEXT, SMALL, HEADING, TITLE = "DejaVu", 7.0, 6.0, 10.0, 16.0
LEADING, PAD, GAP = 1.35, 1.2, 4.0
MOST = 300
"""Characters of a cell: the longest title that a page shows whole. The table has all of it."""
_POINT = 25.4 / 72


def to_pdf(sheet: Sheet) -> bytes:
    """A4 on its side. Raises NotFound where the extra `service` is not installed."""
    pdf = _document(sheet)
    pdf.add_page()
    _title(pdf, sheet)
    for section in (*sheet.sections, contracts(sheet.frame)):
        _section(pdf, section)
    _notes(pdf, sheet)
    return bytes(pdf.output())


def _document(sheet: Sheet) -> Any:
    try:
        from contrafact.statements.paper import Paper
    except ImportError as error:
        text = "PDF needs the library fpdf2, which is not installed."
        raise NotFound(text, "Run: pip install 'contrafact[service]'") from error
    frame = sheet.frame
    head = f"{sheet.title} · {sheet.subject} · {frame.month} · {frame.status}"
    foot = f"Chain {frame.chain.number} · block {frame.block or 'none'} · {frame.block_hash}"
    pdf = Paper(head, foot)
    for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
        pdf.add_font(FAMILY, style, FONTS / f"{name}.ttf")
    pdf.set_title(head)
    pdf.set_producer("Contrafact")
    pdf.set_lang("en")
    pdf.set_creation_date(datetime.fromtimestamp(frame.at, UTC))
    return pdf


def _title(pdf: Any, sheet: Sheet) -> None:
    _say(pdf, sheet.title, TITLE, "B")
    pdf.ln(2)
    for name, value in sheet.facts:
        _row(pdf, ((name, 0.16, False, "B"), (value, 0.84, False, "")), TEXT)
    pdf.ln(GAP)


def _section(pdf: Any, section: Section) -> None:
    """A heading stays with what follows it; the columns' names stand on every page that the table goes on to."""
    pdf.need(HEADING * _POINT * LEADING + 4 * _line(TEXT))
    _say(pdf, section.title, HEADING, "B")
    if section.note:
        _say(pdf, section.note, SMALL)
    if not section.rows:
        _say(pdf, section.empty, TEXT)
        pdf.ln(GAP)
        return
    names = tuple((column.name, column.share, column.right, "B") for column in section.columns)
    if any(column.name for column in section.columns):
        _row(pdf, names, TEXT, rule=True)
    for number, row in enumerate(section.rows):
        style = "B" if number in section.strong else ""
        cells = tuple((text, c.share, c.right, style) for text, c in zip(row, section.columns, strict=True))
        if _row(pdf, cells, SMALL if len(row) > 4 else TEXT, only_if_fits=True):
            continue
        pdf.add_page()
        _row(pdf, names, TEXT, rule=True)
        _row(pdf, cells, SMALL if len(row) > 4 else TEXT)
    pdf.ln(GAP)


def _notes(pdf: Any, sheet: Sheet) -> None:
    pdf.need(len(sheet.notes) * 2 * _line(SMALL))
    for note in sheet.notes:
        _row(pdf, ((note, 1.0, False, ""),), SMALL)


Cell = tuple[str, float, bool, str]
"""Text, part of the width, whether it stands at the right, and style."""


def _row(pdf: Any, cells: tuple[Cell, ...], size: float, rule: bool = False, only_if_fits: bool = False) -> bool:
    """Draws the cells beside one another; False where the page has no room for them, and they were to fit."""
    lines = [_lines(pdf, text, share * pdf.epw - 2 * PAD, size, style) for text, share, _, style in cells]
    height = max(map(len, lines)) * _line(size) + PAD
    if only_if_fits and not pdf.has_room(height):
        return False
    pdf.need(height)
    left, top = pdf.l_margin, pdf.get_y()
    for (_, share, right, style), found in zip(cells, lines, strict=True):
        pdf.set_font(FAMILY, style, size)
        for number, text in enumerate(found):
            pdf.set_xy(left, top + PAD / 2 + number * _line(size))
            pdf.cell(share * pdf.epw, _line(size), text, align="R" if right else "L")
        left += share * pdf.epw
    pdf.set_draw_color(*((60, 60, 60) if rule else (215, 215, 215)))
    pdf.line(pdf.l_margin, top + height, pdf.l_margin + pdf.epw, top + height)
    pdf.set_xy(pdf.l_margin, top + height)
    return True


def _say(pdf: Any, text: str, size: float, style: str = "") -> None:
    pdf.set_font(FAMILY, style, size)
    pdf.cell(pdf.epw, size * _POINT * LEADING, _known(text), new_x="LMARGIN", new_y="NEXT")


def _lines(pdf: Any, text: str, width: float, size: float, style: str) -> list[str]:
    shown = [_known(part if len(part) <= MOST else part[: MOST - 1] + "…") for part in text.split("\n")]
    face = _face("DejaVuSans-Bold" if style else "DejaVuSans")
    return [line for part in shown for line in wrapped(part, width / (size * _POINT), face)]


def _known(text: str) -> str:
    """Characters that the font lacks as their numbers, so that nothing is missing without a trace: `[U+6F22]`."""
    face = _face("DejaVuSans")
    return "".join(c if c in face else f"[U+{ord(c):04X}]" for c in one_line(text))


def _line(size: float) -> float:
    return size * _POINT * LEADING


@lru_cache(maxsize=2)
def _face(name: str) -> Face:
    return Face.load(FONTS / f"{name}.ttf")
