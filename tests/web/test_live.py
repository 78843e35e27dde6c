"""The page of a live order in a real browser: its maker plays, steers, loads the page again, and ends the piece."""

from __future__ import annotations

import secrets
from time import sleep
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from contrafact.demo import world
from tests.api.visiting import signed

from .conftest import Visit
from .site import WebSite
from .wallets import TestWallet

pytestmark = pytest.mark.slow


def test_a_maker_hears_steers_and_ends_a_live_piece_and_pays_for_what_was_played(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    order = _paid(site, maker)
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
    page.get_by_role("button", name="Go on").click()
    expect(clock).not_to_have_text("0:00", timeout=60_000)
    _end(page)
    told = page.get_by_role("status").filter(has_text="The piece is over")
    expect(told).to_be_focused(timeout=60_000)
    expect(told.get_by_role("link")).to_have_attribute("href", f"/orders/{order}")
    _settled_by_what_the_page_said(page, site, order)


def test_a_live_piece_is_not_a_strangers_and_other_orders_are_no_live_pieces(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    stranger = TestWallet(world.account(15), site.chain)
    page = visit(f"/live/{_paid(site, maker)}", stranger)
    page.expected_statuses.add(403)  # type: ignore[attr-defined]
    page.get_by_role("button", name="Sign in to play").click()
    expect(page.get_by_role("alert")).to_contain_text("its maker’s".replace("’", "'"))
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    page.goto(f"{site.url}/live/0x{'3f' * 32}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such order")


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


def _paid(site: WebSite, maker: TestWallet) -> str:
    """A live order of two works that is paid, and known to the service."""
    with httpx.Client(base_url=site.url, timeout=120) as client:
        message = _made(client.post("/v1/auth/nonce", json={"address": maker.key.address}))["message"]
        token = _made(client.post("/v1/auth/sessions", json=signed(maker.key, message)))["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        asked: dict[str, Any] = {
            "sources": [{"work": work, "weight": 500_000} for work in _works(site)],
            "use": "live",
            "music": {"seconds": 60, "tempo": 120, "metre": "4/4"},
        }
        order: str = _made(client.post("/v1/quotes", json=asked, headers=bearer))["order"]
        salt = {"maker_salt": "0x" + secrets.token_hex(32)}
        for step in _made(client.post(f"/v1/quotes/{order}/funding", json=salt))["transactions"]:
            hash_ = maker._send(step)
            assert site.chain.eth.wait_for_transaction_receipt(hash_)["status"] == 1  # type: ignore[arg-type]
        return order


def _works(site: WebSite) -> list[str]:
    """Two works that may be in a live piece together, once they are described."""
    licensors = [world.account(holder).address for holder in (3, 4)]
    for _ in range(240):
        rows = site.get("/v1/works?use=live&limit=100")["rows"]
        found = {row["licensor"]: row["work"] for row in rows if row["metre"] == "4/4"}
        if set(licensors) <= set(found):
            break
        sleep(0.5)
    return [found[licensor] for licensor in licensors]


def _made(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
