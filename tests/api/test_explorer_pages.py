"""The explorer's pages as the server writes them: they have the API's facts, and search leads to what was meant."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.digests import cid, from_hex, sha256
from contrafact.ledger.deployment_file import Deployment
from contrafact.operations.own_audit import KeptAudits
from contrafact.settings import Settings
from contrafact.wiring.own_audit import audit_into, folder_of

from .hall import Hall
from .house import House, maker, operator

HOSTILE = '<img src=x onerror="alert(1)"> \u202e{{ 7 * 7 }}'
BROWSER = {"Accept": "text/html"}


def shown(client: TestClient, path: str, status: int = 200) -> str:
    """A page's text, as a browser is given it."""
    answer = client.get(path, headers=BROWSER, follow_redirects=False)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


def test_all_money_on_the_page_is_that_of_the_orders(visitor: TestClient) -> None:
    orders = visitor.get("/v1/orders").json()["rows"]
    every = [visitor.get(f"/v1/orders/{row['order']}").json() for row in orders]
    settled = [order for order in every if order["settled"]]
    sums = {
        "paid": sum(int(order["escrow"]["units"]) for order in every),
        "holders": sum(int(source["paid"]["units"]) for order in settled for source in order["sources"]),
        "pools": sum(int(order["settled"]["pool"]["units"]) for order in settled),
        "operators": sum(int(order["settled"]["operator_fee"]["units"]) for order in settled),
        "back": sum(int(order["settled"]["refunded"]["units"]) for order in settled),
        "waiting": sum(int(order["escrow"]["units"]) for order in every if order["status"] == "funded"),
    }
    assert len(settled) == 2
    assert sums["waiting"] > 0
    assert sums["paid"] == sum(sums.values()) - sums["paid"]
    page = shown(visitor, "/explorer")
    for name in sums:
        assert _text(visitor, sums[name]) in page, name
    for order in every:
        assert order["order"][:6] in page


def _text(visitor: TestClient, units: int) -> str:
    """An amount of the town's token in words; it has six decimals."""
    symbol = visitor.get("/v1/orders").json()["rows"][0]["escrow"]["text"].split()[-1]
    whole, part = divmod(units, 10**6)
    return f"{whole}.{f'{part:06d}'.rstrip('0').ljust(2, '0')} {symbol}"


def test_a_work_is_shown_with_its_terms_holders_and_earnings(visitor: TestClient, house: House) -> None:
    work = visitor.get(f"/v1/works/0x{house.founded.town.works[1].hex()}").json()
    page = shown(visitor, f"/works/{work['work']}")
    assert work["title"] in page
    for price in work["terms"]["prices"]:
        assert price["price"]["text"] in page
    for place in work["holders"]:
        assert place["holder"][:6] in page
    orders = [visitor.get(f"/v1/orders/{order}").json() for order in (house.founded.private, house.founded.commercial)]
    earned = sum(int(s["paid"]["units"]) for order in orders for s in order["sources"] if s["work"] == work["work"])
    assert _text(visitor, earned) in page


