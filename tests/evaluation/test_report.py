"""The page of an evaluation has everything in it, and nothing of it can be code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contrafact.evaluation.report import html, markdown, write_report
from contrafact.evaluation.rows import Results, Row

HOSTILE = "<script>alert('&')</script>"
ROWS = [
    Row("share_error", "Mean error", 0.021, 0.018, 0.025, 60, "≤ 0.03", True),
    Row("regeneration", "Share against overlap", 0.61, 0.5, 0.7, 100, "≥ 0.75", False, "weak"),
    Row("base_share", "Base share", 0.12, None, None, 60, "≤ 0.2", True),
    Row("quality_range", "Range, semitones", 17, 15, 18.5, 60, "", None),
    Row("something_else", HOSTILE, 12_345, None, None, 3, HOSTILE, False, HOSTILE),
]
SERIES = {"requested": [0.1, 0.5, 0.4], "realised": [0.12, 0.48, 0.4], "longest_run": [3, 9, 9, 24]}


@pytest.fixture
def results() -> Results:
    return Results(list(ROWS), dict(SERIES), {"pieces": 60, HOSTILE: HOSTILE})


def row_of(page: str, row: Row) -> str:
    found = re.search(rf'<tr id="{row.id}">.*?</tr>', page, re.DOTALL)
    assert found is not None, row.id
    return found[0]


def test_every_row_is_there_with_its_outcome_in_words(results):
    page = html(results)
    for row, outcome in zip(ROWS, ("met", "not met", "met", "reported", "not met"), strict=True):
        assert re.search(rf">{outcome}<", row_of(page, row)), row.id
    assert "0.018 to 0.025" in row_of(page, ROWS[0])
    assert "≥ 0.75" in row_of(page, ROWS[1])
    assert "weak" in row_of(page, ROWS[1])
    assert "12,345" in row_of(page, ROWS[4])


def test_hostile_text_is_escaped(results):
    page = html(results)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 5


def test_the_page_of_documentation_has_every_row_and_no_markup_of_strangers(results):
    settings = {"pieces": 60, "seconds": 45, "seed": 0, "model": "ab" * 32, "generator": {"version": "generator/9"}}
    page = markdown(replace(results, settings=settings))
    assert "generator/9" in page
    assert "3 of 5 targets" not in page
    assert "2 of 4 targets are met" in page
    assert "<script" not in page
    for row, outcome in zip(ROWS, ("met", "**missed**", "met", "", "**missed**"), strict=True):
        lines = [line for line in page.splitlines() if line.startswith(f"| {row.name[:8]}".replace("<", "&lt;"))]
        assert any(f"| {outcome} |" in line.replace("|  |", "|  |") for line in lines), row.id


def test_what_has_series_is_drawn_in_the_colours_of_the_page(results):
    page = html(results)
    assert page.count("<svg ") == 2
    assert "Requested and realised share" in page
    assert "Longest verbatim run" in page
    assert "#010203" not in page
    assert "var(--ink)" in page


def test_pictures_do_not_share_names(results):
    names = re.findall(r'\bid="([^"]+)"', html(results))
    hashed = [name for name in names if re.fullmatch(r"[mp][0-9a-f]{10}", name)]
    assert hashed
    assert len(hashed) == len(set(hashed))


def test_the_page_needs_nothing_from_elsewhere(results):
    page = html(results)
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', page)
    assert "url(http" not in page


def test_the_same_results_give_the_same_page(results, tmp_path):
    write_report(results, tmp_path / "new" / "evaluation.html")
    assert (tmp_path / "new" / "evaluation.html").read_text(encoding="utf-8") == html(results)


def test_results_without_rows_give_a_page():
    assert "0 measures" in html(Results([], {}, {}))
