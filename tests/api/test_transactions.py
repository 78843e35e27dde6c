"""Every action of a wallet, prepared over HTTP, signed by a plain key and sent to the chain, does what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from fastapi.testclient import TestClient

from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.splits import account_id
from contrafact.domain.terms import NATIVE, Terms
from contrafact.ledger.relaying import Relayer
from contrafact.ports import OrderStatus, PlaceStatus
from contrafact.web.app import create_app
from tests.clients.wallets import LIBRARIES, ask, missing_library
from tests.ledger.scene import SALT, Deal, Scene

from .hall import Hall
from .visiting import URL

DIGEST = to_hex(sha256(b"evidence"))


def ask_for(hall: Hall, action: str, status: int = 200, **body: Any) -> Any:
    answer = hall.client.post(f"/v1/transactions/{action}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def act(hall: Hall, role: str, action: str, **body: Any) -> Any:
    """Has the action prepared for the role's wallet, which sends it; the index follows."""
    given = body if "quote" in body and "sender" not in body else {"sender": hall.scene.address(role), **body}
    steps = ask_for(hall, action, **{name: value for name, value in given.items() if value is not None})
    send(hall.scene, role, steps["transactions"])
    hall.index()
    return steps


def send(scene: Scene, role: str, transactions: list[dict[str, Any]]) -> None:
    eth, key = scene.connection.web3.eth, scene.keys[role]
    for one in transactions:
        assert one["from"] == key.address
        assert one["simulation"]["outcome"] != "refused", one["simulation"]
        given = {name: one[name] for name in ("from", "to", "value", "data")}
        gas = int(one["gas"], 16) if one["gas"] else eth.estimate_gas(given)  # type: ignore[arg-type]
        place = {"chainId": one["chain_id"], "nonce": eth.get_transaction_count(key.address), "gas": gas}
        whole = {**given, **place, "maxFeePerGas": 10**11, "maxPriorityFeePerGas": 1}
        del whole["from"]
        receipt = eth.wait_for_transaction_receipt(
            eth.send_raw_transaction(key.sign_transaction(whole).raw_transaction)
        )
        assert receipt["status"] == 1, one["function"]


def sign(scene: Scene, role: str, message: dict[str, Any]) -> str:
    assert message["signer"] == scene.address(role)
    return "0x" + bytes(Account.sign_typed_data(scene.keys[role].key, full_message=message["document"]).signature).hex()


def funding(deal: Deal) -> dict[str, Any]:
    """An offer as its operator hands it out."""
    music = MusicRequest(75, 120, 0, "major", (6, 8))
    signed = SignedQuote(deal.quote, deal.signature, deal.terms, music)
    return {"quote": json.loads(signed.to_bytes()), "maker_salt": to_hex(SALT)}


def status(hall: Hall, deal: Deal) -> OrderStatus:
    return hall.scene.reader.order_status(deal.order_id)


# Works


def test_a_licensor_registers_sets_terms_changes_the_split_and_opts_out(hall: Hall) -> None:
    scene, bach = hall.scene, hall.scene.address("bach")
    new = replace(scene.metadata[0], title="Another", content=sha256(b"another"))
    hall.store.put(new.to_bytes())
    steps = act(hall, "bach", "register", document=json.loads(new.to_bytes()))
    assert steps["transactions"][0]["function"] == "register"
    work = to_hex(scene.reader.work_id_of(bach, new.content))
    prices = [{"token": scene.dollar, "private": "200000"}]
    form = {"uses": ["private"], "prices": prices, "downstream": 50_000, "operators": [scene.address("operator")]}
    (said,) = act(hall, "bach", "set-terms", work=work, terms=form)["transactions"]
    assert "private 0.20 TUSD" in said["says"]
    assert f"“Another” ({work})" in said["says"]
    assert hall.get(f"/v1/works/{work}")["terms"]["allow"]["operators_listed"]
    other = replace(new, split=scene.metadata[2].split)
    hall.store.put(other.to_bytes())
    act(hall, "bach", "change-split", work=work, document=json.loads(other.to_bytes()))
    found = hall.get(f"/v1/works/{work}")
    assert (len(found["holders"]), found["terms"]["uses"]) == (2, ["private"])
    act(hall, "bach", "opt-out", work=work)
    assert scene.reader.terms_history()[-1].terms == Terms.opted_out()


def test_a_work_is_handed_to_another_licensor(hall: Hall) -> None:
    act(hall, "bach", "transfer-licensor", work=hall.work(0), to=hall.scene.address("anon"))
    act(hall, "anon", "accept-licensor", work=hall.work(0))
    assert hall.get(f"/v1/works/{hall.work(0)}")["licensor"] == hall.scene.address("anon")


