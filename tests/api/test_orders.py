"""Orders over HTTP: where they stand, what was made, and who may hear it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from contrafact.certificates.reading import read
from contrafact.domain.digests import cid, digest_of_cid, from_hex, sha256, to_hex
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.terms import Use
from contrafact.domain.works import WorkMetadata
from contrafact.read_model import WorkRow
from contrafact.records.folder import FolderStore
from contrafact.records.sealing import new_secret, public_half
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import Site

from .house import House, delivered, finished, holder, licensor, maker, operator, sign_in, stranger


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
    whole_order = visitor.get(f"/v1/orders/{founded.private}").json()
    titles = [source["title"] for source in whole_order["sources"] if not source["through"]]
    assert whole["rows"][-1]["titles"] == titles != []
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


def test_a_private_piece_is_its_makers_and_its_operators(house: House, visitor: TestClient) -> None:
    for path in (f"/v1/orders/{house.founded.private}/files", f"/v1/orders/{house.founded.private}/files/piece.flac"):
        assert visitor.get(path).status_code == 401
        for who in (stranger(), licensor(), holder()):
            assert visitor.get(path, headers=sign_in(visitor, who)).status_code == 403
        for who in (maker(), operator()):
            answer = visitor.get(path, headers=sign_in(visitor, who))
            assert answer.status_code == 200
            assert "private" in answer.headers["Cache-Control"]


class FakeProtecting(IndexedReadModel):
    """The house's index, in which the first work's description says that the work is protected."""

    description = b""

    def work(self, work_id: bytes) -> WorkRow:
        row = super().work(work_id)
        return replace(row, metadata=sha256(self.description)) if row.licensor == licensor().address else row


def test_licensors_of_protected_sources_have_the_notes_of_a_private_piece_and_no_sound(
    house: House, tmp_path: Path
) -> None:
    index, path = FakeProtecting(house.database), f"/v1/orders/{house.founded.private}/files"
    metadata = WorkMetadata.from_bytes(house.site.store.get(cid(index_row(house).metadata)))
    reader = public_half(new_secret())
    contents = (metadata.content, index_row(house).source_form)
    protection = Protection(reader, tuple(Sealed(digest, sha256(b"cipher"), reader) for digest in contents))
    index.description = replace(metadata, protection=protection).to_bytes()
    house.site.store.put(index.description)
    with house.client(read_model=index) as visitor:
        bearer = sign_in(visitor, licensor())
        files = visitor.get(path, headers=bearer).json()["files"]
        assert {file["name"] for file in files} == {"events.json", "piece.mid", "LICENCE.txt", "record.json"}
        assert all(visitor.get(file["url"], headers=bearer).status_code == 200 for file in files)
        assert visitor.get(f"{path}/piece.flac", headers=bearer).status_code == 403
        assert visitor.get(path, headers=sign_in(visitor, holder())).status_code == 403
    sealed = FolderStore(tmp_path / "sealed")
    for data in (index.description, b"cipher"):
        sealed.put(data)
    with house.client(read_model=index, published=sealed) as visitor:
        answer = visitor.get(f"/v1/works/{to_hex(index_row(house).work_id)}/source")
        assert (answer.status_code, answer.json()["code"]) == (403, "no_key")


def test_an_encrypted_piece_is_opened_for_its_maker_where_the_service_has_the_key(house: House, tmp_path: Path) -> None:
    order, site = encrypted(house, tmp_path)
    path = f"/v1/orders/{order}/files"
    desk = site.quoting(operator())
    (named,) = desk.readers(from_hex(order))
    with house.client(store=site.store, desk=desk) as visitor:
        assert named not in visitor.get(f"/orders/{order}").text
        bearer = sign_in(visitor, maker())
        assert named in visitor.get(f"/orders/{order}", headers=bearer).text
        for file in visitor.get(path, headers=bearer).json()["files"]:
            got = visitor.get(file["url"], headers=bearer)
            assert "0x" + hashlib.sha256(got.content).hexdigest() == file["sha256"]
            if file["name"] != "record.json":
                assert visitor.get(f"/v1/content/{file['cid']}").status_code == 404
        assert visitor.get(f"{path}/piece.flac", headers=sign_in(visitor, licensor())).status_code == 403
        assert visitor.get(f"/v1/orders/{order}/record").status_code == 200
    with house.client() as elsewhere:
        answer = elsewhere.get(f"{path}/piece.flac", headers=sign_in(elsewhere, maker()))
        assert (answer.status_code, answer.json()["code"]) == (403, "no_key")


def encrypted(house: House, tmp_path: Path) -> tuple[str, Site]:
    """A private piece that was made for a reader, and the site of its operator, who has a key."""
    key = tmp_path / "reader.key"
    key.write_bytes(new_secret())
    key.chmod(0o600)
    site = house.founded.town.site(reader_key_file=key, home=tmp_path / "operator")
    order = delivered(house.founded.town, site, Use.PRIVATE, (public_half(new_secret()),))
    house.index()
    return order, site


def index_row(house: House) -> WorkRow:
    return IndexedReadModel(house.database).work(house.founded.town.works[0])


def test_what_was_taken_down_is_given_out_under_no_address(house: House, tmp_path: Path) -> None:
    """The town's store is the session's: what goes from it goes from a copy."""
    folder = shutil.copytree(house.founded.folder / "store", tmp_path / "store")
    site = house.founded.town.site(store=f"folder:{folder}")
    order, work = f"/v1/orders/{house.founded.commercial}", to_hex(house.founded.town.works[0])
    with house.client(store=site.store, published=site.kept_store) as visitor:
        files = {file["name"]: file["cid"] for file in visitor.get(f"{order}/files").json()["files"]}
        record = to_hex(digest_of_cid(files["record.json"]))
        gone = (files["piece.flac"], cid(index_row(house).source_form), files["record.json"])
        paths = [
            (f"{order}/files/piece.flac", f"/v1/content/{gone[0]}"),
            (f"/v1/works/{work}/source", f"/v1/works/{work}/source.mid"),
            (f"{order}/record", f"{order}/files", f"/v1/records/{record}"),
        ]
        for name, addresses in zip(gone, paths, strict=True):
            site.kept_store.withdraw(name, b"a notice")
            for address in addresses:
                answer = visitor.get(address)
                assert (answer.status_code, answer.json()["code"]) == (451, "withdrawn"), address
                assert answer.headers["Cache-Control"] == "no-store"


def test_every_file_of_a_public_piece_is_what_its_digest_says(house: House, visitor: TestClient) -> None:
    files = visitor.get(f"/v1/orders/{house.founded.commercial}/files").json()["files"]
    names = [file["name"] for file in files]
    assert {"piece.flac", "piece.mid", "events.json", "LICENCE.txt", "record.json"} < set(names)
    assert "stems/0-base.flac" in names
    assert sum(name.startswith("stems/") for name in names) == 4
    for file in files:
        got = visitor.get(file["url"])
        assert got.headers["Content-Type"] == file["media_type"]
        assert "0x" + hashlib.sha256(got.content).hexdigest() == file["sha256"]
    assert visitor.get(f"/v1/orders/{house.founded.commercial}/files/%2e%2e/%2e%2e/secret").status_code == 404


def test_a_piece_with_its_certificate_is_for_those_who_may_hear_it(house: House, visitor: TestClient) -> None:
    founded = house.founded
    for kind in ("flac", "mp3"):
        answer = visitor.get(f"/v1/orders/{founded.commercial}/certified/{kind}")
        found = read(answer.content, answer.headers["Content-Type"])
        assert found.is_sound
        assert found.claims is not None
        assert to_hex(found.claims.order_id) == founded.commercial
        again = visitor.get(f"/v1/orders/{founded.commercial}/certified/{kind}")
        assert again.headers["ETag"] == answer.headers["ETag"]
    private, paid = (f"/v1/orders/{order}/certified/wav" for order in (founded.private, founded.paid))
    assert visitor.get(private).status_code == 401
    assert visitor.get(private, headers=sign_in(visitor, maker())).status_code == 200
    assert visitor.get(paid, headers=sign_in(visitor, maker())).status_code == 404
    assert visitor.get(f"/v1/orders/{founded.commercial}/certified/ogg").status_code == 422


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
