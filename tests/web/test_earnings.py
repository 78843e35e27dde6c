"""A rights holder's money in a browser: earned to the unit as the chain says, heard, held back, claimed, stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from contrafact.demo import world
from contrafact.domain.digests import from_hex
from contrafact.domain.shares import PPM
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.reader import Reader

from .catalogue import founded_works, works_for
from .conftest import Visit
from .ordering import delivered_order, send, signed_in
from .site import LONGEST, WebSite
from .wallets import TestWallet, new_wallet

pytestmark = pytest.mark.slow
SOON = LONGEST * 1000
HIGH = 10**12


@dataclass(frozen=True, slots=True)
class Paid:
    """A holder whose payouts wait for more, and a piece with two works that it has a part of."""

    wallet: TestWallet
    api: httpx.Client
    order: str

    def rows(self, what: str, **asked: str) -> list[dict[str, Any]]:
        return self.answer(what, **asked)["rows"]  # type: ignore[no-any-return]

    def answer(self, what: str, **asked: str) -> Any:
        answer = self.api.get(f"/v1/holders/{self.wallet.key.address}/{what}", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def paid(site: WebSite) -> Iterator[Paid]:
    first = site.get(f"/v1/works/{works_for(site, 'commercial', 2)[0]}")["holders"][0]["holder"]
    key = next(world.account(one.account) for one in world.HOLDERS if world.account(one.account).address == first)
    token = founded_works(site)[0]["terms"]["prices"][0]["price"]["token"]
    asked = {"sender": key.address, "token": token, "amount": str(HIGH)}
    with signed_in(site, key) as api:
        for step in api.post("/v1/transactions/set-threshold", json=asked).json()["transactions"]:
            send(site.chain, key, step)
        order = delivered_order(site, world.account(world.MAKER), seconds=8)
        yield Paid(TestWallet(key, site.chain), api, order)


def units(amount: dict[str, str]) -> int:
    return int(amount["units"])


def signed_in_at(visit: Visit, path: str, wallet: TestWallet, **how: Any) -> Page:
    page = visit(path, wallet, **how)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", wallet.key.address)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_have_count(0)
    return page


def test_what_was_earned_shows_to_the_unit_as_the_chain_has_it(site: WebSite, visit: Visit, paid: Paid) -> None:
    deployment = Deployment.load(site.folder / "contrafact-devnet" / "deployment.json")
    connection = Connection.open(site.rpc_url)
    reader = Reader(connection, deployment)
    lines, balances = paid.rows("earnings", limit="100"), paid.answer("balances")
    for place in balances["places"]:
        mine = [line for line in lines if line["account"] == place["account"] and line["share"] == place["share"]]
        assert sum(units(line["due"]) for line in mine) == units(place["earned"])
        assert units(place["earned"]) == reader.received(from_hex(place["account"])) * place["share"] // PPM > 0
    connection.close()
    page = signed_in_at(visit, "/desk/earnings", paid.wallet)
    (total,) = balances["totals"]
    expect(page.locator("#totals .total-sum").first).to_have_text(total["earned"]["text"])
    for label, by in (("Work", "work"), ("Use", "kind"), ("Operator", "operator"), ("Month", "month")):
        page.get_by_role("radio", name=label, exact=True).check(force=True)
        figure = page.locator("#sums figure")
        expect(figure.locator("figcaption")).to_contain_text(f"Earned by {label.lower()}")
        sums = paid.rows("earnings/sums", by=by)
        assert sum(units(row["earned"]) for row in sums) == units(total["earned"])
        figure.locator("summary").click()
        expect(figure.locator("tbody tr")).to_have_count(len(sums))
        shown = [float(text) for text in figure.locator("tbody td").all_text_contents()]
        assert shown == [float(row["earned"]["text"].split()[0]) for row in sums]
    page.reload()  # what was chosen stands in the address
    expect(page.get_by_role("radio", name="Month", exact=True)).to_be_checked()


def test_a_line_is_heard_and_says_how_the_money_follows(visit: Visit, paid: Paid) -> None:
    page = signed_in_at(visit, "/desk/earnings", paid.wallet, width=390)
    line = paid.rows("earnings", limit="1")[0]
    shown = page.locator("#lines .line").first
    expect(shown.locator(".line-sum")).to_have_text(line["due"]["text"])
    shown.get_by_role("button", name="Hear what you were paid for").click()
    expect(shown.get_by_role("heading", name="What you were paid for")).to_be_focused()
    steps = shown.locator(".follows li")
    expect(steps).to_have_count(3, timeout=SOON)
    expect(steps.nth(0)).to_contain_text(re.compile(r"\d+ notes of melody.*\d+\.\d\d seconds"))
    expect(steps.nth(1)).to_contain_text(f"= {line['amount']['text']}")
    expect(steps.nth(2)).to_contain_text(line["due"]["text"])
    expect(shown.locator(".sounding")).to_have_text(
        re.compile(f"(This note: \\d+|Nothing here comes from).* {line['title']}.")
    )
    shown.get_by_role("button", name="Play", exact=True).click()
    expect(shown.locator(".player")).to_have_attribute("data-state", "playing", timeout=SOON)
    expect(shown.locator(".transport input")).not_to_have_value("0")
    shown.get_by_role("button", name="Close").click()
    expect(shown.locator(".player")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_threshold_is_set_and_everything_is_claimed(site: WebSite, visit: Visit, paid: Paid) -> None:
    page = signed_in_at(visit, "/desk/payouts", paid.wallet)
    waits = paid.answer("balances")["totals"][0]["claimable"]
    before = len(paid.rows("payments", limit="100"))
    assert units(waits) > 0
    expect(page.locator("#now")).to_contain_text("waits for your minimum of 1000000.00 TUSD")
    expect(page.locator("#places")).to_contain_text("waits for your minimum of 1000000.00 TUSD")
    page.get_by_label("Minimum payout in TUSD").fill("one")
    page.locator("form", has=page.get_by_label("Minimum payout in TUSD")).get_by_role("button", name="Set").click()
    expect(page.get_by_text("Write an amount of TUSD")).to_be_visible()
    page.get_by_label("Minimum payout in TUSD").fill("0")
    page.locator("form", has=page.get_by_label("Minimum payout in TUSD")).get_by_role("button", name="Set").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Set.", timeout=SOON)
    expect(page.locator("#now .total-sum")).to_have_text(waits["text"])
    asked = paid.wallet.asked.count("eth_sendTransaction")
    page.get_by_role("button", name="Claim all of it").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Claimed.", timeout=SOON)
    assert paid.wallet.asked.count("eth_sendTransaction") == asked + 1
    expect(page.locator("#now")).to_contain_text("There is nothing to claim")
    rows = paid.rows("payments", limit="100")
    assert sum(units(row["amount"]) for row in rows[: len(rows) - before]) == units(waits)
    expect(page.locator("#payments tbody tr").first).to_contain_text(rows[0]["amount"]["text"])
    month = rows[0]["at"][:7]
    page.goto(f"{site.url}/desk/statements/{month}")
    expect(page.locator(".notice")).to_contain_text("Not complete yet")
    (total,) = paid.answer(f"statements/{month}")["totals"]
    shown = page.locator(".equation td.number").all_text_contents()
    assert shown == [
        total["opening"]["text"],
        total["earned"]["text"],
        f"-{total['paid']['text']}",
        total["closing"]["text"],
    ]


def test_a_work_is_contested_and_the_contest_withdrawn(site: WebSite, visit: Visit, paid: Paid) -> None:
    claimant = new_wallet(site.chain, world.account(world.DEPLOYER))
    work = founded_works(site)[-1]
    page = signed_in_at(visit, f"/desk/contests?work={work['work']}", claimant)
    page.get_by_role("button", name="Contest this work").click()
    expect(page.get_by_label("Your reasons")).to_be_focused()
    expect(page.get_by_label("Your reasons")).to_have_accessible_description(re.compile("Write your reasons first"))
    page.get_by_label("Your reasons").fill("I wrote this tune in 1998; the recording proves it.")
    page.goto(f"/desk/contests?work={founded_works(site)[0]['work']}")
    expect(page.get_by_label("Your reasons")).to_have_value("")  # those were about another work
    page.goto(f"/desk/contests?work={work['work']}")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Contest this work").click()
    assert saved.value.suggested_filename.startswith("contest-")
    page.get_by_role("dialog").get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Opened.", timeout=SOON)
    expect(page.locator(".contest .chip")).to_have_text("Open")
    (arbiter,) = site.get("/v1/contests/rules")["arbiters"]
    for address in (arbiter["address"], work["holders"][0]["holder"], claimant.key.address):
        expect(page.locator(f".contest dl [title='{address}']").first).to_be_visible()
    expect(page.get_by_label("Your reasons")).to_have_value("")
    (told,) = site.get(f"/v1/contests?work={work['work']}")["rows"]
    assert (told["claimant"], told["state"]) == (claimant.key.address, "open")
    notice = visit(f"/works/{work['work']}").locator(".notice.warn")
    expect(notice).to_contain_text("No money is held by this contest")
    expect(notice.get_by_role("link")).to_have_attribute("href", f"/explorer?q={told['transaction']}")
    page.get_by_role("button", name="Withdraw this contest").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator(".contest .chip")).to_have_text("Withdrawn", timeout=SOON)


def test_a_stranger_is_told_what_to_do(site: WebSite, visit: Visit) -> None:
    stranger = new_wallet(site.chain, world.account(world.DEPLOYER))
    for path in ("earnings", "payouts", "statements", "statements/2026-01", "contests"):
        page = visit(f"/desk/{path}", width=390)
        expect(page.get_by_role("heading", name="Sign in with your wallet")).to_be_visible()
    page = signed_in_at(visit, "/desk/earnings", stranger, width=390)
    expect(page.locator("#none")).to_contain_text("The first earning comes when somebody makes a piece")
    page.goto(f"{site.url}/desk/payouts")
    expect(page.locator("#now .empty")).to_contain_text("nothing to claim yet")
    page.expected_statuses.add(404)  # type: ignore[attr-defined]
    page.goto(f"{site.url}/desk/statements/{site.get('/v1/status')['block_time'][:7]}")
    expect(page.get_by_role("alert")).to_contain_text("There is no work in whose published split")
