"""Statements on pages: whatever titles, amounts and numbers of rows there are, nothing is lost or runs off a page."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.terms import Use
from contrafact.read_model import EarningRow
from contrafact.statements import Described, statement_of, write

from .test_statements import ACCOUNTS, CURRENCIES, DOLLAR, HOLDER, JUNE, OPERATOR, WORKS, frame

TITLE = "Štěpánka’s march № 1 ♭, Ωδή, Песня, 漢字, \u0007and a very long word: " + "x" * 400


def rows(count: int, amount: int) -> list[EarningRow]:
    """Credits of as many orders, and one order that was credited in thirty transactions."""
    what = (DOLLAR, Use.LIVE, OPERATOR, amount, 333_333, amount // 3, 5)
    ids = [sha256(b"order %d" % i) for i in range(count)]
    single = [
        EarningRow(ACCOUNTS[0], WORKS[0], ids[i], *what, JUNE.start + i, to_hex(ids[i]), True) for i in range(count)
    ]
    often = [EarningRow(ACCOUNTS[0], WORKS[0], WORKS[1], *what, JUNE.start, to_hex(ids[i]), True) for i in range(30)]
    return single + often


def test_every_row_is_on_a_page_with_its_number_and_none_runs_off() -> None:
    statement = statement_of(frame(), HOLDER, rows(120, 2**127), [])
    statement = replace(statement, described={WORKS[0]: Described(TITLE)})
    pages = PdfReader(BytesIO(write(statement, "pdf", CURRENCIES.__getitem__).data)).pages
    texts = [page.extract_text() for page in pages]
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert f"Royalty statement · {HOLDER} · 2026-06 · final" in text
    for line in statement.lines:
        assert sum(to_hex(line.order_id) in text for text in texts) >= 1
    assert "Štěpánka’s march № 1 ♭, Ωδή, Песня, [U+6F22][U+5B57]" in "".join(texts)
    assert "… and 20 more, which the CSV names" in "".join(texts)
    low = [float(y) for page in pages for y in heights(page)]
    assert min(low) > 20  # points above the paper's edge, where the footers stand


def test_a_title_of_many_lines_pushes_no_amount_off_the_page() -> None:
    statement = statement_of(frame(), HOLDER, rows(31, 9), [])
    statement = replace(statement, described={WORKS[0]: Described("a\n" * 5_000)})
    pages = PdfReader(BytesIO(write(statement, "pdf", CURRENCIES.__getitem__).data)).pages
    assert min(float(y) for page in pages for y in heights(page)) > 20


@pytest.mark.parametrize("title", ["=1+1", " =1+1", "\n=1+1", "\u200b=1+1", "＝1+1", "\t", "@SUM(A1)"])
def test_a_spreadsheet_takes_no_title_for_a_formula(title: str) -> None:
    statement = statement_of(frame(), HOLDER, rows(30, 9)[:1], [])
    file = write(replace(statement, described={WORKS[0]: Described(title)}), "csv", CURRENCIES.__getitem__)
    assert f"'{title}" in file.data.decode()


def heights(page: object) -> list[float]:
    found: list[float] = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.append(tm[5]) if text.strip() else None)  # type: ignore[attr-defined]
    return found


def test_the_digest_changes_with_what_a_statement_says_and_with_nothing_else() -> None:
    digests = set()
    for amount in (10, 10, 11):
        statement = statement_of(frame(), HOLDER, rows(31, amount * 3), [])
        digests.add(write(statement, "pdf", CURRENCIES.__getitem__).digest)
    assert len(digests) == 2


def test_a_cell_of_the_flat_file_holds_no_tab_line_or_bar_of_a_title() -> None:
    statement = statement_of(frame(), HOLDER, rows(30, 9)[:1], [])
    about = {WORKS[0]: Described("A\tB\nC|D\\E")}
    text = write(replace(statement, described=about), "dsr", CURRENCIES.__getitem__).data.decode()
    (title,) = re.findall(r"^MW01\.01\t1\t\S+\t\t([^\t]*)\t", text, re.M)
    assert title == "A B C\\|D\\\\E"
