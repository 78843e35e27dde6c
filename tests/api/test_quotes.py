"""What a piece may cost: looked at by anybody, offered to who has signed in, paid in by the maker's own wallet."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.terms import Terms
from contrafact.ledger.signing import check_quote_signature
from contrafact.order.folder import OrderFolder

from .house import House, holder, licensor, maker, operator, sign_in, stranger
from .sending import send


def test_a_preview_says_the_most_it_can_cost_and_who_would_get_what(house: House, visitor: TestClient) -> None:
    answer = visitor.post("/v1/quotes/preview", json=house.asked()).json()
    assert answer["permitted"] is True
    offer = answer["offer"]
    # The dearest work costs 350,000 a started half minute, and the operator's fee is 50,000.
    assert offer["escrow"] == {"units": "400000", "token": house.site.token(), "text": "0.40 TUSD"}
    expected = {row["work"]: (row["expected"]["units"], row["terms_version"]) for row in offer["sources"]}
    works = map(to_hex, house.founded.town.works)
    assert expected == dict(zip(works, [("100000", 2), ("105000", 2), ("24000", 2)], strict=True))
    first = next(row for row in offer["sources"] if row["work"] == to_hex(house.founded.town.works[0]))
    parts = [(part["holder"], part["amount"]["units"]) for part in first["holders"]]
    assert parts == [(licensor().address, "66666"), (holder().address, "33333")]
    paid = sum(int(row["expected"]["units"]) for row in offer["sources"])
    assert paid + int(offer["expected_pool"]["units"]) + int(offer["expected_refund"]["units"]) + 50_000 == 400_000


def test_a_preview_leaves_nothing_behind(house: House, visitor: TestClient) -> None:
    folders = set((house.site.settings.home / "orders").iterdir())
    visitor.post("/v1/quotes/preview", json=house.asked())
    assert set((house.site.settings.home / "orders").iterdir()) == folders


def test_a_preview_says_why_something_is_not_permitted(house: House, visitor: TestClient) -> None:
    sources = [{"work": to_hex(house.founded.town.opted_out), "weight": 1_000_000}]
    answer = visitor.post("/v1/quotes/preview", json=house.asked(sources=sources))
    assert answer.status_code == 200
    assert answer.json()["permitted"] is False
    assert answer.json()["reason"]["code"] == "not_permitted"
    assert "opted out" in answer.json()["reason"]["message"]


def test_a_quote_is_the_operators_word_to_the_wallet_that_signed_in(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, maker())
    answer = visitor.post("/v1/quotes", json=house.asked(), headers=bearer)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    signed = SignedQuote.from_bytes(canonical_json(made["document"]))
    check_quote_signature(signed.quote, signed.signature, house.site.reader.domain, house.site.reader.accepts)
    assert (signed.quote.maker, signed.quote.operator) == (maker().address, operator().address)
    assert OrderFolder(house.site.settings.home, from_hex(made["order"])).has("secret")
    again = visitor.get(answer.headers["Location"])
    assert again.json() == made
    assert visitor.get(answer.headers["Location"], headers={"If-None-Match": again.headers["ETag"]}).status_code == 304


def test_refusals_of_a_quote_have_their_status(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, maker())

    def status(**changes: Any) -> int:
        return visitor.post("/v1/quotes", json=house.asked(**changes), headers=bearer).status_code

    unknown = [{"work": "0x" + "12" * 32, "weight": 1_000_000}]
    opted_out = [{"work": to_hex(house.founded.town.opted_out), "weight": 1_000_000}]
    assert status(sources=unknown) == 404
    assert status(sources=opted_out) == 403
    assert status(sources=[{"work": "0x" + "12" * 32, "weight": 5}]) == 422
    assert status(music={"seconds": 6, "metre": "7/8"}) == 422
    assert status(token="0x" + "12" * 20) == 422
    house.site.writer(operator()).request_withdrawal(house.site.token(), 99_600_000)
    assert status() == 402


def test_the_makers_wallet_pays_an_offer_in_with_what_was_prepared(house: House, visitor: TestClient) -> None:
    made = visitor.post("/v1/quotes", json=house.asked(), headers=sign_in(visitor, maker())).json()
    order = f"/v1/orders/{made['order']}"
    assert visitor.get(order).json()["status"] == "none"
    steps = visitor.post(f"/v1/quotes/{made['order']}/funding", json={"maker_salt": "0x" + "07" * 32}).json()
    assert [step["function"] for step in steps["transactions"]] == ["approve", "fund"]
    send(house.site.connection, maker(), steps["transactions"])
    house.index()
    found = visitor.get(order).json()
    assert (found["status"], found["maker"], found["escrow"]["units"]) == ("funded", maker().address, "400000")
    assert found["refund"]["open"] is False
    assert (found["refund"]["amount"]["units"], found["refund"]["penalty"]["units"]) == ("400000", "40000")


def test_an_offer_is_paid_by_signature_where_the_maker_wants_to(house: House, visitor: TestClient) -> None:
    made = visitor.post("/v1/quotes", json=house.asked(), headers=sign_in(visitor, maker())).json()
    asked = {"maker_salt": "0x" + "07" * 32, "by": "signature"}
    steps = visitor.post(f"/v1/quotes/{made['order']}/funding", json=asked).json()
    assert steps["messages"]
    assert {message["signer"] for message in steps["messages"]} == {maker().address}


def test_a_service_without_an_operator_makes_no_offers(house: House) -> None:
    with house.client(desk=None) as client:
        assert client.post("/v1/quotes/preview", json=house.asked()).status_code == 404
        assert client.get("/v1/operator").status_code == 404


def test_the_operator_is_told_more_of_itself(house: House, visitor: TestClient) -> None:
    public = visitor.get("/v1/operator").json()
    assert (public["operator"], public["open_orders"], public["work"]) == (operator().address, 1, None)
    assert public["fee"]["text"] == "0.05 TUSD"
    (dollars,) = public["tokens"]
    assert dollars["bond_locked"]["units"] == "400000"
    assert visitor.get("/v1/operator", headers=sign_in(visitor, stranger())).json()["work"] is None
    mine = visitor.get("/v1/operator", headers=sign_in(visitor, operator())).json()
    assert [row["order"]["order"] for row in mine["work"]] == [house.founded.paid]


def test_an_offer_pins_terms_that_are_in_force_and_not_those_of_an_index_that_is_behind(
    house: House, visitor: TestClient
) -> None:
    work = house.founded.town.works[0]
    terms = next(version for version in reversed(house.site.reader.terms_history()) if version.work_id == work)
    house.site.writer(licensor()).set_terms(work, terms.split_root, terms.terms)
    pinned = visitor.post("/v1/quotes/preview", json=house.asked()).json()["offer"]["sources"]
    assert [row["terms_version"] for row in pinned if row["work"] == to_hex(work)] == [3]
    house.site.writer(licensor()).set_terms(work, terms.split_root, Terms.opted_out())
    assert visitor.post("/v1/quotes/preview", json=house.asked()).json()["permitted"] is False
