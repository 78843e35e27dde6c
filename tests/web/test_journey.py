"""The whole way in a browser: a song is registered, licensed, ordered, heard, earned from and drawn, and audited."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from contrafact.demo import world
from tests.e2e.command import Command

from .conftest import Visit
from .screens import TUNE
from .site import FOLDER, LONGEST, WebSite
from .wallets import TestWallet, new_wallet

pytestmark = pytest.mark.slow
SOON = LONGEST * 1000
TITLE = "The Traveller's Rest"


def press(within: Page | Locator, name: str) -> None:
    within.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def test_from_a_song_to_money_drawn_and_an_audit_that_finds_nothing(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    holder = new_wallet(site.chain, world.account(0))
    desk = visit("/desk/register", holder)
    work = _registered(desk, holder)
    _licensed(desk)
    studio = visit(f"/studio?work={work}", maker)
    order = _ordered_and_heard(studio, maker)
    earned = _earned(desk, site, holder, order)
    _drawn(desk, site, holder, earned)
    _audited(site, order)


def _registered(page: Page, holder: TestWallet) -> str:
    """By somebody whose wallet is on another network first; → the work's id."""
    press(page.get_by_role("main"), "Sign in")
    page.locator("[data-sign-in]").wait_for(state="detached")
    page.locator("#file").set_input_files({"name": "rest.abc", "mimeType": "text/plain", "buffer": TUNE})
    expect(page.get_by_role("heading", name="Nothing like it is registered here")).to_be_visible(timeout=SOON)
    page.get_by_label("Title", exact=True).fill(TITLE)
    holder.switch_chain(1)
    press(page, "Register it")
    press(page.get_by_role("dialog").last, "Go on")
    press(page.get_by_role("dialog", name="Switch the network?"), "Switch network")
    page.wait_for_url(re.compile("/desk/works/0x"), timeout=SOON)
    return page.url.rsplit("/", 1)[1].partition("#")[0]


def _licensed(page: Page) -> None:
    page.get_by_label("Private listening: price").fill("0.40")
    press(page, "Set (these )?terms$")
    press(page.get_by_role("dialog"), "Go on")
    expect(page.get_by_text("The new terms are in force.")).to_be_visible(timeout=SOON)


def _ordered_and_heard(page: Page, maker: TestWallet) -> str:
    """By somebody who says no at first, and loads the page again while the piece is made; → the order's id."""
    maker.rejecting.add("eth_signTypedData_v4")
    press(page, "Go on to pay")
    press(page, "Pay at most")
    press(page.get_by_role("dialog"), "Pay$")
    again = page.get_by_role("dialog").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    maker.rejecting.clear()
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    again.click()
    page.wait_for_url(re.compile("/orders/0x[0-9a-f]{64}$"), timeout=SOON)
    page.reload()
    expect(page.locator("#player .transport")).to_be_visible(timeout=SOON)
    page.locator("#player").get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing", timeout=SOON)
    return page.url.rsplit("/", 1)[1]


def _earned(page: Page, site: WebSite, holder: TestWallet, order: str) -> str:
    """The line of the order shows what the record says; → all that was earned."""
    page.goto("/desk/earnings")
    line = page.locator("#lines .line").first
    expect(line).to_contain_text(TITLE, timeout=SOON)
    (source,) = site.get(f"/v1/orders/{order}")["sources"]
    shown: str = line.locator(".line-sum").inner_text()
    assert source["share"] > 0
    assert float(shown.split()[0]) > 0
    return shown


def _drawn(page: Page, site: WebSite, holder: TestWallet, earned: str) -> None:
    """It waited, because this holder never said that the place is theirs; claiming says so."""
    token = site.get("/v1/network")["contracts"]["TestDollar"]
    page.goto("/desk/payouts")
    expect(page.locator("#now .total-sum")).to_have_text(earned)
    press(page, "Claim all of it")
    press(page.get_by_role("dialog"), "Go on")
    expect(page.locator("#said")).to_contain_text("Claimed.", timeout=SOON)
    held = site.chain.eth.call({"to": token, "data": f"0x70a08231{holder.key.address[2:].lower():0>64}"})  # type: ignore[typeddict-item]
    assert int.from_bytes(held, "big") == round(float(earned.split()[0]) * 10**6)


def _audited(site: WebSite, order: str) -> None:
    """By somebody who has the chain and the content store, and not the service."""
    folder = site.folder / FOLDER
    places = {"rpc_url": site.rpc_url, "deployment": f"{folder}/deployment.json", "store": f"folder:{folder}/store"}
    done = Command(places).apart("audit", "--order", order, "--json")
    assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["findings"] == []
