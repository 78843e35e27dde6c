"""The page of an order: from the moment it is paid to the evidence that a reader's own browser computes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from contrafact.demo import world
from contrafact.web.pages.order.standing import STEPS

from .catalogue import works_for
from .conftest import Visit
from .ordering import delivered_order, paid_order
from .site import LONGEST, WebSite
from .terms import other_terms
from .wallets import TestWallet

pytestmark = pytest.mark.slow
SOON = LONGEST * 1000
TENTH = 100_000
SHARES = "The shares follow from the notes"


@pytest.fixture(scope="module")
def piece(site: WebSite) -> str:
    """A piece for commercial use, which is everybody's to hear. Its first song asks for a tenth of later revenue."""
    works = works_for(site, "commercial", 2)
    with other_terms(site, works[0], downstream=TENTH):
        return delivered_order(site, world.account(world.MAKER), works=works, seconds=8)


@pytest.fixture(scope="module")
def private_piece(site: WebSite) -> str:
    return delivered_order(site, world.account(world.MAKER), "private", seconds=6)


def checks(page: Page, mark: str) -> int:
    return page.locator(f"#checks .check.{mark}").count()


def checked(page: Page, how: str = "cheap") -> None:
    expect(page.locator("#checks")).to_have_attribute("data-checked", how, timeout=SOON)


def playing(page: Page, second: int = 1) -> None:
    """Waits until it sounds, and the sound has come beyond that second."""
    expect(page.locator("#player, #part").last).to_have_attribute("data-state", "playing", timeout=SOON)
    place = page.get_by_label("Place in the piece")
    expect(place).to_have_attribute("aria-valuetext", re.compile(rf"0:0[{second}-9] of"), timeout=SOON)


SEEN = """
() => {
    window.seen = [];
    const look = () => {
        const stage = document.querySelector("#steps .now")?.dataset.stage ?? "";
        if (stage !== window.seen.at(-1)) window.seen.push(stage);
    };
    const all = {subtree: true, childList: true, attributes: true};
    new MutationObserver(look).observe(document.querySelector("main"), all);
    look();
}
"""
"""Keeps the steps that the page has shown as the one that the order is at; "" where it shows none any more."""


