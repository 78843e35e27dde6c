"""The reader's wallet: found, connected, on the right network, asked step by step, and all its ways to say no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from web3 import Web3

from contrafact.demo import world

from .conftest import Visit
from .site import WebSite
from .wallets import TestWallet, new_wallet

pytestmark = pytest.mark.slow

_PREPARE = """async ({amounts, message}) => {
  const {wallet} = await module("wallet/wallet.js");
  const {get, post} = await module("shared/api.js");
  const sender = await wallet.connect(), {contracts, chain_id} = await get("/v1/network");
  const all = await Promise.all(amounts.map((amount) =>
    post("/v1/transactions/set-threshold", {sender, token: contracts.TestDollar, amount})));
  const types = {EIP712Domain: [{name: "chainId", type: "uint256"}], Greeting: [{name: "text", type: "string"}]};
  const document = {types, primaryType: "Greeting", domain: {chainId: chain_id}, message: {text: "Good day"}};
  const greeting = {name: "greeting", signer: sender, kind: "Greeting", says: "Say good day.", document,
    shows: [{label: "Title", value: "Good 2026-01-15 10:00:00 UTC, 9999-99-99 99:99:99 UTC"}]};
  return {messages: message ? [greeting] : [], transactions: all.flatMap((one) => one.transactions)};
}"""
_PERFORM = """async (steps) => {
  const {wallet} = await module("wallet/wallet.js");
  window.outcome = wallet.perform(steps, {title: "Two things"})
    .then((done) => done, ({code, message}) => ({code, message}));
}"""
_ACCOUNT = """async () => {
  const {wallet} = await module("wallet/wallet.js");
  await wallet.ready;
  return wallet.account;
}"""
_SESSION = 'async () => (await module("wallet/wallet.js")).wallet.session'


def perform(page: Page, *amounts: int, message: bool = False, data: str | None = None) -> Locator:
    """Has the page perform thresholds of these amounts, after a message; `data` in the place of what was prepared."""
    steps = page.evaluate(_PREPARE, {"amounts": [str(amount) for amount in amounts], "message": message})
    for transaction in steps["transactions"]:
        transaction["data"] = data or transaction["data"]
    page.evaluate(_PERFORM, steps)
    return page.get_by_role("dialog", name="Two things")


def outcome(page: Page) -> Any:
    return page.evaluate("window.outcome")


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


@contextmanager
def blocks_only_when_asked(chain: Web3) -> Iterator[None]:
    chain.provider.make_request("evm_setAutomine", [False])  # type: ignore[arg-type]
    try:
        yield
    finally:
        chain.provider.make_request("evm_setAutomine", [True])  # type: ignore[arg-type]
        chain.provider.make_request("evm_mine", [])  # type: ignore[arg-type]


@pytest.fixture
def own(site: WebSite) -> TestWallet:
    """A wallet with a new account."""
    return new_wallet(site.chain, world.account(0))


def test_of_several_wallets_one_is_picked_and_found_again_without_being_asked(visit: Visit, own: TestWallet) -> None:
    other = TestWallet(
        world.account(5), own.chain, "<b>Second</b>", "test.second", icon="https://elsewhere.example/i.png"
    )
    page = visit("/verify", own, other)
    press(page, "Connect wallet")
    picker = page.get_by_role("dialog", name="Which wallet?")
    expect(picker.locator(".choice img")).to_have_count(2)  # the picture from elsewhere is not loaded
    picker.get_by_role("button", name="<b>Second</b>").click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", other.key.address)
    other.asked.clear()
    page.reload()
    assert page.evaluate(_ACCOUNT) == other.key.address
    assert (other.asked, own.asked) == (["eth_accounts"], [])
    page.locator("#wallet button").click()
    press(page, "Disconnect")
    expect(page.get_by_role("button", name="Connect wallet")).to_be_visible()
    page.reload()
    assert page.evaluate(_ACCOUNT) is None
    assert page.evaluate(_SESSION) is None


def test_a_wallet_of_the_old_kind_is_used_and_without_one_it_is_said_what_to_do(visit: Visit, own: TestWallet) -> None:
    own.fallback = True
    page = visit("/verify", own)
    press(page, "Connect wallet")
    expect(page.locator("#wallet")).to_have_attribute("data-session", own.key.address)

    bare = visit("/verify")
    bare.route("**/v1/network", lambda route: route.fulfill(json={**route.fetch().json(), "accounts": []}))
    press(bare, "Connect wallet")
    expect(bare.get_by_role("dialog", name="You need a wallet")).to_contain_text("Install a wallet for Ethereum")
    press(bare, "Close")
    expect(bare.get_by_role("dialog")).to_have_count(0)
    expect(bare.get_by_role("button", name="Connect wallet")).to_be_focused()


def test_nothing_is_signed_on_another_network_and_a_no_loses_nothing(
    site: WebSite, visit: Visit, own: TestWallet
) -> None:
    own.chain_id, own.known = 1, {1}
    page = visit("/verify", own)
    press(page, "Connect wallet")
    press(page.get_by_role("dialog", name="Switch the network?"), "Not now")
    expect(page.locator("#wallet")).to_contain_text("not signed in")

    own.rejecting = {"wallet_addEthereumChain"}
    assert page.evaluate(_SIGN_IN, "Switch network") == "Your wallet stayed on another network."
    assert "personal_sign" not in own.asked

    own.rejecting = {"personal_sign"}
    assert page.evaluate(_SIGN_IN, "Switch network") == "You said no in your wallet."
    network = site.get("/v1/network")
    assert own.added == [
        {
            "chainId": network["chain_id_hex"], "chainName": "Development chain", "rpcUrls": [site.rpc_url],
            "nativeCurrency": {"name": "ETH", "symbol": "ETH", "decimals": 18},
        }
    ]  # fmt: skip

    own.rejecting = set()
    page.locator("#wallet button").click()
    press(page.get_by_role("dialog", name="Your wallet"), "Sign in")
    expect(page.locator("#wallet")).to_have_attribute("data-session", own.key.address)


_SIGN_IN = """async (press) => {
  const {wallet} = await module("wallet/wallet.js");
  const asked = wallet.signIn().catch((error) => error.message);
  const button = () => [...document.querySelectorAll("dialog button")].find((one) => one.textContent === press);
  while (!button()) await new Promise((go) => setTimeout(go, 20));
  button().click();
  return asked;
}"""


def test_what_fails_is_said_in_words_and_tried_again_from_there(visit: Visit, own: TestWallet) -> None:
    page = visit("/verify", own)
    shown = perform(page, 1, 2, message=True)
    expect(shown).to_contain_text("Your wallet will ask you 3 times")
    expect(shown).to_contain_text("Payouts to you wait until they reach this amount")
    expect(shown.get_by_role("listitem")).to_have_count(3)
    expect(shown).to_contain_text(", 9999-99-99 99:99:99 UTC")  # of a title, and no time
    expect(shown.locator("time")).to_have_count(1)
    own.rejecting = {"eth_sendTransaction"}
    press(shown, "Go on")
    expect(shown.get_by_role("alert")).to_contain_text("You said no in your wallet.")
    own.rejecting = set()
    for error, words in (
        ({"code": -32002, "message": "Already pending"}, "already waits for an answer"),
        ({"code": -32000, "message": "insufficient funds for gas * price + value"}, "too little of the network's coin"),
        ({"code": -32603, "message": "Out of <b>cheese</b>"}, "Your wallet said: Out of <b>cheese</b>"),
    ):
        own.failing = {"eth_sendTransaction": error}
        press(shown, "Try again")
        expect(shown.get_by_role("alert")).to_contain_text(words)
    own.failing = {}
    press(shown, "Try again")
    done = outcome(page)
    assert own.asked.count("eth_signTypedData_v4") == 1
    assert list(done["signatures"]) == ["greeting"]
    assert [own.chain.eth.get_transaction_receipt(one)["status"] for one in done["hashes"]] == [1, 1]
    expect(page.get_by_role("status", name="Messages")).to_contain_text("Done, and final.")


def test_what_would_be_refused_cannot_be_sent_and_what_fails_in_its_block_is_said(
    visit: Visit, own: TestWallet
) -> None:
    page = visit("/verify", own)
    steps = page.evaluate(_OWED, own.key.address)
    page.evaluate(_PERFORM, steps)
    shown = page.get_by_role("dialog", name="Two things")
    refusal = steps["transactions"][0]["simulation"]["error"]
    expect(shown).to_contain_text(refusal["message"])
    expect(shown.get_by_role("button", name="Go on")).to_have_count(0)
    press(shown, "Close")
    assert outcome(page) == {"code": refusal["code"], "message": refusal["message"]}

    shown = perform(page, 1, data="0xdeadbeef")
    press(shown, "Go on")
    expect(shown.get_by_role("alert")).to_contain_text("it failed there")
    press(shown, "Cancel")
    assert outcome(page)["code"] == "cancelled"
    expect(page.get_by_role("status", name="Messages")).to_contain_text("Failed in its block")


_OWED = """async (sender) => {
  const {wallet} = await module("wallet/wallet.js");
  const {get, post} = await module("shared/api.js");
  await wallet.connect();
  const {contracts} = await get("/v1/network");
  return post("/v1/transactions/withdraw-owed", {sender, token: contracts.TestDollar, at: "escrow"});
}"""


def test_another_account_or_network_stops_what_is_under_way_until_it_is_switched_back(
    visit: Visit, own: TestWallet
) -> None:
    page, first = visit("/verify", own), own.key
    press(page, "Connect wallet")
    expect(page.locator("#wallet")).to_have_attribute("data-session", first.address)
    messages = page.get_by_role("status", name="Messages")

    shown = perform(page, 1)
    own.silent = {"eth_sendTransaction"}
    press(shown, "Go on")
    expect(shown).to_contain_text("Waiting for your answer in Test wallet")
    own.switch_account(world.account(6))
    expect(shown.get_by_role("alert")).to_contain_text("your wallet shows another one")
    own.silent = set()
    press(shown, "Try again")  # it is still the other account
    expect(shown.get_by_role("alert")).to_contain_text("your wallet shows another one")
    assert own.asked.count("eth_sendTransaction") == 1
    assert page.evaluate(_SESSION) is None
    own.switch_account(first)
    own.switch_chain(1)
    press(shown, "Try again")
    press(page.get_by_role("dialog", name="Switch the network?"), "Switch network")
    assert len(outcome(page)["hashes"]) == 1
    assert page.evaluate(_SESSION) == first.address

    own.switch_chain(1)
    expect(messages).to_contain_text("on another network than this service")
    press(messages, "Switch back")
    page.get_by_role("button", name="Switch network").click()
    expect(messages).not_to_contain_text("on another network")
    own.lose_connection()
    expect(messages).to_contain_text("lost its connection")
    own.switch_account(world.account(6))
    expect(messages).to_contain_text("You signed in here as")
    messages.get_by_role("button", name="Sign in as").click()
    expect(page.locator("#wallet")).to_have_attribute("data-session", own.key.address)


def test_what_is_not_in_a_block_is_shown_after_a_reload_and_what_was_dropped_is_sent_anew(
    visit: Visit, own: TestWallet
) -> None:
    page = visit("/verify", own)
    messages = page.get_by_role("status", name="Messages")
    shown = perform(page, 1)
    with blocks_only_when_asked(own.chain):
        press(shown, "Go on")
        expect(shown).to_contain_text("Sent; waits for a block")
        page.goto(page.url.replace("/verify", "/docs"))
        expect(messages).to_contain_text("Sent; waits for a block")
        own.chain.provider.make_request("evm_mine", [])  # type: ignore[arg-type]
        expect(messages).to_contain_text("Done, and final.")

        shown = perform(page, 2)
        press(shown, "Go on")
        expect(shown).to_contain_text("Sent; waits for a block")
        sent = json.loads(page.evaluate("sessionStorage.getItem('contrafact.pending')"))[-1]["hash"]
        own.chain.provider.make_request("hardhat_dropTransaction", [sent])  # type: ignore[arg-type]
        expect(shown.get_by_role("alert")).to_contain_text("no longer knows", timeout=30_000)
        press(shown, "Try again")
        expect(shown).to_contain_text("Sent; waits for a block")
    assert len(outcome(page)["hashes"]) == 1
    assert own.asked.count("eth_sendTransaction") == 3


def test_a_development_chain_has_accounts_for_everybody(visit: Visit, own: TestWallet) -> None:
    own.silent = {"eth_requestAccounts"}
    page = visit("/verify", own, width=390)
    press(page, "Connect wallet")
    press(page.get_by_role("dialog", name="Connect your wallet"), "Use another wallet")
    page.get_by_role("button", name="Development accounts").click()
    who = page.get_by_role("dialog", name="Who do you want to be?")
    expect(who).to_contain_text("play money")
    who.get_by_role("button", name="A music maker").click()
    signing = page.get_by_role("dialog", name="Sign this message?")
    expect(signing).to_contain_text("This moves no money and permits no transaction.")
    press(signing, "Confirm")
    maker = world.account(world.MAKER).address
    expect(page.locator("#wallet")).to_have_attribute("data-session", maker)

    page.reload()
    shown = perform(page, 0, message=True)
    press(shown, "Go on")
    expect(page.get_by_role("dialog", name="Sign this message?")).to_contain_text("Good day")
    press(page, "Confirm")
    sending = page.get_by_role("dialog", name="Send this transaction?")
    press(sending, "Reject")
    expect(shown.get_by_role("alert")).to_contain_text("You said no")
    press(shown, "Try again")
    press(sending, "Confirm")
    receipt = own.chain.eth.get_transaction_receipt(outcome(page)["hashes"][0])
    assert (receipt["from"], receipt["status"]) == (maker, 1)


def test_a_wallet_that_answers_nothing_or_nonsense_stops_nothing_and_sends_nothing_twice(
    visit: Visit, own: TestWallet
) -> None:
    page = visit("/docs", own)
    page.evaluate('async () => (await module("wallet/wallet.js")).wallet.connect()')
    own.silent |= {"eth_accounts", "eth_gasPrice"}
    page.reload()
    assert page.evaluate(_ACCOUNT) is None
    window = perform(page, 7_000_000)
    own.silent.clear()
    own.saying["eth_sendTransaction"] = {"hash": "<script>"}
    press(window, "Go on")
    expect(window.get_by_text("Look it up in your wallet before you try again")).to_be_visible()
    assert own.asked.count("eth_sendTransaction") == 1
    own.saying.clear()
    press(window, "Try again")
    assert len(outcome(page)["hashes"]) == 1
    assert own.sent[-1]["chainId"] == hex(own.chain_id)
    own.saying["eth_accounts"] = ["javascript:alert(1)", 5]
    page.reload()
    assert page.evaluate(_ACCOUNT) is None


def test_wallets_that_say_to_be_the_same_are_told_apart_and_none_of_them_says_to_be_ours(
    visit: Visit, own: TestWallet
) -> None:
    other = TestWallet(own.key, own.chain, name="Test wallet", rdns=own.rdns)
    page = visit("/docs", own, other)
    page.evaluate("""() => dispatchEvent(new CustomEvent("eip6963:announceProvider", {detail: {
      info: {uuid: "x", name: "Ours", rdns: "its.own", icon: "https://evil.example/x.svg"}, own: true,
      note: "Recommended", provider: {request: async () => []}}}))""")
    press(page, "Connect wallet")
    window = page.get_by_role("dialog", name="Which wallet?")
    expect(window.get_by_text(f"One of 2 that call themselves {own.rdns}.")).to_have_count(2)
    expect(window.get_by_text("Recommended")).to_have_count(0)
    window.get_by_role("button", name="Test wallet").first.click()
    expect(page.get_by_role("banner").get_by_text("Signed in as")).to_be_attached()
    page.reload()
    assert page.evaluate(_ACCOUNT) is None
