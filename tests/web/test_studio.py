"""The studio, from searching to a paid order."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from contrafact.demo import world
from contrafact.records.sealing import new_secret, public_half

from .catalogue import OWNERS, founded_works
from .conftest import Visit
from .ordering import wait_for
from .site import WebSite
from .terms import other_terms
from .wallets import TestWallet, new_wallet

pytestmark = pytest.mark.slow


def jigs(site: WebSite, *, combinable: bool = True) -> list[dict[str, Any]]:
    """Jigs for private use."""
    rows = founded_works(site, "metre=6/8&use=private")
    return [row for row in rows if row["terms"]["combinable"] is combinable and row["terms"]["max_weight"] == 10**6]


def add(page: Page, work: dict[str, Any]) -> None:
    """By searching for its title."""
    page.get_by_role("searchbox", name="Search songs").fill(work["title"])
    page.locator(f"#works [data-work='{work['work']}']").get_by_role("button", name=re.compile("^Add")).click()
    expect(page.locator(f"#sources [data-work='{work['work']}']")).to_be_visible()


def state(page: Page) -> Any:
    return expect(page.locator("#quote[data-state=answer][aria-busy=false]"))


def confirm(page: Page) -> None:
    """In the window that shows what the wallet is going to be asked."""
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^(Pay|Get it)$")).click()


def test_a_maker_searches_listens_weighs_and_pays_with_one_signature(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    first, second = jigs(site)[:2]
    page = visit("/studio", maker)
    add(page, first)
    add(page, second)

    page.locator(f"#hear-{second['work']}").click()
    playing = page.get_by_role("region", name="Song that plays")
    expect(playing).to_contain_text(second["title"])
    expect(playing.locator("[role=status]")).to_be_hidden(timeout=60_000)
    assert page.evaluate("document.querySelector('audio').duration") > 5

    slider = page.locator(f"#slide-{first['work']}")
    slider.fill("80")
    expect(page.locator(f"#number-{second['work']}")).to_have_value("20")
    state(page).to_contain_text("At most")
    amounts = [float(text.split()[0]) for text in page.locator(".goes li > .figure").all_inner_texts()]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
    page.reload()
    expect(page.locator(f"#number-{first['work']}")).to_have_value("80")

    page.get_by_role("button", name="Go on to pay").click()
    expect(page.locator("#prompts")).to_contain_text("asks you once: 1 signature. You pay no network fee.")
    page.get_by_text("What you may do with the piece", exact=True).click()
    expect(page.locator(".licence")).to_contain_text("NOT PAID YET")
    maker.asked.clear()
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    page.get_by_role("button", name=re.compile("^Pay at most")).click()
    confirm(page)
    page.wait_for_url(re.compile("/orders/0x[0-9a-f]{64}$"))
    asked = [one for one in maker.asked if one in ("eth_signTypedData_v4", "eth_sendTransaction", "personal_sign")]
    assert asked == ["eth_signTypedData_v4"]

    order = site.get(f"/v1/orders/{page.url.rsplit('/', 1)[1]}")
    assert order["maker"] == maker.key.address
    weights = {source["work"]: source["weight"] for source in order["sources"]}
    assert weights == {first["work"]: 800_000, second["work"]: 200_000}
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('payment'))") == []

    page.goto("/studio")
    by_place = sorted((first, second), key=lambda one: one["work"])
    expect(page.locator("#mine tbody tr").first).to_contain_text(" + ".join(one["title"] for one in by_place))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("#pay")).to_contain_text("You ordered this piece.")


def test_the_first_page_plays_a_song_and_a_piece_of_it_is_one_click_away(visit: Visit, site: WebSite) -> None:
    page = visit("/", width=390)
    link = page.get_by_role("link", name="Make a piece of it")
    work = site.get(f"/v1/works/{str(link.get_attribute('href'))[len('/studio?work=') :].partition('#')[0]}")
    assert page.locator("audio").first.get_attribute("src") == f"/v1/works/{work['work']}/sound.mp3"
    link.click()
    state(page).to_contain_text("At most")
    expect(page.locator("#sources")).to_contain_text(work["title"])
    expect(page.locator("#go")).to_have_attribute("href", "#offer-title")


def test_who_else_may_hear_a_private_piece_is_checked_at_the_field_and_said_before_it_is_paid(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    page = visit("/studio?work=" + jigs(site)[0]["work"], maker)
    page.get_by_text("Who else may hear it?").click()
    field, wrong, key = page.get_by_label("Their reading key"), page.locator("#reader-wrong"), public_half(new_secret())
    mistyped = key[:-1] + ("q" if key[-1] != "q" else "p")
    for typed, said in (
        (maker.key.address, "a wallet’s address"),
        (key[:-1], "Copy all of it"),
        (mistyped, "mistyped"),
    ):
        field.fill(typed)
        page.get_by_role("button", name="Let them hear it").click()
        expect(wrong).to_contain_text(said)
    field.fill(key)
    field.press("Enter")
    expect(page.locator("#hearing")).to_contain_text("you and 1")
    page.reload()
    state(page).to_contain_text("At most")
    with page.expect_request("**/v1/quotes") as quoted:
        page.get_by_role("button", name="Go on to pay").click()
    assert quoted.value.post_data_json["readers"] == [key]
    expect(page.locator("#hearers .code")).to_have_attribute("title", key)


def test_what_a_rejected_signature_and_a_reload_leave_is_paid_afterwards(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    page = visit("/studio?work=" + jigs(site)[2]["work"], maker)
    maker.rejecting.add("eth_signTypedData_v4")
    page.get_by_role("button", name="Go on to pay").click()
    page.get_by_role("button", name=re.compile("^Pay at most")).click()
    confirm(page)
    expect(page.get_by_role("dialog").get_by_role("button", name="Try again")).to_be_visible()
    page.keyboard.press("Escape")
    maker.rejecting.clear()

    page.expected_statuses.update({404, 503})  # type: ignore[attr-defined]
    page.route("**/v1/relay/orders", lambda route: route.fulfill(status=503, json={
        "code": "overloaded", "message": "Too busy.", "hint": "Send it again."}))  # fmt: skip
    expect(page.locator("#pay")).to_contain_text("You said no")
    page.reload()
    expect(page.locator("#pay")).to_contain_text("“Go on to pay” brings the same offer back")
    page.get_by_role("button", name="Go on to pay").click()
    page.get_by_role("button", name=re.compile("^Pay at most")).click()
    confirm(page)
    expect(page.locator("#pay")).to_contain_text("Too busy.")

    page.unroute("**/v1/relay/orders")
    page.reload()
    expect(page.locator("#unfinished")).to_contain_text("it was not sent yet")
    maker.asked.clear()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url(re.compile("/orders/0x[0-9a-f]{64}$"))
    assert "eth_signTypedData_v4" not in maker.asked
    assert site.get(f"/v1/orders/{page.url.rsplit('/', 1)[1]}")["status"] != "none"


def test_a_payment_whose_answer_was_lost_leads_to_its_piece_though_the_offer_is_over(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    page = visit(None, maker)
    page.clock.install()
    page.goto("/studio?work=" + jigs(site)[1]["work"])
    page.get_by_role("button", name="Go on to pay").click()
    page.expected_statuses.update({404, 503})  # type: ignore[attr-defined]

    def lost(route: Route) -> None:
        route.fetch()
        route.fulfill(status=503, json={"code": "overloaded", "message": "Too busy.", "hint": "Send it again."})

    page.route("**/v1/relay/orders", lost)
    page.get_by_role("button", name=re.compile("^Pay at most")).click()
    confirm(page)
    expect(page.locator("#pay")).to_contain_text("Too busy.")
    (order,) = page.evaluate("Object.keys(localStorage).filter(name => name.includes('payment'))")
    wait_for(site, order.rsplit(".", 1)[1], "funded", "committed")
    page.clock.fast_forward(24 * 3600 * 1000)
    expect(page.locator("#pay")).to_contain_text("Too busy.")
    page.locator("#pay").get_by_role("button", name="Try again").click()
    page.wait_for_url(f"**/orders/{order.rsplit('.', 1)[1]}")


def test_a_song_that_its_owner_withdrew_is_refused_by_name_and_can_be_taken_out(site: WebSite, visit: Visit) -> None:
    *_, stays, leaves = jigs(site)
    page = visit("/studio?work=" + stays["work"])
    add(page, leaves)
    state(page).to_contain_text("At most")
    with other_terms(site, leaves["work"], inference=False, uses=[], prices=[]):
        page.reload()
        refused = page.locator(".refused")
        expect(refused).to_contain_text(f"“{leaves['title']}” is opted out of generation.", timeout=30_000)
        refused.get_by_role("button", name=re.compile("^Remove")).click()
        state(page).to_contain_text("At most")
        page.get_by_role("searchbox", name="Search songs").fill(leaves["title"])
        expect(page.locator("#works")).to_contain_text("1 song may not be used now.")
        page.get_by_role("button", name="Show it").click()
        expect(page.locator(f"#works [data-work='{leaves['work']}']")).to_contain_text("its owner allows no pieces")
    expect(page.locator("#sources [data-work]")).to_have_count(1)


def test_refusals_name_the_song_and_what_to_change(site: WebSite, visit: Visit) -> None:
    at_home = next(row for row in jigs(site) if row["terms"]["uses"] == ["private"])
    alone, other = jigs(site, combinable=False)[0], jigs(site)[0]
    page = visit("/studio")
    add(page, at_home)
    expect(page.locator("#use-says")).to_contain_text("its files lie in a public store")
    other_metre = founded_works(site, "metre=4/4&available=true")[0]
    page.get_by_role("searchbox", name="Search songs").fill(other_metre["title"])
    marked = page.locator(f"#works [data-work='{other_metre['work']}']")
    expect(marked).to_contain_text("other metre than your piece")
    with page.expect_request(re.compile("/v1/works[?].*combinable=true")) as asked:
        page.get_by_label("Only songs that fit your piece").check()
    assert f"beside={at_home['licensor']}" in asked.value.url
    expect(marked).to_have_count(0)
    page.get_by_label("Only songs that fit your piece").uncheck()
    page.get_by_role("radio", name="Commercial").check()
    quote = page.locator("#quote")
    expect(quote).to_contain_text(f"“{at_home['title']}” does not permit commercial use.")
    expect(quote).to_contain_text("Permitted: private.")
    page.get_by_role("button", name="Make it for private listening instead").click()
    state(page).to_contain_text("At most")
    add(page, alone)
    expect(quote).to_contain_text(f"“{alone['title']}” may not be combined with other owners’ songs.")
    expect(page.get_by_role("button", name="Go on to pay")).to_have_count(0)
    page.get_by_role("button", name="Show this owner’s songs").click()
    expect(page.get_by_label("Owner", exact=True)).to_have_value(alone["licensor"])
    page.locator(f"#drop-{alone['work']}").click()
    page.get_by_role("button", name="Clear filters").click()
    add(page, other)
    state(page).to_contain_text(other["title"])


def test_what_cannot_be_is_said_where_it_stands_and_one_button_mends_a_weight(site: WebSite, visit: Visit) -> None:
    limited = next(row for row in founded_works(site, "metre=6/8&use=live") if row["terms"]["max_weight"] == 600_000)
    free = next(row for row in jigs(site) if "live" in row["terms"]["uses"])
    page = visit(f"/studio?work={free['work']}")
    state(page).to_contain_text("At most")
    before = page.get_by_label("Tempo").input_value()
    for wrong in ("1000", "", "120.5"):
        page.get_by_label("Tempo").fill(wrong)
        page.keyboard.press("Tab")
        expect(page.locator("#tempo-wrong")).to_have_text(
            f"Write a whole number from 30 to 300. It is {before}, as before."
        )
        expect(page.get_by_label("Tempo")).to_have_value(before)
    add(page, limited)
    page.get_by_role("radio", name="Live").check()
    expect(page.get_by_label("Length")).to_have_value("180")
    expect(page.locator("#quote")).to_contain_text("it may begin at 35 % at most.")
    page.get_by_role("button", name="Set it to 35 %").click()
    state(page).to_contain_text("At most")
    page.locator(f"#number-{limited['work']}").fill("0")
    page.keyboard.press("Tab")
    expect(page.locator("#quote")).to_contain_text(f"“{limited['title']}” stands at 0 %.")
    page.get_by_role("button", name=f"Remove “{limited['title']}”").click()
    state(page).to_contain_text("At most")


def test_who_has_too_little_is_told_how_much_is_missing_and_gets_test_money(site: WebSite, visit: Visit) -> None:
    poor = new_wallet(site.chain, world.account(0))
    page = visit("/studio?work=" + jigs(site)[0]["work"], poor, width=390)
    page.get_by_role("button", name="Go on to pay").click()
    cost = page.locator(".most .amount").inner_text()
    expect(page.locator("#pay")).to_contain_text(f"{float(cost.split()[0]):g} TUSD are missing.")
    page.get_by_role("button", name="Get 100 test dollars").click()
    confirm(page)
    expect(page.get_by_role("button", name=re.compile("^Pay at most"))).to_be_visible()


def test_songs_are_filtered_and_a_wrong_filter_says_what_to_write(site: WebSite, visit: Visit) -> None:
    page = visit("/studio", width=390)
    page.locator("#filters summary").click()
    page.get_by_label("Metre", exact=True).first.select_option("6/8")
    page.get_by_label("Highest price").fill("0.15")
    token = jigs(site)[0]["terms"]["prices"][0]["price"]["token"]
    query = f"metre=6/8&use=private&token={token}&max_price=150000&available=true"
    expected = site.get(f"/v1/works?{query}")["rows"]
    expect(page.locator("#works > li[data-work]")).to_have_count(len(expected))
    page.get_by_label("Highest price").fill("cheap")
    expect(page.get_by_text("Write an amount such as 0.25.")).to_be_visible()


def test_an_approval_that_was_asked_for_is_kept_and_its_dialog_says_what_it_is_for(
    site: WebSite, visit: Visit, maker: TestWallet
) -> None:
    work = jigs(site)[0]
    owner = TestWallet(OWNERS[work["licensor"]], site.chain)
    with other_terms(site, work["work"], approval=True):
        page = visit("/studio?work=" + work["work"], maker)
        page.get_by_role("button", name="Go on to pay").click()
        asked = page.locator("#pay code", has_text="/studio/approve/")
        address = asked.inner_text(timeout=30_000)
        page.reload()
        kept = page.locator("#unfinished")
        expect(kept).to_contain_text(f"You asked for the approval of “{work['title']}”")
        theirs = visit(address.removeprefix(site.url), owner)
        theirs.get_by_role("button", name="Approve with your wallet").click()
        told = theirs.get_by_role("dialog")
        for text in (work["title"], "private listening", "at most", maker.key.address[-4:]):
            expect(told).to_contain_text(text)
        told.get_by_role("button", name="Approve", exact=True).click()
        approval = theirs.get_by_label("Your approval").input_value()
        kept.get_by_role("button", name="Go on with it").click()
        page.get_by_label("Approval of the owner").fill(approval)
        page.get_by_role("button", name="Use it").click()
        expect(page.locator("#prompts")).to_contain_text("Your wallet asks you")
        page.reload()
        expect(kept).to_contain_text("Approved: a piece of at most")
        kept.get_by_role("button", name="Let it go").click()
        expect(kept).to_be_empty()