def test_what_the_chain_would_refuse_is_told_and_costs_nothing(hall: Hall) -> None:
    (one,) = ask_for(hall, "opt-out", sender=hall.scene.address("stranger"), work=hall.work(0))["transactions"]
    assert one["simulation"]["error"]["contract_error"] == "WorkRegistry_NotLicensor"
    assert one["gas"] is None


def test_a_collection_is_anchored_brought_in_and_withdrawn(hall: Hall) -> None:
    scene, bach = hall.scene, hall.scene.address("bach")
    file, form = b"a tune", b"its form"
    metadata = replace(scene.metadata[0], content=sha256(file), source_form=sha256(form))
    collection = Collection.of("Tunes", [CollectedWork(metadata, scene.terms[0], file, form)])
    name = hall.store.put(collection.to_bytes())
    act(hall, "bach", "anchor-collection", collection=name)
    content = to_hex(metadata.content)
    act(hall, "stranger", "materialise", collection=name, licensor=bach, content=content)
    assert scene.reader.licensor_of(scene.reader.work_id_of(bach, metadata.content)) == bach
    act(hall, "bach", "withdraw-collection", root=to_hex(collection.root))
    assert scene.reader.anchored_since(bach, collection.root) == 0


def test_an_account_without_coin_is_told_to_get_some(hall: Hall) -> None:
    poor = "0x" + "ab" * 20
    (one,) = ask_for(hall, "set-threshold", sender=poor, token=NATIVE, amount="1")["transactions"]
    assert one["simulation"]["error"]["code"] == "payment"


# Orders


@pytest.mark.parametrize("token", ["native", "dollar"])
def test_a_maker_pays_by_its_own_transaction_and_is_refunded(hall: Hall, token: str) -> None:
    deal = hall.scene.deal(NATIVE if token == "native" else hall.scene.dollar)
    steps = act(hall, "maker", "fund", **funding(deal))
    assert [one["function"] for one in steps["transactions"]] == ["approve", "fund"][token == "native" :]
    assert status(hall, deal) is OrderStatus.FUNDED
    early = ask_for(hall, "refund", sender=hall.scene.address("stranger"), order=to_hex(deal.order_id))
    assert early["transactions"][0]["simulation"]["outcome"] == "refused"
    hall.scene.pass_time(4_000)
    act(hall, "stranger", "refund", order=to_hex(deal.order_id))
    assert status(hall, deal) is OrderStatus.REFUNDED


@pytest.mark.parametrize("library", ["eth_account", *LIBRARIES])
def test_one_signature_of_any_library_pays_and_orders(hall: Hall, library: str) -> None:
    if library != "eth_account" and (reason := missing_library(library)):
        pytest.skip(reason)
    deal = hall.scene.deal(hall.scene.dollar)
    (message,) = ask_for(hall, "fund-signatures", **funding(deal))["messages"]
    if library == "eth_account":
        signature = sign(hall.scene, "maker", message)
    else:
        key = "0x" + bytes(hall.scene.keys["maker"].key).hex()
        (answer,) = ask(library, [{"do": "typedData", "key": key, "document": message["document"]}])
        signature = answer["signature"]
    act(hall, "stranger", "fund-with-authorization", **funding(deal), authorization=signature,
        sender=hall.scene.address("stranger"))  # fmt: skip
    assert status(hall, deal) is OrderStatus.FUNDED


def test_a_licensor_approves_an_order_by_a_message(hall: Hall) -> None:
    deal = hall.scene.deal(hall.scene.dollar)
    (message,) = ask_for(hall, "approve-order", quote=funding(deal)["quote"], work=hall.work(2))["messages"]
    assert (message["signer"], message["kind"]) == (hall.scene.address("anon"), "Approval")
    assert message["document"]["message"]["orderId"] == to_hex(deal.order_id)
    ask_for(hall, "approve-order", 422, quote=funding(deal)["quote"], work=DIGEST)


def test_a_finished_order_is_raised_shared_and_challenged(hall: Hall) -> None:
    scene, deal = hall.scene, hall.scene.deal(hall.scene.dollar)
    scene.writer("deployer").mint_dollars(scene.address("stranger"), 10**9)
    order = to_hex(deal.order_id)
    scene.writer("maker").fund(*deal.fund_arguments())
    hall.index()
    challenge = {"sender": scene.address("stranger"), "order": order, "evidence": DIGEST}
    assert ask_for(hall, "challenge", 403, **challenge)["hint"] == "Wait until it is delivered."
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    hall.index()
    act(hall, "stranger", "raise-use", order=order, use="broadcast")
    before = scene.reader.balance(scene.address("maker"), scene.dollar)
    act(hall, "stranger", "pay-downstream", order=order, amount="1000")  # knows that the use is broadcast now
    assert scene.reader.balance(scene.address("maker"), scene.dollar) == before + 1_000
    act(hall, "stranger", "challenge", order=order, evidence=DIGEST)
    assert scene.reader.challenger_of(deal.order_id) is not None


