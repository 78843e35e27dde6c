"""Pictures of the pages, of a real site with real orders: `scripts/screens` takes them into docs/screens.

Each page at two widths, as the demo's maker or one of its rights holders sees it; 256 colours, so that they are small.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
from eth_account.signers.local import LocalAccount
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from contrafact.demo import world

from .browsing import chromium
from .catalogue import works_for
from .ordering import delivered_order, paid_order
from .site import LONGEST, WebSite, founded, site_in
from .wallets import TestWallet

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
WIDTHS = (1280, 390)
HIGHEST = 2_000
TUNE = b"""X:1
T:The Traveller's Rest
M:6/8
L:1/8
K:D
f2a agf|efe dBA|B2d A2F|E3 EFG|F2A A2d|f2e dcB|Ace gfe|d3 d3|
a2f fef|g2e ede|f2d cBA|B3 c3|d2B AFD|G2B edc|BAG FGE|D3 D3|]
"""
"""A new one, to be registered."""
COLOURS = 256
MAKER, HOLDER = world.account(world.MAKER), world.account(world.HOLDERS[0].account)
Doing = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """A page: its name as a picture, where it is, who sees it, and what they do before it is taken."""

    name: str
    path: str
    who: LocalAccount | None = None
    doing: Doing = lambda page: None


def screens(site: WebSite) -> Iterator[Screen]:
    """After some orders."""
    mine = site.get(f"/v1/works?licensor={HOLDER.address}&limit=50")["rows"]
    jigs = [row["work"] for row in mine if row["metre"] == "6/8" and row["terms"]["combinable"]]
    others = [work for work in works_for(site, "commercial", 4) if work not in jigs]
    sources = [jigs[0], others[0]]
    order = delivered_order(site, MAKER, "commercial", works=sources, seconds=20)
    for use in ("private", "broadcast"):
        delivered_order(site, MAKER, use, works=sources, weights=(300_000, 700_000), seconds=8)
    live = paid_order(site, MAKER, "live", works=sources, seconds=60)
    told = site.get(f"/v1/orders/{order}")
    month = told["closed_at"][:7]
    yield Screen("home", "/")
    yield Screen("wallet", "/desk", None, choosing_a_wallet)
    yield Screen("studio", f"/studio?work={jigs[0]}", MAKER, priced)
    yield Screen("order", f"/orders/{order}", MAKER)
    yield Screen("live", f"/live/{live}", MAKER)
    yield Screen("desk", "/desk", HOLDER)
    yield Screen("register", "/desk/register", HOLDER, choosing_a_file)
    yield Screen("work-of-mine", f"/desk/works/{jigs[0]}", HOLDER)
    yield Screen("earnings", "/desk/earnings", HOLDER)
    yield Screen("heard", "/desk/earnings", HOLDER, hearing)
    yield Screen("payouts", "/desk/payouts", HOLDER)
    yield Screen("statements", "/desk/statements", HOLDER)
    yield Screen("statement", f"/desk/statements/{month}", HOLDER)
    yield Screen("contests", "/desk/contests", HOLDER)
    yield Screen("explorer", "/explorer")
    yield Screen("works", "/works")
    yield Screen("work", f"/works/{jigs[0]}")
    yield Screen("orders", "/orders")
    yield Screen("model", f"/models/{told['model']}")
    yield Screen("operator", f"/operators/{told['operator']}")
    yield Screen("verify", "/verify")
    wait_for_audit(site)
    yield Screen("audit", "/audit")


def choosing_a_wallet(page: Page) -> None:
    page.locator("#wallet").get_by_role("button").first.click()
    page.get_by_role("dialog").first.wait_for(timeout=10_000)


def choosing_a_file(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "rest.abc", "mimeType": "text/plain", "buffer": TUNE})
    expect(page.get_by_role("heading", name="Nothing like it is registered here")).to_be_visible(timeout=60_000)
    page.get_by_label("Title", exact=True).fill("The Traveller's Rest")
    page.get_by_label("Credits").fill("Composer: Maeve Brannigan")
    page.locator("h1").click()


def hearing(page: Page) -> None:
    page.get_by_role("button", name="Hear what you were paid for").first.click()
    expect(page.locator(".follows li")).to_have_count(3, timeout=60_000)


def priced(page: Page) -> None:
    expect(page.locator("#quote[data-state=answer][aria-busy=false]")).to_contain_text("At most", timeout=60_000)


def signed_in(page: Page, who: LocalAccount) -> None:
    page.get_by_role("button", name="Connect wallet").first.click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", who.address, timeout=60_000)


def wait_for_audit(site: WebSite) -> None:
    """Until the service's own audit covers an order."""
    give_up = time.monotonic() + LONGEST
    while time.monotonic() < give_up:
        answer = httpx.get(f"{site.url}/v1/audit", timeout=60)
        if answer.is_success and answer.json()["scope"].get("orders"):
            return
        time.sleep(1)
    raise AssertionError(answer.text)


def take(browser: Browser, site: WebSite, screen: Screen, width: int) -> bytes:
    page = browser.new_context(
        viewport={"width": width, "height": 860}, base_url=site.url, reduced_motion="reduce"
    ).new_page()
    if screen.who:
        TestWallet(screen.who, site.chain).put_into(page)
        page.goto("/")
        signed_in(page, screen.who)
    page.goto(screen.path)
    screen.doing(page)
    page.wait_for_timeout(2_500)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.context.close()
    return small(picture.crop((0, 0, picture.width, min(picture.height, HIGHEST))))


def small(picture: Image.Image) -> bytes:
    made = BytesIO()
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(made, "PNG", optimize=True)
    return made.getvalue()


@contextmanager
def any_site() -> Iterator[WebSite]:
    """A new one, as `contrafact serve --devnet` gives it."""
    with tempfile.TemporaryDirectory() as folder:
        (own := Path(folder) / "own").mkdir()
        with site_in(own, founded(Path(folder)), audit_hours="1") as site:
            yield site


def main(wanted: list[str]) -> None:
    """Takes all, or those that are named."""
    FOLDER.mkdir(exist_ok=True)
    with any_site() as site, chromium() as browser:
        for screen in screens(site):
            for width in WIDTHS if not wanted or screen.name in wanted else ():
                (FOLDER / f"{screen.name}-{width}.png").write_bytes(take(browser, site, screen, width))
                print(f"{screen.name}-{width}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