def test_a_paid_order_is_followed_to_its_delivery_without_a_reload(site: WebSite, visit: Visit) -> None:
    order = paid_order(site, world.account(world.MAKER), seconds=20)
    page = visit(f"/orders/{order}", width=390)
    expect(page.locator("#steps .done").first).to_contain_text("Paid")
    page.reload()  # in the middle: it shows the same
    expect(page.locator("#steps .done").first).to_contain_text("Paid")
    page.evaluate(SEEN)
    expect(page.locator("#player .transport")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    seen = page.evaluate("window.seen")  # of the same document: nothing was reloaded
    assert len(seen) > 2
    assert seen[-1] == ""
    stages = [stage for stage, _, _ in STEPS]
    assert [stages.index(stage) for stage in seen[:-1]] == sorted(stages.index(stage) for stage in seen[:-1])
    labels = page.locator(".sankey:visible text")
    assert labels.count() > 4
    assert labels.evaluate_all("all => all.every((one) => one.getBoundingClientRect().right <= innerWidth)")


def test_all_of_an_honest_order_s_evidence_holds_against_the_chain_itself(piece: str, visit: Visit) -> None:
    page = visit(f"/orders/{piece}")
    checked(page)
    assert (checks(page, "good"), checks(page, "bad"), checks(page, "open")) == (9, 0, 1)
    page.get_by_role("button", name="Check the sound, too").click()
    checked(page, "all")
    assert (checks(page, "good"), checks(page, "bad"), checks(page, "open")) == (10, 0, 0)
    expect(page.locator("#checks")).to_contain_text("10 of 10 checks hold")
    assert "on the chain" in (page.locator("#checks").text_content() or "")


def test_the_lines_of_a_receipt_multiply_and_add_up(piece: str, visit: Visit) -> None:
    page = visit(f"/orders/{piece}", width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    total, made = Decimal(0), 0
    for row in page.locator(".receipt tbody tr").all():
        amount = number(row.get_by_role("cell").last)
        total += amount
        if (formula := row.locator(".sum-too")).count():
            price, count, share = re.findall(
                r"[\d.]+(?= TUSD| ×|\s%|$)", (formula.text_content() or "").replace("30 s", "")
            )
            exact = Decimal(price) * int(count) * Decimal(share) / 100
            assert amount == exact.quantize(Decimal("0.000001"), ROUND_DOWN)
            made += 1
    assert made == 3  # two songs, and the model itself
    assert total == number(page.locator(".receipt tfoot td").last)
    maker = page.locator(".receipt tbody tr").last
    parts = [number(one) for one in maker.locator("li .figure").all()]
    assert sum(parts) in (0, number(maker.get_by_role("cell").last))  # 0: nothing was rounded


def number(shown: Locator) -> Decimal:
    """Of `0.79163 TUSD`."""
    return Decimal((shown.text_content() or "").split()[0])


def other_shares(record: dict[str, Any]) -> None:
    record["base"]["share"] += 1
    record["sources"][0]["share"] -= 1


def other_notes(ledger: dict[str, Any]) -> None:
    """A note of the melody that the first source has nothing of any more."""
    if "notes" not in ledger:
        return  # a song's document
    row = max((note for note in ledger["notes"] if note[0] == 0), key=lambda note: note[6][1])
    row[6] = [row[6][0] + row[6][1], 0, *row[6][2:]]


def another_holder(document: dict[str, Any]) -> None:
    if "rights_holders" in document:
        document["rights_holders"][0]["holder"] = "0x" + "ab" * 20


def no_list_of_holders(document: dict[str, Any]) -> None:
    if "rights_holders" in document:
        document["rights_holders"] = [None]


@pytest.mark.parametrize(
    ("address", "change", "red"),
    [
        (r"/v1/orders/0x\w+/record$", other_shares, {"The record is the one on the chain", SHARES}),
        (r"/v1/content/\w+$", other_notes, {"The notes are those that were recorded", SHARES}),
        (r"/v1/content/\w+$", another_holder, {"The songs’ holders are those that the order pinned"}),
        (r"/v1/content/\w+$", no_list_of_holders, {"The songs’ holders are those that the order pinned"}),
    ],
    ids=["another record", "other notes", "another holder", "no list of holders"],
)  # fmt: skip
def test_what_was_served_otherwise_than_recorded_is_red(
    site: WebSite, piece: str, visit: Visit, address: str, change: Callable[[Any], None], red: set[str]
) -> None:
    page = visit("/verify")

    def tampered(route: Route) -> None:
        document = route.fetch().json()
        change(document)
        route.fulfill(body=json.dumps(document, separators=(",", ":")), content_type="application/json")

    page.route(re.compile(address), tampered)
    page.goto(f"{site.url}/orders/{piece}")
    checked(page)
    titles = page.locator("#checks .check.bad h3").all_text_contents()
    assert red <= {title.removesuffix(": does not hold") for title in titles}
    expect(page.locator("#checks")).to_contain_text("do not hold")


OTHERWISE = """
document.addEventListener("readystatechange", () => {
    const said = document.getElementById("checks")?.dataset;
    if (document.readyState !== "interactive" || !said) return;
    const claims = JSON.parse(said.claims);
    claims.transactions = claims.transactions.filter((one) => one !== claims.committed_in);
    claims.parts[0][0] = String(BigInt(claims.parts[0][0]) + 1n);
    said.claims = JSON.stringify(claims);
});
"""
"""The page tells otherwise, before its scripts begin."""


def test_a_page_that_leaves_a_transaction_out_or_names_other_parts_is_red(piece: str, visit: Visit) -> None:
    page = visit(None)
    page.add_init_script(OTHERWISE)
    page.goto(f"/orders/{piece}")
    checked(page)
    titles = page.locator("#checks .check.bad h3").all_text_contents()
    assert titles == [
        "Each holder’s part is its share: does not hold",
        "No event of the order is left out: does not hold",
    ]


def test_where_a_node_answers_no_search_the_page_says_whose_word_it_takes(
    site: WebSite, piece: str, visit: Visit
) -> None:
    page = visit("/verify")

    def refused(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        answer = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "there is no such method"}}
        if asked.get("method") == "eth_getLogs":
            route.fulfill(json=answer, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.continue_()

    page.route(re.compile(re.escape(site.rpc_url)), refused)
    page.goto(f"/orders/{piece}")
    checked(page)
    assert (checks(page, "good"), checks(page, "bad"), checks(page, "open")) == (8, 0, 2)
    expect(page.locator("#checks")).to_contain_text("is the service’s word")


def test_a_piece_plays_and_its_sources_are_heard_apart(piece: str, visit: Visit) -> None:
    page = visit(f"/orders/{piece}")
    page.get_by_role("button", name="Play").click()
    playing(page)
    box = page.get_by_label("The model itself", exact=True)
    box.uncheck()  # from here on, stems
    playing(page)
    playing(page, second=2)
    expect(page.locator(".sounding")).to_contain_text("This note:")
    page.locator(".roll").focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".player [role=status]")).to_contain_text(re.compile(r"^0:0\d\. "))  # what a screen reader says


