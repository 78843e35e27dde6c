"""The page of a live order in a real browser: its maker plays, steers, loads the page again, and ends the piece."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from contrafact.demo import world

from .conftest import Visit
from .ordering import paid_order
from .site import WebSite
from .wallets import TestWallet

pytestmark = pytest.mark.slow


def test_a_maker_hears_steers_and_ends_a_live_piece_and_pays_for_what_was_played(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    order = paid_order(site, maker.key, "live", (500_000, 500_000), seconds=60)
    page = visit(f"/live/{order}", maker)
    page.get_by_role("button", name="Sign in to play").click()
    page.get_by_role("button", name="Play", exact=True).click()
    clock, cost = page.locator("#clock"), page.locator("#cost")
    expect(clock).to_have_text("0:02", timeout=60_000)
    expect(cost).to_contain_text("TUSD")
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    assert slider.input_value() == slider.get_attribute("max")
    assert sum(int(one.input_value()) for one in page.get_by_role("slider").all()) == 1_000_000
    expect(page.locator("#steered")).to_have_text("You hear these weights now.", timeout=60_000)
    page.reload()
    expect(slider).to_have_value(str(slider.get_attribute("max")))
    expect(clock).not_to_have_text("0:00")  # what it had, before it goes on
    expect(cost).to_contain_text("TUSD")
    page.expected_statuses.add(503)  # type: ignore[attr-defined]
    page.route("**/live/events?*", lambda route: route.fulfill(status=503), times=1)  # all places are taken
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#said")).to_contain_text("The music waits for the service")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#said")).to_be_empty(timeout=60_000)
    _another_tab_takes_it_over(page, site, order)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#half")).to_have_text("Half minute 1 of at most 2.")
    _end(page)
    told = page.get_by_role("status").filter(has_text="The piece is over")
    expect(told).to_be_focused(timeout=60_000)
    expect(told.get_by_role("link")).to_have_attribute("href", f"/orders/{order}")
    _settled_by_what_the_page_said(page, site, order)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This live piece is over")


def test_a_live_piece_is_not_a_strangers_and_other_orders_are_no_live_pieces(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    stranger = TestWallet(world.account(15), site.chain)
    page = visit(f"/live/{paid_order(site, maker.key, 'live', (500_000, 500_000), seconds=60)}", stranger)
    page.expected_statuses.add(403)  # type: ignore[attr-defined]
    page.get_by_role("button", name="Sign in to play").click()
    expect(page.get_by_role("alert")).to_contain_text("its maker’s".replace("’", "'"))
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    page.goto(f"{site.url}/live/0x{'3f' * 32}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such order")


def _another_tab_takes_it_over(page: Page, site: WebSite, order: str) -> None:
    """There it goes on where it was; the first tab is silent, and says why."""
    made = page.evaluate(f"fetch('/v1/orders/{order}/live').then((answer) => answer.json())")["given"]
    tab = page.context.new_page()
    tab.goto(f"{site.url}/live/{order}")
    with tab.expect_request(re.compile(r"/bars/\d+\?left=")) as asked:
        tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("button", name="Pause")).to_be_visible(timeout=60_000)
    assert int(re.findall(r"/bars/(\d+)", asked.value.url)[0]) >= made - 3
    expect(page.locator("#said")).to_contain_text("another tab")
    tab.close()


def _end(page: Page) -> None:
    page.get_by_role("button", name="End the piece").click()
    page.get_by_role("dialog").get_by_role("button", name="End it").click()


def _settled_by_what_the_page_said(page: Page, site: WebSite, order: str) -> None:
    """The order job commits what was played, and the chain keeps what the page said that it costs."""
    said = page.locator("#cost").inner_text()
    for _ in range(240):
        found = site.get(f"/v1/orders/{order}")
        if found["status"] == "committed":
            break
        page.wait_for_timeout(500)
    kept = int(found["escrow"]["units"]) - int(found["settled"]["refunded"]["units"])
    assert said.removesuffix(" TUSD") == f"{kept / 1_000_000:f}".rstrip("0").rstrip(".")
    assert sum(row["share"] for row in found["sources"]) + found["settled"]["base_share"] == 1_000_000
