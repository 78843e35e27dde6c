"""Orders over HTTP: where they stand, what was made, and who may hear it."""

from __future__ import annotations

import hashlib

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.digests import sha256

from .house import House, finished, holder, licensor, maker, sign_in, stranger


def test_an_order_says_where_its_money_went(house: House, visitor: TestClient) -> None:
    house.jobs[bytes.fromhex(house.founded.private[2:])] = finished(house.founded.private)
    found = visitor.get(f"/v1/orders/{house.founded.private}").json()
    assert (found["status"], found["use"], found["job"]["status"]) == ("committed", "private", "finished")
    settled = found["settled"]
    parts = [int(row["paid"]["units"]) for row in found["sources"]]
    parts += [int(settled[name]["units"]) for name in ("pool", "operator_fee", "refunded")]
    assert sum(parts) == int(found["escrow"]["units"]) == 400_000
    assert sum(row["share"] for row in found["sources"]) + settled["base_share"] == 1_000_000
    assert found["refund"] is None


def test_an_order_that_is_late_says_how_the_money_comes_back(house: House, visitor: TestClient) -> None:
    path = f"/v1/orders/{house.founded.paid}"
    assert visitor.get(path).json()["refund"]["open"] is False
    house.clock.passed = 3 * 24 * 3600
    refund = visitor.get(path).json()["refund"]
    assert (refund["open"], refund["by"], refund["amount"]["units"]) == (True, "anyone", "400000")


def test_orders_are_listed_newest_first_a_page_at_a_time(house: House, visitor: TestClient) -> None:
    founded = house.founded
    whole = visitor.get("/v1/orders", params={"maker": maker().address.lower()}).json()
    assert [row["order"] for row in whole["rows"]] == [founded.paid, founded.commercial, founded.private]
    first = visitor.get("/v1/orders", params={"limit": 2}).json()
    rest = visitor.get("/v1/orders", params={"limit": 2, "after": first["following"]}).json()
    assert [row["order"] for row in first["rows"] + rest["rows"]] == [row["order"] for row in whole["rows"]]
    assert rest["following"] is None
    funded = visitor.get("/v1/orders", params={"status": "funded"}).json()
    assert [row["order"] for row in funded["rows"]] == [founded.paid]
    assert visitor.get("/v1/orders", params={"maker": stranger().address}).json()["rows"] == []
    assert visitor.get("/v1/orders", params={"after": "nowhere"}).status_code == 422


def test_an_order_that_did_not_change_is_not_sent_again(house: House, visitor: TestClient) -> None:
    path = f"/v1/orders/{house.founded.private}"
    tag = visitor.get(path).headers["ETag"]
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 304
    house.jobs[bytes.fromhex(house.founded.private[2:])] = finished(house.founded.private)
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_record_is_what_the_chain_says(house: House, visitor: TestClient) -> None:
    record = visitor.get(f"/v1/orders/{house.founded.private}/record")
    committed = house.site.reader.committed(bytes.fromhex(house.founded.private[2:]))
    assert sha256(record.content) == committed[0].commit.record_digest
    assert record.headers["ETag"] == f'"{committed[0].commit.record_digest.hex()}"'


def test_nothing_is_handed_out_before_the_commit(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, maker())
    for rest in ("record", "files", "files/piece.flac", "files/record.json"):
        assert visitor.get(f"/v1/orders/{house.founded.paid}/{rest}", headers=bearer).status_code == 404


@pytest.mark.parametrize("unknown", ["0x" + "00" * 32, "0x" + "3f" * 32])
def test_unknown_orders_are_not_found(visitor: TestClient, unknown: str) -> None:
    for rest in ("", "/progress", "/record", "/files", "/files/piece.flac"):
        answer = visitor.get(f"/v1/orders/{unknown}{rest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_private_piece_is_heard_by_its_maker_and_by_those_who_were_paid_for_it(
    house: House, visitor: TestClient
) -> None:
    for path in (f"/v1/orders/{house.founded.private}/files", f"/v1/orders/{house.founded.private}/files/piece.flac"):
        assert visitor.get(path).status_code == 401
        assert visitor.get(path, headers=sign_in(visitor, stranger())).status_code == 403
        for who in (maker(), licensor(), holder()):
            answer = visitor.get(path, headers=sign_in(visitor, who))
            assert answer.status_code == 200
            assert "private" in answer.headers["Cache-Control"]


def test_every_file_of_a_public_piece_is_what_its_digest_says(house: House, visitor: TestClient) -> None:
    files = visitor.get(f"/v1/orders/{house.founded.commercial}/files").json()["files"]
    names = [file["name"] for file in files]
    assert {"piece.flac", "piece.mid", "events.json", "record.json"} < set(names)
    assert "stems/0-base.flac" in names
    assert sum(name.startswith("stems/") for name in names) == 4
    for file in files:
        got = visitor.get(file["url"])
        assert got.headers["Content-Type"] == file["media_type"]
        assert "0x" + hashlib.sha256(got.content).hexdigest() == file["sha256"]
    assert visitor.get(f"/v1/orders/{house.founded.commercial}/files/%2e%2e/%2e%2e/secret").status_code == 404


def test_a_player_asks_for_ranges(house: House, visitor: TestClient) -> None:
    path = f"/v1/orders/{house.founded.commercial}/files/piece.flac"
    whole = visitor.get(path)
    data, tag, size = whole.content, whole.headers["ETag"], len(whole.content)

    def ask(wanted: str, **headers: str) -> tuple[int, bytes, str | None]:
        answer = visitor.get(path, headers={"Range": wanted, **headers})
        return answer.status_code, answer.content, answer.headers.get("Content-Range")

    assert ask("bytes=0-9") == (206, data[:10], f"bytes 0-9/{size}")
    assert ask("bytes=-10") == (206, data[-10:], f"bytes {size - 10}-{size - 1}/{size}")
    assert ask(f"bytes={size - 5}-") == (206, data[-5:], f"bytes {size - 5}-{size - 1}/{size}")
    assert ask(f"bytes=10-{10 * size}") == (206, data[10:], f"bytes 10-{size - 1}/{size}")
    assert ask(f"bytes=-{10 * size}") == (206, data, f"bytes 0-{size - 1}/{size}")
    assert ask("bytes=0-9", **{"If-Range": tag}) == (206, data[:10], f"bytes 0-9/{size}")
    for whole_file in ("bytes=0-1,4-5", "bytes=9-2", "bytes=-", "lines=1-2"):
        assert ask(whole_file) == (200, data, None)
    assert ask("bytes=0-9", **{"If-Range": '"another"'}) == (200, data, None)
    for beyond in (f"bytes={size}-", "bytes=-0"):
        status, _, said = ask(beyond)
        assert (status, said) == (416, f"bytes */{size}")
    head = visitor.head(path)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(size))
    assert head.headers["ETag"] == tag == f'"{hashlib.sha256(data).hexdigest()}"'
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 304