def test_only_the_part_of_one_work_sounds_and_shines(site: WebSite, piece: str, visit: Visit) -> None:
    page = visit("/verify")
    work = site.get(f"/v1/orders/{piece}")["sources"][1]["work"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """async ([order, only]) => {
            const { mountPlayer } = await module("player/player.js");
            const part = document.createElement("div");
            part.id = "part";
            document.querySelector("main").append(part);
            await mountPlayer(part, { order, only }).ready;
        }""",
        [piece, work],
    )
    page.get_by_role("button", name="Play").click()
    playing(page)
    assert len([url for url in asked if "/stems/2-" in url]) == 1
    assert not [url for url in asked if url.endswith(".flac") and "/stems/2-" not in url]
    expect(page.locator(".share.dim").first).to_be_attached()


def test_a_private_piece_tells_strangers_why_it_is_silent_and_plays_its_notes(private_piece: str, visit: Visit) -> None:
    page = visit(f"/orders/{private_piece}")
    expect(page.locator("#player .notice")).to_contain_text("This piece is private")
    expect(page.locator("#player .notice")).to_contain_text("plain synthesiser")
    page.get_by_role("button", name="Play").click()
    playing(page)
    checked(page)
    assert checks(page, "bad") == 0


def test_the_maker_of_a_private_piece_signs_in_and_hears_it(
    private_piece: str, visit: Visit, maker: TestWallet
) -> None:
    page = visit(f"/orders/{private_piece}", maker)
    page.locator("#wallet button").first.click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", maker.key.address)
    expect(page.get_by_role("link", name="MP3, small")).to_be_visible()
    expect(page.locator("#player .notice")).to_have_count(0)
    page.get_by_role("button", name="Play").click()
    playing(page)


def test_a_wider_use_is_paid_at_the_price_that_the_page_says_and_shown_with_who_got_it(
    site: WebSite, piece: str, visit: Visit, maker: TestWallet
) -> None:
    page = visit(f"/orders/{piece}", maker, width=390)
    expect(page.locator("#use-now")).to_have_text("for commercial use")
    page.get_by_text("Use it more widely").click()
    price = page.locator("#raise .figure").first.text_content() or ""
    page.get_by_role("button", name="Pay for it").click()
    expect(page.get_by_role("dialog")).to_contain_text(price)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#use-now")).to_have_text("for broadcast", timeout=SOON)  # without a reload
    assert page.evaluate("document.activeElement.id") == "more"
    (row,) = page.locator("#later-paid tbody tr").all()
    expect(row.get_by_role("cell").last).to_have_text(price)
    parts = [units(text) for text in row.locator("li .figure").all_text_contents()]
    assert sum(parts) == units(price)
    page.get_by_text("Use it more widely").click()
    expect(page.locator("#widen")).to_contain_text("no wider use")
    checked(page)
    assert checks(page, "bad") == 0  # the evidence is that of the delivery, which stays


def test_later_revenue_is_divided_as_the_songs_terms_ask(piece: str, visit: Visit, maker: TestWallet) -> None:
    page = visit(f"/orders/{piece}", maker)
    page.get_by_text("Share later revenue").click()
    expect(page.locator("#share li")).to_have_count(1)
    page.get_by_label("Revenue, in").fill("nothing")
    page.get_by_role("button", name="See what is paid").click()
    expect(page.locator("#downstream .notice.bad")).to_contain_text("This is no amount.")
    page.get_by_label("Revenue, in").fill("20")
    page.get_by_role("button", name="See what is paid").click()
    page.get_by_role("button", name="Go on").click()
    row = page.locator("#later-paid tbody tr").filter(has_text="Later revenue")
    expect(row).to_have_count(1, timeout=SOON)
    to_song, to_maker = [units(text) for text in row.locator("li .figure").all_text_contents()]
    share = next(line["share"] for line in page.request.get(f"/v1/orders/{piece}").json()["sources"])
    assert to_song == units("20") * share * TENTH // 10**12
    assert to_song + to_maker == units("20")


def units(text: str) -> int:
    """Of `0.79163 TUSD`."""
    return int(Decimal(text.split()[0]) * 10**6)
