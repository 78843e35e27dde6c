"""What every page has: its frame, and a wallet in the corner."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Visit
from .site import FOLDER, WebSite
from .wallets import TestWallet

pytestmark = pytest.mark.slow


def test_a_chain_that_rested_goes_on_in_the_present(site: WebSite) -> None:
    """Else offers, which count from the newest block, would be over before they are made."""
    started = int((site.folder / FOLDER / "accounts.json").stat().st_mtime)  # written at each start
    assert site.chain.eth.get_block("latest")["timestamp"] >= started - 5


def test_a_visitor_signs_in_with_a_wallet_and_is_known_on_the_next_page(visit: Visit, maker: TestWallet) -> None:
    page = visit("/", maker)
    page.get_by_role("button", name="Connect wallet").click()
    corner = page.locator("#wallet")
    expect(corner).to_have_attribute("data-session", maker.key.address)
    assert maker.asked.count("personal_sign") == 1
    page.goto(page.url + "verify")
    expect(corner).to_contain_text(maker.key.address[:6])

    page.expected_statuses.add(401)  # type: ignore[attr-defined]
    page.evaluate(
        "fetch('/v1/auth/session', {method: 'DELETE'})"
    )  # as on another page, while the browser kept this one
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(corner).to_contain_text("Connected, not signed in")


def test_a_page_at_another_address_leads_to_where_signing_in_works(site: WebSite, browser: Browser) -> None:
    page = browser.new_page(base_url=site.url)
    page.goto(f"{site.url.replace('127.0.0.1', 'localhost')}/verify?a=1")
    assert page.url == f"{site.url}/verify?a=1"
    page.goto(f"{site.url.replace('127.0.0.1', 'other.localhost')}/verify?a=1")
    expect(page.locator("#wallet a")).to_have_attribute("href", f"{site.url}/verify?a=1")
    expect(page.get_by_role("button", name="Connect wallet")).to_have_count(0)
    page.close()
