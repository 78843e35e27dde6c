"""Uploads and registrations: looked at, kept for a day, and registered by the wallet's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.digests import canonical_json, cid, sha256, to_hex
from contrafact.domain.recognition import AlignedBars, Candidate, Evidence, Likeness, Recognition
from contrafact.domain.works import WorkMetadata
from contrafact.store.read_model import IndexedReadModel
from contrafact.web.gate import Gate
from contrafact.wiring.recognising import ServiceIdentification

from .house import House, licensor, maker, sign_in, stranger
from .sending import send

ABC = b"""X:1
T:A tune of nobody
M:6/8
L:1/8
K:G
GAB c2d|edc B2A|GAB c2d|e3 d3|gfe d2c|BAG A2B|cBA G2F|G3 G3|]
"""
KIND = "text/vnd.abc"


class FakeIdentification:
    """Says of every file what it is told to."""

    def __init__(self, recognition: Recognition) -> None:
        self.recognition = recognition

    def identify(self, data: bytes, media_type: str) -> Recognition:
        return self.recognition

    def same_tune(self, first: bytes, second: bytes) -> Candidate | None:
        return None

    def add(self, work_id: bytes, content: bytes, media_type: str, source_form: bytes) -> None: ...

    def has(self, work_id: bytes) -> bool:
        return True

    def like(self, source_form: bytes) -> tuple[Candidate, ...]:
        return self.recognition.candidates

    def forget(self, work_id: bytes) -> None: ...


def _recognised(house: House, likeness: Likeness) -> FakeIdentification:
    bars = (AlignedBars((1, 4), (5, 8)),)
    candidate = Candidate(house.founded.town.works[0], likeness, Evidence.MELODY, 0.9, bars, 5, 1.25)
    return FakeIdentification(Recognition(likeness, (candidate,), not_compared=3))


def test_a_new_tune_becomes_a_work_of_the_wallet_that_sends_it(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, stranger())
    upload = visitor.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
    assert upload.status_code == 201, upload.text
    assert upload.json()["upload"] == to_hex(sha256(ABC))
    draft = {"upload": upload.json()["upload"], "title": "A tune of nobody", "credits": ["nobody"]}
    made = visitor.post("/v1/registrations", json=draft, headers=bearer).json()
    assert house.site.store.get(cid(sha256(ABC))) == ABC
    metadata = WorkMetadata.from_bytes(canonical_json(made["document"]))
    assert metadata.split.to_list() == [{"holder": stranger().address, "share": 1_000_000}]
    send(house.site.connection, stranger(), made["steps"]["transactions"])
    work = next(work for work in house.site.reader.works() if to_hex(work.work_id) == made["work"])
    assert (work.licensor, to_hex(work.metadata)) == (stranger().address, made["metadata"])


def test_a_registration_says_title_numbers_and_holders_before_it_is_signed(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, stranger())
    visitor.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
    composition = to_hex(house.founded.town.works[0])
    named = {"holder": stranger().address, "name": "Jane\u202e \n\u0007Doe", "ipi": "052.21.00.40\u2066"}
    holders = [{**named, "share": 666_667}, {"holder": licensor().address, "share": 333_333}]
    draft = {**_draft(), "recording_of": composition, "isrc": "us-rc1-76-07839", "holders": holders}
    draft["title"] = f"\u202e{draft['title']}\u0007\u2066"  # turns round what stands after it
    draft["note"] = "Found\u202d\r\n\tin an attic.\u0000"
    made = visitor.post("/v1/registrations", json=draft, headers=bearer).json()
    metadata = WorkMetadata.from_bytes(canonical_json(made["document"]))
    assert (to_hex(metadata.recording_of or b""), metadata.identifiers.isrc) == (composition, "USRC17607839")
    assert metadata.identifiers.ipi == dict.fromkeys((stranger().address, "Jane Doe"), "00052210040")
    assert metadata.credits[-1] == "Jane Doe"
    (transaction,) = made["steps"]["transactions"]
    shown = {line["label"]: line["value"] for line in transaction["shows"]}
    assert (metadata.title, metadata.note) == ("A tune of nobody", "Found\n\tin an attic.")
    assert (shown["Title"], shown["ISRC"]) == ("“A tune of nobody”", "USRC17607839")
    assert shown["Rights holders"] == f"{stranger().address} 66.6667 %, {licensor().address} 33.3333 %"
    assert "Title: “A tune of nobody”" in transaction["says"]
    assert transaction["simulation"]["outcome"] == "ok"
    wrong = {**_draft(), "isrc": "US-RC1-76-07839"}  # of a composition
    assert visitor.post("/v1/registrations", json=wrong, headers=bearer).status_code == 422
    for number in ("", "00052210041"):  # a name that nothing ties to the address, and a mistyped digit
        wrong = {**_draft(), "holders": [{**named, "share": 1_000_000, "ipi": number}]}
        assert "IPI" in visitor.post("/v1/registrations", json=wrong, headers=bearer).json()["message"]


def test_a_split_is_changed_confirmed_and_handed_over_by_its_licensor_alone(house: House, visitor: TestClient) -> None:
    work = to_hex(house.founded.town.works[0])
    holders = {
        "holders": [{"holder": stranger().address, "share": 400_000}, {"holder": maker().address, "share": 600_000}]
    }
    assert visitor.post(f"/v1/works/{work}/splits", json=holders).status_code == 401
    bearer = sign_in(visitor, stranger())
    assert visitor.post(f"/v1/works/{work}/splits", json=holders, headers=bearer).status_code == 403
    made = visitor.post(f"/v1/works/{work}/splits", json=holders, headers=sign_in(visitor, licensor())).json()
    send(house.site.connection, licensor(), made["steps"]["transactions"])
    house.index()
    places = visitor.get(f"/v1/works/{work}/places").json()
    assert places["split_root"] == made["split_root"]
    assert [(one["share"], one["status"]) for one in places["places"]] == [
        (400_000, "unconfirmed"), (600_000, "unconfirmed"),
    ]  # fmt: skip
    desk = visitor.get("/desk", headers=sign_in(visitor, licensor())).text
    assert "2 other holders have not confirmed their shares of" in desk
    asked = {"sender": stranger().address, "work": work, "token": places["token"]}
    send(house.site.connection, stranger(), _steps(visitor, "confirm", asked))
    offer = {"sender": licensor().address, "work": work, "to": stranger().address}
    send(house.site.connection, licensor(), _steps(visitor, "transfer-licensor", offer))
    house.index()
    assert [one["status"] for one in visitor.get(f"/v1/works/{work}/places").json()["places"]] == [
        "confirmed", "unconfirmed",
    ]  # fmt: skip
    assert visitor.get(f"/v1/works/{work}").json()["offered_to"] == stranger().address
    send(
        house.site.connection,
        stranger(),
        _steps(visitor, "accept-licensor", {"sender": stranger().address, "work": work}),
    )
    house.index()
    found = visitor.get(f"/v1/works/{work}").json()
    assert (found["licensor"], found["offered_to"]) == (stranger().address, None)
    party = {row["work"] for row in visitor.get(f"/v1/works?party={stranger().address}").json()["rows"]}
    assert work in party


def _steps(visitor: TestClient, action: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.post(f"/v1/transactions/{action}", json=asked).json()["transactions"]
    return found


def test_what_a_file_is_like_is_said_with_the_evidence(house: House) -> None:
    with house.client(identification=_recognised(house, Likeness.VERSION)) as client:
        bearer = sign_in(client, stranger())
        upload = client.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND}).json()
        (like,) = upload["verdict"]["resemblances"]
        assert upload["verdict"]["pieces_not_compared"] == 3
        assert (upload["verdict"]["likeness"], like["evidence"], like["transposition"]) == ("version", "melody", 5)
        assert like["bars"] == [{"file": [1, 4], "work": [5, 8]}]
        refused = client.post("/v1/registrations", json=_draft(), headers=bearer)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_permitted")
        said = {**_draft(), "version_of": [like["work"]]}
        made = client.post("/v1/registrations", json=said, headers=bearer).json()
        assert f"is a version of {like['work']}" in made["document"]["note"]


def test_a_copy_is_not_registered(house: House) -> None:
    with house.client(identification=_recognised(house, Likeness.COPY)) as client:
        bearer = sign_in(client, stranger())
        client.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
        answer = client.post("/v1/registrations", json=_draft(), headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_permitted")


def test_an_upload_is_of_its_wallet_alone_and_for_a_day(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, stranger())
    visitor.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
    assert visitor.post("/v1/registrations", json=_draft(), headers=sign_in(visitor, maker())).status_code == 404
    house.clock.passed = 24 * 3600 + 1
    assert visitor.post("/v1/registrations", json=_draft(), headers=sign_in(visitor, stranger())).status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (ABC, "application/json", 415),
        (ABC, "", 415),
        (b"", KIND, 422),
        (b"no tune at all", KIND, 422),
        (b"MThd\x00\x00", "audio/midi", 422),
        (b"<" * 1000, "application/vnd.recordare.musicxml+xml", 422),
    ],
)
def test_files_that_cannot_be_used_are_refused_and_not_kept(
    house: House, visitor: TestClient, data: bytes, kind: str, status: int
) -> None:
    bearer = sign_in(visitor, stranger())
    answer = visitor.post("/v1/uploads", content=data, headers={**bearer, "Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert [path for path in house.home.rglob("*") if path.is_file()] == []


def test_a_file_that_never_ends_is_cut_off_and_leaves_nothing(house: House, visitor: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(1 << 20)

    bearer = sign_in(visitor, stranger())
    answer = visitor.post("/v1/uploads", content=endless(), headers={**bearer, "Content-Type": "audio/wav"})
    assert answer.status_code == 413
    assert [path for path in house.home.rglob("*") if path.is_file()] == []


def test_nobody_uploads_without_signing_in(house: House, visitor: TestClient) -> None:
    assert visitor.post("/v1/uploads", content=ABC, headers={"Content-Type": KIND}).status_code == 401
    assert not house.home.exists()


def test_shares_that_are_no_split_are_refused(house: House, visitor: TestClient) -> None:
    bearer = sign_in(visitor, stranger())
    visitor.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
    holders = [{"holder": licensor().address, "share": 999_999}]
    answer = visitor.post("/v1/registrations", json={**_draft(), "holders": holders}, headers=bearer)
    assert answer.status_code == 422
    assert "999999" in answer.json()["message"]


def test_a_registered_file_cannot_be_registered_by_its_licensor_again(house: House, visitor: TestClient) -> None:
    tune = house.founded.town.tunes[0]
    bearer = sign_in(visitor, licensor())
    visitor.post("/v1/uploads", content=tune.file, headers={**bearer, "Content-Type": tune.media_type})
    draft = {"upload": to_hex(sha256(tune.file)), "title": tune.title}
    steps = visitor.post("/v1/registrations", json=draft, headers=bearer).json()["steps"]
    assert steps["transactions"][0]["simulation"]["outcome"] == "refused"


def test_works_are_recognised_as_soon_as_they_are_indexed(house: House) -> None:
    known = ServiceIdentification(house.site, IndexedReadModel(house.database))
    with house.client(identification=known) as client:
        bearer = sign_in(client, stranger())

        def uploaded(data: bytes, kind: str) -> dict[str, Any]:
            answer = client.post("/v1/uploads", content=data, headers={**bearer, "Content-Type": kind}).json()
            verdict: dict[str, Any] = answer["verdict"]
            return verdict

        tune = house.founded.town.tunes[0]
        verdict = uploaded(tune.file, tune.media_type)
        (copy, *_) = verdict["resemblances"]
        assert (verdict["likeness"], copy["evidence"]) == ("copy", "file")
        assert (copy["work"], copy["title"]) == (to_hex(house.founded.town.works[0]), tune.title)
        assert uploaded(ABC, KIND)["likeness"] == "new"
        steps = client.post("/v1/registrations", json=_draft(), headers=bearer).json()["steps"]
        send(house.site.connection, stranger(), steps["transactions"])
        house.index()
        assert uploaded(ABC, KIND)["likeness"] == "copy"
    known.close()


def test_who_waits_too_long_for_heavy_work_is_sent_away(house: House) -> None:
    gate = Gate(most=1, seconds=0.01)
    with house.client(gate=gate) as client, gate.passed():
        bearer = sign_in(client, stranger())
        answer = client.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND})
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "overloaded", "60")


def _draft() -> dict[str, object]:
    return {"upload": to_hex(sha256(ABC)), "title": "A tune of nobody"}


def test_few_wait_for_heavy_work(house: House) -> None:
    gate = Gate(most=1, seconds=60, waiting=0)
    with house.client(gate=gate, quoting=gate) as client, gate.passed():
        bearer = sign_in(client, stranger())
        answers = [
            client.post("/v1/uploads", content=ABC, headers={**bearer, "Content-Type": KIND}),
            client.post("/v1/quotes/preview", json=house.asked()),
            client.post("/v1/quotes", json=house.asked(), headers=bearer),
        ]
    assert [answer.status_code for answer in answers] == [503] * 3


def test_the_place_for_uploads_of_all_wallets_is_bounded(house: House) -> None:
    services = house.services()
    settings = replace(services.settings, max_uploads=len(ABC) + 100)
    with house.client(settings=settings) as client:
        first, second = ({**sign_in(client, who()), "Content-Type": KIND} for who in (stranger, maker))
        assert client.post("/v1/uploads", content=ABC, headers=first).status_code == 201
        refused = client.post("/v1/uploads", content=ABC, headers=second)
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    assert len(list(house.home.glob("uploads/*/*"))) == 2
