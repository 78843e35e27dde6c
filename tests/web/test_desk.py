"""The rights desk: what a rights holder does about works, with a wallet, in a browser."""

from __future__ import annotations

import re
import time

import httpx
import pytest
from eth_account.signers.local import LocalAccount
from playwright.sync_api import Page, Route, expect

from contrafact.demo import world

from .catalogue import founded_works
from .conftest import Visit
from .ordering import send, signed_in
from .site import LONGEST, WebSite
from .wallets import TestWallet, new_wallet

pytestmark = pytest.mark.slow

TUNE = b"""X:1
T:The Desk Clerk's Fancy
M:6/8
L:1/8
K:G
d2B gfe|dBG A2F|GAB cBA|B2d e2f|g2f edB|c2A BGE|FGA DEF|G3 G3|
B2d dBd|c2e ece|A2c cAc|B2d gdB|e2g fed|cBA GFE|DFA cBA|G3 G3|]
"""


RISING, FALLING = (
    f"X:1\nT:Two\nM:6/8\nL:1/8\nK:{key}\n{notes}|]\n".encode()
    for key, notes in (
        ("A", "A,CE ABc|e2c BAF|EFA B3|c2e f2a|g2e cBG|FAc e2f|aec BGE|A6"),
        ("Dm", "d'2a f3|a2g e2c|d2A FDA,|G2B d2g|f2d B2G|A2c e2a|gec AGE|D6"),
    )
)
HEARD = """async () => {
  const audio = document.querySelector("#verdict audio");
  audio.muted = true;
  await audio.play();
  return audio.duration;
}"""


def sign_in(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.locator("[data-sign-in]").wait_for(state="detached")


def drop(page: Page, name: str, data: bytes) -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def go_on(page: Page) -> None:
    """What the wallet's window asks."""
    page.get_by_role("dialog").get_by_role("button", name="Go on").click()


@pytest.fixture
def co_holder(site: WebSite) -> TestWallet:
    return new_wallet(site.chain, world.account(0))


def test_a_tune_is_registered_shared_licensed_and_confirmed(site: WebSite, visit: Visit, co_holder: TestWallet) -> None:
    licensor = new_wallet(site.chain, world.account(0))
    page = visit("/desk/register", licensor)
    sign_in(page)
    drop(page, "the_desk_clerk.abc", TUNE)
    expect(page.get_by_role("heading", name="Nothing like it is registered here")).to_be_visible()
    assert page.evaluate(HEARD) > 0
    work = _registered_in_spite_of_everything(page, licensor, co_holder.key)

    expect(page.get_by_text("Registered. Now set its terms")).to_be_visible()
    expect(page.get_by_role("heading", name="The Desk Clerk’s <b>Fancy</b>")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm my share")).to_be_visible()
    expect(page.get_by_text("No terms are set: nobody may use this work.")).to_be_visible()
    _set_terms(page, "0.20", "yes, 0.20 TUSD for each started 30 seconds")
    page.get_by_role("button", name="Confirm my share").click()
    go_on(page)
    expect(page.get_by_text("Confirmed. What you earn there")).to_be_visible()

    other = visit(f"/desk/works/{work}", co_holder)
    expect(other.get_by_role("button", name="Confirm my share")).to_have_count(0)  # before anybody signed in
    other.goto(f"{site.url}/desk")
    sign_in(other)
    expect(other.get_by_role("listitem").filter(has_text="Say that 33.33 %")).to_be_visible()
    other.get_by_role("button", name="Confirm").click()
    go_on(other)
    expect(other.get_by_text("Confirmed. What you earn there")).to_be_visible()
    assert {place["status"] for place in site.get(f"/v1/works/{work}/places")["places"]} == {"confirmed"}

    page.get_by_text("Change the terms").click()
    _set_terms(page, "0.35", "yes, 0.35 TUSD for each started 30 seconds")
    history = page.get_by_role("listitem").filter(has_text="New terms")
    expect(history).to_contain_text("0.20 TUSD")
    expect(history).to_contain_text("0.35 TUSD")
    assert [one["version"] for one in site.get(f"/v1/works/{work}/terms")["versions"]] == [2, 3]
    _handed_over(page, other, site, work, co_holder)
    public = other.goto(f"{site.url}/works/{work}")
    assert public
    told = [text.split(" ·")[0] for text in other.locator(".timeline h3").all_text_contents()]
    assert [re.sub(r" ?0x.*", "", text) for text in told] == [
        *("New licensor", "Offered to", "New terms"),
        *("Share confirmed by", "Share confirmed by", "First terms", "Registered"),
    ]


def test_a_co_holder_confirms_its_shares_of_two_works_at_once(
    site: WebSite, visit: Visit, co_holder: TestWallet
) -> None:
    licensor = new_wallet(site.chain, world.account(0)).key
    with signed_in(site, licensor) as api:
        works = [_registered(site, api, licensor, tune, co_holder) for tune in (RISING, FALLING)]
    page = visit("/desk", co_holder)
    sign_in(page)
    expect(page.get_by_text("Your share of 2 works waits for your word")).to_be_visible()
    page.get_by_role("button", name="Confirm all").click()
    go_on(page)
    expect(page.get_by_text("Confirmed. What you earn there")).to_be_visible()
    expect(page.get_by_text("Nothing to do.")).to_be_visible()
    assert len(co_holder.sent) == 1
    for work in works:
        assert [place["status"] for place in site.get(f"/v1/works/{work}/places")["places"]] == ["confirmed"]


def _registered(site: WebSite, api: httpx.Client, licensor: LocalAccount, tune: bytes, holder: TestWallet) -> str:
    """A work that is the holder's alone, once it is indexed with its title."""
    upload = api.post("/v1/uploads", content=tune, headers={"Content-Type": "text/vnd.abc"}).json()["upload"]
    draft = {"upload": upload, "title": "One of two", "holders": [{"holder": holder.key.address, "share": 1_000_000}]}
    made = api.post("/v1/registrations", json=draft).json()
    for step in made["steps"]["transactions"]:
        send(site.chain, licensor, step)
    give_up = time.monotonic() + LONGEST
    while made["work"] not in [row["work"] for row in site.get(f"/v1/works?holder={holder.key.address}")["rows"]]:
        assert time.monotonic() < give_up
        time.sleep(0.2)
    return str(made["work"])


def _registered_in_spite_of_everything(page: Page, licensor: TestWallet, other: LocalAccount) -> str:
    """Fills the form in, with a split that does not sum, a reload, and a wallet that says no; → the work's id."""
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Desk Clerk's Fancy")
    page.get_by_label("Title", exact=True).fill("The Desk Clerk’s <b>Fancy</b>")
    page.get_by_role("button", name="Add a holder").click()
    page.get_by_label("Share in %").nth(0).fill("66.6667")
    page.get_by_label("Address of holder 2").fill(other.address[:-6] + other.address[-6:].swapcase())
    page.get_by_label("Share in %").nth(1).fill("33")
    page.get_by_role("button", name="Choose another file").click()
    expect(page.get_by_text("What you wrote is kept here")).to_be_visible()
    page.reload()
    drop(page, "the_desk_clerk.abc", TUNE)
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Desk Clerk’s <b>Fancy</b>")
    expect(page.get_by_label("Share in %").nth(1)).to_have_value("33")
    page.reload()
    expect(page.get_by_label("Share in %").nth(1)).to_have_value("33")
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_text("The shares make 99.6667 %, not 100 %")).to_be_visible()
    page.get_by_label("Share in %").nth(1).fill("33.3333")
    _said_at_its_field(page, other.address)
    licensor.rejecting.add("eth_sendTransaction")
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_role("dialog")).to_contain_text("The Desk Clerk’s <b>Fancy</b>")
    expect(page.get_by_role("dialog")).to_contain_text("33.3333 %")
    go_on(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Desk Clerk’s <b>Fancy</b>")
    licensor.rejecting.clear()
    page.get_by_role("button", name="Register it").click()
    go_on(page)
    page.wait_for_url(re.compile(r"/desk/works/0x"))
    return page.url.rsplit("/", 1)[1].partition("#")[0]


def _said_at_its_field(page: Page, address: str) -> None:
    """A mistyped address, which only the service can tell; it is still there after the reload."""
    page.expected_statuses.add(422)  # type: ignore[attr-defined]
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_text("This address is mistyped: compare it letter by letter.")).to_be_visible()
    expect(page.get_by_label("Address of holder 2")).to_be_focused()
    page.get_by_label("Address of holder 2").fill(address)