# Relaying


def relaying(hall: Hall) -> TestClient:
    relay = Relayer(hall.scene.connection, hall.scene.keys["operator"])
    return TestClient(create_app(replace(hall.services, relay=relay)), URL)


def test_the_operator_sends_a_signed_order_where_its_settings_say_so(hall: Hall) -> None:
    deal = hall.scene.deal(hall.scene.dollar)
    (message,) = ask_for(hall, "fund-signatures", **funding(deal))["messages"]
    body = {**funding(deal), "authorization": sign(hall.scene, "maker", message)}
    assert hall.client.post("/v1/relay/orders", json=body).json()["code"] == "not_permitted"
    assert status(hall, deal) is OrderStatus.NONE
    with relaying(hall) as client:
        key = {"Idempotency-Key": "once"}
        answers = [client.post("/v1/relay/orders", json=body, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["order"] == to_hex(deal.order_id)
    assert status(hall, deal) is OrderStatus.FUNDED


def test_the_operators_gas_is_spent_on_nothing_else(hall: Hall) -> None:
    scene = hall.scene
    before = scene.reader.balance(scene.address("operator"))
    bad = {**funding(scene.deal(scene.dollar)), "authorization": "0x" + "11" * 65}
    other = scene.deal(scene.dollar)
    foreign = replace(other, quote=replace(other.quote, operator=scene.address("stranger")))
    with relaying(hall) as client:
        assert "signature" in client.post("/v1/relay/orders", json=bad).json()["message"]
        answer = client.post("/v1/relay/orders", json={**funding(foreign), "authorization": "0x" + "11" * 65})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        assert client.post("/v1/relay/orders", json=funding(other)).status_code == 422
    assert scene.reader.balance(scene.address("operator")) == before


# Royalties


def test_holders_confirm_are_paid_out_and_claim(hall: Hall) -> None:
    scene, dollar = hall.scene, hall.scene.dollar
    scene.settle(scene.deal(dollar))
    hall.index()
    of_work = {"work": hall.work(1), "token": dollar}
    (message,) = ask_for(hall, "confirm", sender=scene.address("composer"), **of_work)["messages"]
    signed = [{"place": 0, "signature": sign(scene, "composer", message)}]
    act(hall, "stranger", "hand-in-confirmations", **of_work, confirmations=signed)
    account = account_id(scene.works[1], scene.metadata[1].split.root, dollar)
    assert scene.reader.place(account, 0).status is PlaceStatus.CONFIRMED
    act(hall, "arranger", "confirm", **of_work)
    act(hall, "stranger", "payout", **of_work)
    assert [scene.reader.claimable(scene.claim(1, i, dollar)) > 0 for i in range(3)] == [False, False, True]
    steps = act(hall, "publisher", "claim")
    assert len(steps["transactions"]) == 2
    assert (
        hall.get(f"/v1/holders/{scene.address('publisher')}/balances", "publisher")["totals"][0]["claimable"]["units"]
        == "0"
    )
    ask_for(hall, "claim", 404, sender=scene.address("publisher"))


def test_a_holder_confirms_its_places_in_several_works_by_one_transaction(hall: Hall) -> None:
    scene, works = hall.scene, [hall.work(1), hall.work(2)]
    assert "Your share of 2 works waits for your word" in hall.get("/desk", "publisher").text
    steps = act(hall, "publisher", "confirm", works=works)
    assert [one["function"] for one in steps["transactions"]] == ["confirm"]
    for work in works:
        places = hall.get(f"/v1/works/{work}/places")["places"]
        own = [place["status"] for place in places if place["holder"] == scene.address("publisher")]
        assert own
        assert set(own) == {"confirmed"}
    assert "waits for your word" not in hall.get("/desk", "publisher").text
    assert ask_for(hall, "confirm", 422, sender=scene.address("publisher"))["hint"]


def test_everything_is_claimed_in_two_transactions_and_in_one_once_places_are_confirmed(hall: Hall) -> None:
    scene, publisher = hall.scene, hall.scene.address("publisher")
    for nonce, names in ((1, ["confirm", "payout"]), (2, ["payout"])):
        scene.settle(scene.deal(scene.dollar, nonce=nonce))
        hall.index()
        rows = hall.get(f"/v1/holders/{publisher}/balances", "publisher")["places"]
        steps = act(hall, "publisher", "claim", together=True)
        assert [one["function"] for one in steps["transactions"]] == names
        assert len([row for row in rows if row["claimable"]["units"] != "0"]) == 2
        ask_for(hall, "claim", 404, sender=publisher)
    scene.writer("publisher").set_threshold(scene.dollar, 10**9)
    scene.settle(scene.deal(scene.dollar, nonce=3))
    hall.index()
    steps = act(hall, "publisher", "claim", together=True)  # below the threshold a payout would leave it out
    assert [one["function"] for one in steps["transactions"]] == ["claim", "claim"]


def test_a_claim_finds_the_split_that_the_money_was_earned_under(hall: Hall) -> None:
    scene = hall.scene
    scene.settle(scene.deal(scene.dollar, works=(0,)))
    changed = replace(scene.metadata[0], split=scene.split("publisher"))
    hall.store.put(changed.to_bytes())
    scene.writer("bach").change_split(scene.works[0], changed, scene.terms[0])
    hall.index()
    act(hall, "composer", "claim")
    assert scene.reader.claimable(scene.claim(0, 0, scene.dollar)) == 0


def test_thresholds_and_what_is_owed(hall: Hall) -> None:
    act(hall, "composer", "set-threshold", token=hall.scene.dollar, amount="2500000")
    assert hall.scene.reader.threshold(hall.scene.address("composer"), hall.scene.dollar) == 2_500_000
    for at, contract in (("escrow", "GenerationEscrow"), ("desk", "DisputeDesk")):
        (owed,) = ask_for(hall, "withdraw-owed", sender=hall.scene.address("composer"), token=NATIVE, at=at)[
            "transactions"
        ]
        assert (owed["contract"], owed["simulation"]["outcome"]) == (contract, "refused")
    error = ask_for(hall, "claim-epochs", 404, sender=hall.scene.address("composer"))
    assert "no part of an epoch" in error["message"]


# Disputes


def test_a_work_is_contested_with_the_least_bond_held_and_let_go(hall: Hall) -> None:
    scene, stranger = hall.scene, hall.scene.address("stranger")
    scene.writer("deployer").mint_dollars(stranger, 10**6)
    split = [{"holder": stranger, "share": 1_000_000}]
    (one,) = act(hall, "stranger", "contest", work=hall.work(0), holders=split, evidence=DIGEST)["transactions"]
    assert "Bond" in {row["label"] for row in one["shows"]}
    assert hall.get(f"/v1/works/{hall.work(0)}")["contested"]
    act(hall, "stranger", "hold", work=hall.work(0), contest=1, token=scene.dollar, bond="1000")
    act(hall, "stranger", "withdraw-contest", contest=1)
    assert not scene.reader.is_contested(scene.works[0])


def test_anybody_ends_a_contest_on_which_nobody_ruled_in_time(hall: Hall) -> None:
    scene, stranger = hall.scene, hall.scene.address("stranger")
    split = [{"holder": stranger, "share": 1_000_000}]
    act(hall, "stranger", "contest", work=hall.work(0), holders=split, evidence=DIGEST)
    (early,) = ask_for(hall, "lapse-contest", sender=scene.address("maker"), contest=1)["transactions"]
    assert early["simulation"]["outcome"] == "refused"
    scene.pass_time((hall.get("/v1/contests/rules")["ruling_days"] + 1) * 24 * 3600)
    (step,) = act(hall, "maker", "lapse-contest", contest=1)["transactions"]
    assert step["says"].startswith("End a contest without a ruling")
    assert hall.get("/v1/contests")["rows"][0]["state"] == "lapsed"


# What is refused


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("register", {"document": {}}),
    ("register", {"document": {"schema": "contrafact/work/1"}}),
    ("set-terms", {"work": DIGEST, "terms": {"uses": ["ringtone"]}}),
    ("set-terms", {"work": DIGEST, "terms": {"max_weight": 1_000_001}}),
    ("transfer-licensor", {"work": DIGEST, "to": "0x12"}),
    ("set-threshold", {"token": NATIVE, "amount": "-1"}),
    ("set-threshold", {"token": NATIVE, "amount": "9" * 78}),
    ("contest", {"work": DIGEST, "evidence": DIGEST, "holders": [{"holder": NATIVE, "share": 1}]}),
]


def test_what_cannot_be_prepared_is_refused_with_what_to_do(hall: Hall) -> None:
    for action, body in REFUSED:
        error = ask_for(hall, action, 422, sender=hall.scene.address("bach"), **body)
        assert error["hint"], (action, body)
    ask_for(hall, "nothing-like-it", 404)
