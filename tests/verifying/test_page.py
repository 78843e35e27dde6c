"""The page /verify in a real browser: as somebody uses it who found a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from .finds import Finds, other_music
from .serving import served

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect

from tests.web.browsing import NEEDS_CHROMIUM, chromium

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]
DROP = """([bytes, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
  document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(app: FastAPI, browser: Browser) -> Iterator[Page]:
    """The page on a phone; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    with served(app) as url:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(60_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/verify")
        yield page
        page.close()
    assert complaints == []


def test_a_chosen_file_shows_verdict_sources_and_payments(page: Page, finds: Finds) -> None:
    page.keyboard.press("Tab")
    for _ in range(7):  # past the links and the wallet at the top
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "file"
    page.set_input_files("#file", {"name": "found.flac", "mimeType": "audio/flac", "buffer": finds.certified()})
    expect(page.get_by_role("heading", name="Certified")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "result"
    expect(page.get_by_role("status")).to_have_text("found.flac: certified.")
    expect(page.locator(".verdict")).to_contain_text("you get no permission from this file")
    expected = finds.verify(finds.plain).to_dict()["order"]
    rows = page.locator(".sources li")
    for place, row in enumerate(expected["sources"]):
        expect(rows.nth(place)).to_contain_text(row["title"])
        expect(rows.nth(place)).to_contain_text(row["paid"]["text"])
        width = rows.nth(place).locator(".bar span").evaluate("fill => fill.style.width")
        assert float(width.rstrip("%")) == pytest.approx(row["share"] / 10_000, abs=0.001)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # nothing hangs over on a phone


def test_a_dropped_file_is_told_from_one_that_is_no_audio(page: Page) -> None:
    import base64

    page.evaluate(DROP, [base64.b64encode(other_music()).decode(), "<b>strange</b>.flac"])
    expect(page.get_by_role("heading", name="Unknown")).to_be_visible(timeout=60_000)
    expect(page.locator(".kicker")).to_have_text("<b>strange</b>.flac")
