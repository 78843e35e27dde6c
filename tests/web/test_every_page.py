"""What holds for every page, whoever makes it: see `tour`, which reads the pages from the routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from contrafact.demo import world
from contrafact.domain.digests import to_hex

from .bench import values_of, weight_of
from .conftest import Visit
from .hostile import MARKUP, TITLES, registered
from .ordering import delivered_order
from .site import WebSite, founded, site_in
from .tour import MISSING, tour
from .wallets import TestWallet

axe_core = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
pytestmark = pytest.mark.slow
AXE = (Path(axe_core.__file__).parent / "axe.min.js").read_text()
MOST_BYTES = 500_000
NARROW, WIDE = 360, 1280
TABS = 15
LICENSOR, PARTNER = 11, 12

SERIOUS = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
  .filter(({impact}) => ["serious", "critical"].includes(impact))
  .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 200)).join(" | ")}`))"""
FRAME = """() => ({
  headings: document.querySelectorAll("h1").length,
  landmarks: ["header", "nav[aria-label]", "main", "footer"].filter((one) => !document.querySelector(one)),
  title: document.title,
  language: document.documentElement.lang,
})"""
OVERHANG = """() => {
  const {scrollWidth, clientWidth} = document.documentElement;
  return scrollWidth > clientWidth && [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > clientWidth + 1).slice(0, 4)
    .map((one) => one.outerHTML.slice(0, 120));
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const longest = (value) => Math.max(...value.split(",").map(parseFloat));
  return style.animationName !== "none" && longest(style.animationDuration) > 0.05
    || longest(style.transitionDuration) > 0.05;
}).map((one) => one.outerHTML.slice(0, 120))"""
FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const seen = one.tagName === "AUDIO" || box.width > 0 && box.height > 0
    && (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none");
  return {what: one.outerHTML.slice(0, 120), seen};
}"""
LOOSE = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (walker.currentNode.data.includes("\\u202e") && !parent.closest("bdi, option, textarea, svg")) {
      found.push(parent.outerHTML.slice(0, 160));
    }
  }
  return found;
}"""
HARMED = "() => window.hostile !== undefined || document.querySelector('img[src=\"x\"]') !== null"


@dataclass
class Faults:
    """What is wrong, by page; all of it is told at once."""

    found: list[str] = field(default_factory=list)

    def note(self, page: str, what: str, wrong: object) -> None:
        if wrong:
            self.found.append(f"{page}: {what}: {wrong}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """One of its own, because of what is registered in it."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    with site_in(tmp_path_factory.mktemp("hostile"), founded(shared)) as site:
        yield site


@pytest.fixture(scope="module")
def hostile(site: WebSite) -> list[str]:
    """The ids of works that are made to break pages."""
    works = registered(site, world.account(LICENSOR), world.account(PARTNER).address)
    return [to_hex(work) for work in works]


@pytest.fixture(scope="module")
def order(site: WebSite, hostile: list[str]) -> str:
    """A piece made of all of them."""
    quarters = (250_000,) * len(hostile)
    return delivered_order(site, world.account(world.MAKER), "private", weights=quarters, works=hostile)


@pytest.fixture(scope="module")
def pages(site: WebSite, hostile: list[str], order: str) -> list[str]:
    values = values_of(site, order) | {"work": hostile[0]}
    return [*tour(values), *(f"/works/{work}" for work in hostile[1:]), MISSING]


def test_every_page_is_sound_for_a_visitor(visit: Visit, site: WebSite, pages: list[str]) -> None:
    """By daylight on a broad screen: and what hangs over sideways once the screen is narrow."""
    faults = Faults()
    for path in pages:
        page, requests = visit(None, width=WIDE), list[Request]()
        page.on("requestfinished", lambda request, requests=requests: requests.append(request))
        answer = opened(page, site, path)
        policy = answer.headers.get("content-security-policy", "")
        faults.note(path, "policy", "default-src 'none'" not in policy or "unsafe" in policy)
        inspect(page, path, faults)
        faults.note(path, "bytes", (weight := sum(map(weight_of, requests))) > MOST_BYTES and weight)
        faults.note(path, "focus", [one["what"] for one in tabbed(page) if not one["seen"]])
        page.set_viewport_size({"width": NARROW, "height": 800})
        faults.note(path, f"hangs over at {NARROW} px", page.evaluate(OVERHANG))
        page.context.close()
    assert not faults.found, "\n".join(faults.found)


def test_every_page_is_sound_for_somebody_signed_in(visit: Visit, site: WebSite, pages: list[str]) -> None:
    """At night on a narrow screen, for a rights holder who does not like things that move."""
    faults = Faults()
    page = visit(
        "/", TestWallet(world.account(LICENSOR), site.chain), width=NARROW, color_scheme="dark", reduced_motion="reduce"
    )
    page.get_by_role("button", name="Connect wallet").click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", world.account(LICENSOR).address)
    for path in pages:
        opened(page, site, path)
        inspect(page, path, faults)
        faults.note(path, f"hangs over at {NARROW} px", page.evaluate(OVERHANG))
        faults.note(path, "moves", page.evaluate(MOVING))
    assert not faults.found, "\n".join(faults.found)


def test_titles_are_shown_as_the_text_that_they_are(visit: Visit, hostile: list[str], order: str) -> None:
    page = visit("/studio")
    for path in (f"/works/{hostile[0]}", f"/orders/{order}", "/works?text=hostile", "/explorer?q=hostile"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(MARKUP[:40])
    assert len(TITLES) == len(hostile)


def opened(page: Page, site: WebSite, path: str) -> Any:
    """The page once its scripts have nothing more to fetch."""
    if path == MISSING:
        page.expected_statuses.add(404)  # type: ignore[attr-defined]
    answer = page.goto(f"{site.url}{path}")
    page.wait_for_load_state("networkidle")
    return answer


def inspect(page: Page, path: str, faults: Faults) -> None:
    """What holds however the page is seen."""
    frame = page.evaluate(FRAME)
    faults.note(path, "h1", frame["headings"] != 1 and frame["headings"])
    faults.note(path, "landmarks", frame["landmarks"])
    faults.note(path, "title", not frame["title"].strip() or not frame["language"])
    faults.note(path, "harmed", page.evaluate(HARMED))
    faults.note(path, "text that turns around what follows", page.evaluate(LOOSE))
    page.evaluate(AXE)
    faults.note(path, "accessibility", page.evaluate(SERIOUS))


def tabbed(page: Page) -> list[dict[str, Any]]:
    """What has the focus as somebody goes through the page by keyboard."""
    found = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUS))
    return [one for one in found if one]