def _handed_over(page: Page, other: Page, site: WebSite, work: str, to: TestWallet) -> None:
    page.get_by_text("Hand the work to another licensor").click()
    page.get_by_label("Address of the new licensor").fill(to.key.address)
    page.get_by_role("button", name="Offer it").click()
    go_on(page)
    expect(page.get_by_text("It is offered. Nothing changes")).to_be_visible()
    other.goto(f"{site.url}/desk")
    other.get_by_role("button", name="Accept it").click()
    go_on(other)
    expect(other.get_by_text("It is yours to license now.")).to_be_visible()
    assert site.get(f"/v1/works/{work}")["licensor"] == to.key.address
    other.goto(f"{site.url}/desk/works/{work}")
    expect(other.get_by_role("listitem").filter(has_text="New licensor")).to_be_visible()
    expect(other.get_by_role("listitem").filter(has_text="Offered to")).to_be_visible()


def _set_terms(page: Page, price: str, words: str) -> None:
    page.get_by_label("Private listening: price").fill("abc")
    summary = page.get_by_role("complementary", name="These terms in words")
    expect(summary).to_contain_text("yes, price not readable yet")
    page.get_by_label("Private listening: price").fill(price)
    expect(summary).to_contain_text(words)
    page.get_by_role("button", name=re.compile("^Set (these )?terms$")).click()
    expect(page.get_by_role("dialog")).to_contain_text(words)
    go_on(page)
    expect(page.get_by_text("The new terms are in force.")).to_be_visible()


def _with_a_piece_not_compared(route: Route) -> None:
    answer = route.fetch()
    upload = answer.json()
    upload["verdict"]["pieces_not_compared"] = 1
    route.fulfill(response=answer, json=upload)


def test_a_copy_is_refused_with_words_and_can_be_contested(site: WebSite, visit: Visit, maker: TestWallet) -> None:
    work = founded_works(site)[0]
    page = visit("/desk/register", maker)
    sign_in(page)
    with page.expect_response(f"**/v1/content/{work['content']['cid']}") as answer:
        page.evaluate("path => fetch(path)", f"/v1/content/{work['content']['cid']}")
    page.route("**/v1/uploads", _with_a_piece_not_compared)
    drop(page, "mine.mid", answer.value.body())
    expect(page.get_by_role("heading", name="It is registered already")).to_be_visible()
    expect(page.get_by_text("One piece that was made here could not be compared with it")).to_be_visible()
    expect(page.get_by_text("It cannot be registered again, unless")).to_be_visible()
    expect(page.get_by_role("link", name=work["title"])).to_have_attribute("href", f"/works/{work['work']}")
    expect(page.get_by_role("button", name="Register it")).to_be_hidden()
    page.get_by_label("The registered work is mine by right").check()
    expect(page.get_by_role("button", name="Register it")).to_be_visible()