def test_a_holder_is_shown_with_what_each_work_brought_it_and_orders_of_them(visitor: TestClient, house: House) -> None:
    work = visitor.get(f"/v1/works/0x{house.founded.town.works[1].hex()}").json()
    (place, *_) = work["holders"]
    page = shown(visitor, f"/holders/{place['holder']}")
    orders = [visitor.get(f"/v1/orders/{order}").json() for order in (house.founded.private, house.founded.commercial)]
    paid = sum(int(s["paid"]["units"]) for order in orders for s in order["sources"] if s["work"] == work["work"])
    shares = sum(one["share"] for one in work["holders"] if one["holder"] == place["holder"])
    assert _text(visitor, paid * shares // 1_000_000) in page
    assert house.founded.private[:6] in page


def test_an_order_tells_each_price_and_what_rounding_left(visitor: TestClient, house: House) -> None:
    page = " ".join(shown(visitor, f"/orders/{house.founded.private}").split())
    for source in visitor.get(f"/v1/orders/{house.founded.private}").json()["sources"]:
        work, paid = visitor.get(f"/v1/works/{source['work']}").json(), int(source["paid"]["units"])
        price = next(row["price"]["text"] for row in work["terms"]["prices"] if row["use"] == "private")
        assert f"{price} for 30 s × 1" in page
        rest = paid - sum(paid * place["share"] // 1_000_000 for place in work["holders"])
        if rest:
            assert f"left by rounding, in the song’s account: {_text(visitor, rest)}" in page


def test_search_leads_to_the_page_of_whatever_is_named(visitor: TestClient, house: House) -> None:
    order, work = visitor.get(f"/v1/orders/{house.founded.private}").json(), house.founded.town.works[0]
    model, known = order["model"], visitor.get(f"/v1/works/0x{work.hex()}").json()
    leads = {
        order["order"]: f"/orders/{order['order']}",
        order["order"][2:]: f"/orders/{order['order']}",
        order["order"][:14].upper().replace("0X", "0x"): f"/orders/{order['order']}",
        order["order"][2:14]: f"/orders/{order['order']}",
        order["record"]: f"/orders/{order['order']}",
        cid(from_hex(order["record"])): f"/orders/{order['order']}",
        f"0x{work.hex()}": f"/works/0x{work.hex()}",
        known["content"]["cid"]: f"/works/0x{work.hex()}",
        known["title"]: f"/works/0x{work.hex()}",
        model[:12]: f"/models/{model}",
        operator().address: f"/operators/{operator().address}",
        operator().address[:14]: f"/operators/{operator().address}",
        maker().address.lower(): f"/orders?maker={maker().address}",
        maker().address.lower()[:14]: f"/orders?maker={maker().address}",
        visitor.get(f"/v1/models/{model}").json()["name"]: f"/models/{model}",
    }
    for asked, path in leads.items():
        answer = visitor.get("/explorer", params={"q": asked}, headers=BROWSER, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("Location")) == (303, path), asked
        assert visitor.get(path, headers=BROWSER).status_code == 200


def test_a_transaction_leads_to_what_happened_in_it(visitor: TestClient, house: House) -> None:
    order = visitor.get(f"/v1/orders/{house.founded.private}").json()
    for asked in (order["settled"]["transaction"], order["settled"]["transaction"][:12]):
        found = visitor.get("/explorer", params={"q": asked}, headers=BROWSER).text
        assert f"/orders/{order['order']}" in found
        assert all(f"/works/{source['work']}" in found for source in order["sources"])


@pytest.mark.parametrize(
    "asked", ["0x12", "0x" + "9" * 64, "0x" + "9" * 40, "zzz no such tune", "%25", "_", "0x", "bafkreix"]
)
def test_what_names_nothing_is_told_so(visitor: TestClient, asked: str) -> None:
    page = shown(visitor, f"/explorer?q={asked}")
    assert "Nothing on this ledger is called" in page or "too short" in page


def test_lists_take_the_filters_of_the_api_and_say_what_is_wrong_with_one(visitor: TestClient, house: House) -> None:
    key = visitor.get("/v1/works").json()["rows"][0]["key"]
    by_tonic = visitor.get("/v1/works", params={"key": key.split()[0]}).json()["rows"]
    assert by_tonic
    page = shown(visitor, f"/works?key={key.split()[0].lower()}&text=&use=private")
    assert all(row["title"] in page for row in by_tonic if row["terms"]["uses"])
    assert "is not an address" in shown(visitor, "/works?holder=0x12") or "address" in shown(visitor, "/works?holder=1")
    assert "is no status" in shown(visitor, "/orders?status=lost")
    assert house.founded.paid[:6] not in shown(visitor, "/orders?status=committed")
    assert house.founded.paid[:6] in shown(visitor, "/orders?status=funded")


def test_an_operator_is_shown_with_its_bond_and_what_it_did(visitor: TestClient) -> None:
    page = shown(visitor, f"/operators/{operator().address}")
    assert re.search(r"3\s+paid orders", page)
    assert re.search(r"2\s+delivered", page)
    assert re.search(r"1\s+being made", page)
    bond = visitor.get("/v1/operator").json()["tokens"]
    assert all(token["bond_free"]["text"] in page for token in bond if token["bond_free"]["units"] != "0")
    assert operator().address[:6] in shown(visitor, "/operators")


def test_a_hostile_title_stays_text_everywhere(hall: Hall) -> None:
    scene = hall.scene
    metadata = replace(scene.metadata[0], title=HOSTILE, content=sha256(b"hostile"))
    hall.store.put(metadata.to_bytes())
    work, _ = scene.writer("bach").register_work(metadata)
    hall.index()
    for path in ("/works", f"/works/0x{work.hex()}", "/explorer", "/explorer?q=img"):
        text = hall.client.get(path, headers=BROWSER).text
        assert "<img" not in text
        assert "&lt;img src=x onerror=" in text
        assert "{{ 7 * 7 }}" in text


def test_who_asks_for_a_page_gets_errors_as_pages_and_programs_get_json(hall: Hall) -> None:
    for path in ("/nowhere", "/works/abc", "/works/0x" + "9" * 64, "/operators/0x" + "9" * 40, "/models/0x" + "9" * 64):
        page = shown(hall.client, path, 404)
        assert "Look up anything" in page
        assert hall.client.get(path).json()["code"] in ("not_found", "invalid_input")
    assert hall.client.get("/v1/nowhere", headers=BROWSER).json()["code"] == "not_found"
    assert hall.client.get("/v1/works/0x" + "9" * 64, headers=BROWSER).json()["code"] == "not_found"


def test_a_service_that_is_out_of_order_says_so_in_a_page(hall: Hall) -> None:
    hall.services.database.close()
    with sqlite3.connect(hall.services.database.url.database or "") as database:
        database.execute("DROP TABLE cursor")
    page = shown(hall.client, "/works", 503)
    assert "Out of order" in page
    assert "Nothing that was paid or registered is lost" in page
    said = page + hall.client.get("/v1/works").text
    assert "sqlite" not in said
    assert "no such table" not in said


@pytest.mark.slow
def test_the_services_own_audit_is_told_in_words_with_how_to_do_without_it(house: House, tmp_path: Path) -> None:
    audits = KeptAudits(Settings(home=tmp_path))
    with house.client(audits=audits) as client:
        assert "has not finished its first audit" in shown(client, "/audit")
        assert client.get("/v1/audit").status_code == 404
        said = audit_into(house.site, folder_of(tmp_path), "none")
        assert (said["verdict"], said["failed"], said["warnings"], said["findings"]) == ("ok", 0, 0, [])
        page, api = shown(client, "/audit"), client.get("/v1/audit").json()
        assert api["checks"] == said["checks"] > 100
        assert f"{api['checks']:,} checks were done" in page
        assert "none failed" in page
        assert "You do not have to believe it" in page
        assert "made since then" not in page
        assert "contrafact audit --rpc-url" in page
        for of in api["money"]:
            assert all(row["text"] in page for row in of["rows"])
        one = client.get(f"/v1/orders/{house.founded.private}/audit").json()
        assert (one["verdict"], one["findings"], one["block"]) == ("ok", [], api["block"])
        (tmp_path / "31337.json").write_text(client.get("/audit/deployment.json").text)
    assert dict(Deployment.load(tmp_path / "31337.json").contracts) == dict(house.site.deployment.contracts)


@pytest.mark.slow
def test_what_the_own_audit_finds_is_on_the_page_with_its_recipe(house: House, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(house.site.settings.store.removeprefix("folder:"), store)
    record = house.services().read_model.order(from_hex(house.founded.private)).commit
    assert record is not None
    next(store.rglob(cid(record.record_digest))).unlink()
    site = house.founded.town.site(store=f"folder:{store}")
    said = audit_into(site, folder_of(tmp_path), "none")
    assert said["verdict"] == "failed"
    with house.client(audits=KeptAudits(Settings(home=tmp_path))) as client:
        page = shown(client, "/audit")
        (finding, *_) = client.get("/v1/audit").json()["findings"]
        assert finding["message"][:40] in page
        assert finding["by_hand"][:40] in page
        assert house.founded.private[:6] in page
        assert client.get(f"/v1/orders/{house.founded.private}/audit").json()["verdict"] == "failed"
        assert client.get(f"/v1/orders/{house.founded.commercial}/audit").json()["verdict"] == "ok"


def test_an_id_may_be_written_in_any_case_and_a_page_has_one_address(visitor: TestClient, house: House) -> None:
    work, order = f"0x{house.founded.town.works[1].hex()}", house.founded.private
    assert visitor.get(f"/v1/works/{work.upper()}").json() == visitor.get(f"/v1/works/{work}").json()
    assert visitor.get(f"/v1/orders?work={work.upper()}").json() == visitor.get(f"/v1/orders?work={work}").json()
    for place in (f"/works/{work}", f"/desk/works/{work}", f"/orders/{order}", f"/live/{order}"):
        folder, _, name = place.rpartition("/")
        sent = visitor.get(f"{folder}/{name.upper()}?from=mail", headers=BROWSER, follow_redirects=False)
        assert (sent.status_code, sent.headers["Location"]) == (308, f"{place}?from=mail")
        shown(visitor, place)
    assert "leads nowhere" not in shown(visitor, f"/works/0X{'AB' * 32}", 404)


def test_pages_and_their_files_answer_head_as_they_answer_get(visitor: TestClient, house: House) -> None:
    for path in ("/", "/works", f"/works/0x{house.founded.town.works[0].hex()}", f"/orders/{'0x' + '00' * 32}"):
        asked, told = (visitor.request(method, path, headers=BROWSER) for method in ("GET", "HEAD"))
        assert told.status_code == asked.status_code
        assert told.headers["Content-Length"] == asked.headers["Content-Length"] == str(len(asked.content))
    assert visitor.head("/assets/base.css").headers["Content-Type"].startswith("text/css")
    assert visitor.head("/v1/works").status_code == 405
