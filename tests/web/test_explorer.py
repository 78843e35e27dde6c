"""The explorer as people use it: it reads without scripts, and a file that is dropped on it is checked."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx
import pytest

from .conftest import Visit
from .ordering import delivered_order
from .site import WebSite
from .wallets import TestWallet

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow
DROP = """([bytes, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
  document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def order(site: WebSite) -> str:
    """An order that was delivered."""
    from contrafact.demo import world

    return delivered_order(site, world.account(world.MAKER))


@pytest.fixture
def plain(site: WebSite, browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/explorer")
    yield page
    context.close()


def test_orders_works_and_money_read_without_scripts_on_a_phone(plain: Page, site: WebSite, order: str) -> None:
    known = site.get(f"/v1/orders/{order}")
    plain.reload()
    row = plain.get_by_role("listitem").filter(has_text=f"{order[:6]}…{order[-4:]}")
    expect(row).to_contain_text("delivered")
    expect(row).to_contain_text(known["escrow"]["text"])
    labels = plain.locator(".flows:visible text")
    assert labels.evaluate_all("all => all.every((one) => one.getBoundingClientRect().right <= innerWidth)")
    assert labels.count() > 4
    work = known["sources"][0]
    plain.get_by_role("searchbox").fill(work["work"][:20])
    plain.get_by_role("button", name="Search").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(work["title"])
    expect(plain.get_by_role("link", name="Use it in the studio")).to_have_attribute(
        "href", f"/studio?work={work['work']}"
    )
    price = site.get(f"/v1/works/{work['work']}")["terms"]["prices"][0]["price"]["text"]
    expect(plain.get_by_role("cell", name=price, exact=True)).to_be_visible()
    for path in ("/explorer", "/works", "/orders", "/models", "/operators", "/audit", f"/works/{work['work']}"):
        plain.goto(f"{site.url}{path}")
        assert plain.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_piece_dropped_anywhere_on_the_explorer_leads_to_its_order(visit: Visit, site: WebSite, order: str) -> None:
    files = site.get(f"/v1/orders/{order}/files")["files"]
    (piece,) = (file for file in files if file["name"] == "piece.flac")
    data = httpx.get(f"{site.url}{piece['url']}", timeout=60).content
    page = visit("/explorer", width=390)
    page.evaluate(DROP, [base64.b64encode(data).decode(), "found.flac"])
    expect(page.get_by_role("heading", name="Whose music is in it")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "result"
    title = site.get(f"/v1/orders/{order}")["sources"][0]["title"]
    expect(page.locator(".sources")).to_contain_text(title)
    page.locator(f'#result a[href="/orders/{order}"]').click()
    expect(page).to_have_url(f"{site.url}/orders/{order}")


def test_every_page_of_the_explorer_is_quiet_with_scripts(visit: Visit, maker: TestWallet, order: str) -> None:
    page = visit("/explorer", maker)
    for name in ("Works", "Orders", "Models", "Operators", "Audit"):
        page.get_by_role("navigation", name="Explorer").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    page.goto(page.url.replace("/audit", "/nowhere"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
