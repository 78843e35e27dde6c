"""Rolls and share plots draw all that is in a piece, in the colours of its sources."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest

from contrafact.domain.generation import EventNote
from contrafact.gallery.grid import Grid
from contrafact.gallery.roll import ROW, roll_svg, slices
from contrafact.gallery.shares_plot import HEIGHT, shares_svg

GRID = Grid(bars=4, bar_ticks=72, changes=(2,))
NOTES = [
    EventNote(0, 0, 36, 67, (100_000, 600_000, 300_000)),
    EventNote(0, 36, 36, 71, (0, 1_000_000, 0)),
    EventNote(1, 72, 72, 67, (20_000, 0, 980_000)),
    EventNote(1, 72, 72, 48, (20_000, 0, 980_000), "bass"),
    EventNote(2, 144, 12, 36, (500_000, 400_000, 100_000), "drums"),
]
Box = tuple[int, int, int, int]


def drawn(svg: str) -> dict[str, list[Box]]:
    """Rectangles (x, y, width, height) by class."""
    found: dict[str, list[Box]] = defaultdict(list)
    for css, path in re.findall(r'<path class="(c[^"]*)" d="([^"]*)"', svg):
        for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path):
            found[css].append((int(x), int(y), int(w), int(h)))
    return found


def test_every_note_is_drawn_once() -> None:
    boxes = drawn(roll_svg(NOTES, GRID, "x"))
    melody = [box for css, found in boxes.items() if "pale" not in css for box in found]
    heights: Counter[tuple[int, int]] = Counter()
    for x, _, width, height in melody:
        heights[x, width] += height
    assert {x for x, _ in heights} == {GRID.x(n.onset) for n in NOTES if n.part == "melody"}
    assert set(heights.values()) == {ROW}
    pale = [box for css, found in boxes.items() if "pale" in css for box in found]
    assert sorted(x for x, *_ in pale) == [GRID.x(72), GRID.x(144)]


def test_slices_of_a_note_do_not_overlap_and_have_the_heights_of_its_responsibilities() -> None:
    boxes = drawn(roll_svg(NOTES[:1], GRID, "x"))
    (base,), (first,), (second,) = boxes["c0"], boxes["c1"], boxes["c2"]
    assert (base[3], first[3], second[3]) == (6, 36, 18)
    assert (base[1] + base[3], first[1] + first[3]) == (first[1], second[1])


def test_what_is_too_small_to_see_leaves_its_place_to_the_others() -> None:
    assert slices((20_000, 0, 980_000)) == [(2, ROW)]
    assert slices((0, 500_000, 500_000)) == [(1, ROW // 2), (2, ROW // 2)]


def test_what_accompanies_is_pale_and_in_the_colour_of_its_largest_component() -> None:
    boxes = drawn(roll_svg(NOTES, GRID, "x"))
    assert [x for x, *_ in boxes["c2 pale"]] == [GRID.x(72)]
    assert [x for x, *_ in boxes["c0 pale"]] == [GRID.x(144)]


def test_higher_notes_stand_higher_and_drums_below_everything() -> None:
    boxes = drawn(roll_svg(NOTES, GRID, "x"))
    high, low = boxes["c1"][1][1], boxes["c2"][1][1]
    assert high < low < boxes["c2 pale"][0][1] < boxes["c0 pale"][0][1]


def test_each_bar_of_the_shares_is_full_and_a_silent_one_empty() -> None:
    by_bar = [(100_000, 900_000, 0), None, (0, 500_000, 500_000), (0, 0, 1_000_000)]
    heights: Counter[int] = Counter()
    for found in drawn(shares_svg(by_bar, GRID, "x")).values():
        for x, _, width, height in found:
            assert x + width <= GRID.width
            heights[x] += height
    assert heights == {GRID.bar_x(bar): HEIGHT for bar in (0, 2, 3)}


def test_phrases_and_changes_of_weights_are_marked() -> None:
    svg = roll_svg(NOTES, GRID, "x")
    assert re.findall(r'class="steer" d="M(\d+) ', svg) == [str(GRID.bar_x(2))]
    assert re.findall(r'class="bar" d="([^"]*)"', svg)[0].count("M") == 3


def test_a_hostile_name_is_read_aloud_as_text() -> None:
    hostile = '"><script>alert(1)</script>'

    class Reader(HTMLParser):
        names: list[str | None] = []  # noqa: RUF012
        tags: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.add(tag)
            self.names += [value for name, value in attrs if name == "aria-label"]

    reader = Reader()
    reader.feed(roll_svg(NOTES, GRID, hostile))
    assert reader.names == [hostile]
    assert "script" not in reader.tags


def test_a_piece_without_notes_is_refused() -> None:
    with pytest.raises(ValueError, match="no notes"):
        roll_svg([], GRID, "x")
