"""What anybody reads of the catalogue, of models and of content."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from fastapi.testclient import TestClient

from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import ModelMetadata
from contrafact.domain.pitch import usual_tempo
from contrafact.domain.terms import NATIVE, Terms
from contrafact.domain.works import Identifiers
from contrafact.music.reading import read_score
from contrafact.music.source_form import SourceForm
from contrafact.records.folder import FolderStore
from contrafact.web.app import create_app
from contrafact.web.gate import Gate
from contrafact.wiring.songs import KeptSongs
from tests.ledger.scene import Scene

from .hall import Hall, hall_of
from .visiting import URL, sign_in

ABC = b"X:1\nT:Tune\nM:6/8\nL:1/8\nK:D\nDFA AFD|GBd dBG|\n"


class CountedSongs(KeptSongs):
    """Counts how often scores are made to sound."""

    made = 0

    def once(self, data: bytes, media_type: str) -> bytes:
        self.made += 1
        return super().once(data, media_type)


# Works


def test_works_are_listed_with_terms_and_prices_in_words(hall: Hall) -> None:
    first, *_ = rows = hall.get("/v1/works")["rows"]
    assert [row["title"] for row in rows] == ["Tune 0", "Tune 1", "Tune 2"]
    assert first["work"] == hall.work(0)
    assert (first["licensor"], first["confirmed"]) == (hall.scene.address("bach"), True)
    assert first["holders"] == [{"holder": hall.scene.address("composer"), "share": 1_000_000}]
    terms = first["terms"]
    assert terms["summary"].startswith("to train: yes")
    assert terms["words"] == [to_hex(word) for word in hall.scene.terms[0].to_words()]
    prices = {(row["use"], row["price"]["token"]): row["price"] for row in terms["prices"]}
    assert prices["live", hall.scene.dollar]["units"] == "4000"
    assert prices["live", hall.scene.dollar]["text"] == "0.004 TUSD"


def test_works_are_listed_page_by_page(hall: Hall) -> None:
    titles, after = [], None
    while True:
        page = hall.get("/v1/works", params={"limit": 2} | ({"after": after} if after else {}))
        titles += [row["title"] for row in page["rows"]]
        if (after := page["following"]) is None:
            break
    assert titles == ["Tune 0", "Tune 1", "Tune 2"]


def test_works_are_found_by_what_makers_ask_for(hall: Hall) -> None:
    scene = hall.scene
    scene.set_terms(1, replace(scene.terms[1], combinable=False))
    scene.set_terms(2, Terms.opted_out())
    hall.index()
    rows = hall.get("/v1/works")["rows"]
    asked: list[tuple[dict[str, Any], list[int]]] = [
        ({"text": "tune 1"}, [1]),
        ({"text": "nothing like it"}, []),
        ({"licensor": scene.address("anon")}, [2]),
        ({"holder": scene.address("publisher")}, [1, 2]),
        ({"collection": "Tunes"}, [0, 1, 2]),
        ({"use": "live", "token": scene.dollar, "max_price": "4000"}, [0]),
        ({"use": "private", "token": scene.dollar, "max_price": "1371"}, [0, 1]),
        ({"available": "true"}, [0, 1]),
        ({"combinable": "true"}, [0]),
        ({"combinable": "true", "beside": rows[1]["licensor"]}, [0, 1]),
        ({"metre": ["6/8", "4/4"]}, [i for i, row in enumerate(rows) if row["metre"] in ("6/8", "4/4")]),
        ({"metre": "6/8"}, [i for i, row in enumerate(rows) if row["metre"] == "6/8"]),
    ]
    for query, found in asked:
        rows = hall.get("/v1/works", params=query)["rows"]
        assert [row["work"] for row in rows] == [hall.work(i) for i in found], query


def test_a_filter_that_is_none_is_refused_with_what_to_do(hall: Hall) -> None:
    for query in (
        {"use": "ringtone"}, {"max_price": "5"}, {"beside": NATIVE}, {"max_price": "-1", "token": NATIVE},
        {"metre": "six"}, {"holder": "0x12"}, {"after": "no cursor"}, {"limit": "0"}, {"limit": "101"},
        {"text": "x" * 201},
    ):  # fmt: skip
        error = hall.get("/v1/works", params=query, status=422)
        assert error["code"] == "invalid_input", query
        assert error["hint"], query


def test_a_work_shows_its_identifiers_and_where_more_is(hall: Hall) -> None:
    numbered = replace(hall.scene.metadata[0], identifiers=Identifiers(iswc="T0345246801"), content=sha256(b"new"))
    hall.store.put(numbered.to_bytes())
    work, _ = hall.scene.writer("bach").register_work(numbered)
    hall.index()
    found = hall.get(f"/v1/works/{to_hex(work)}")
    assert (found["identifiers"]["iswc"], found["terms"], found["kind"]) == ("T0345246801", None, "composition")
    for path in ("terms", "splits", "orders"):
        hall.get(found["links"][path])


def test_a_work_that_is_not_there_is_not_found(hall: Hall) -> None:
    assert hall.get(f"/v1/works/{to_hex(sha256(b'x'))}", status=404)["code"] == "not_found"
    hall.get("/v1/works/0x12", status=422)


def test_a_date_that_no_calendar_holds_does_not_hide_a_work(hall: Hall) -> None:
    hall.scene.set_terms(0, replace(hall.scene.terms[0], valid_until=2**40 - 1))
    hall.index()
    assert hall.get(f"/v1/works/{hall.work(0)}")["terms"]["valid_until"].startswith("9999-12-31")


def test_terms_and_splits_are_told_with_all_their_versions(hall: Hall) -> None:
    scene = hall.scene
    changed = replace(scene.metadata[0], split=scene.metadata[2].split)
    hall.store.put(changed.to_bytes())
    scene.writer("bach").change_split(scene.works[0], changed, scene.terms[1])
    hall.index()
    terms = hall.get(f"/v1/works/{hall.work(0)}/terms")["versions"]
    assert [one["version"] for one in terms] == [2, 3]
    splits = hall.get(f"/v1/works/{hall.work(0)}/splits")["versions"]
    assert [one["version"] for one in splits] == [1, 3]
    assert [len(one["holders"]) for one in splits] == [1, 2]
    assert splits[1]["holders"][0] == {"holder": scene.address("arranger"), "share": 400_000}


def test_orders_of_a_work_are_listed_newest_first(hall: Hall) -> None:
    deals = [hall.scene.deal(works=(0,), nonce=1), hall.scene.deal(works=(1,), nonce=2), hall.scene.deal(nonce=3)]
    for deal in deals:
        hall.scene.writer("maker").fund(*deal.fund_arguments())
    hall.index()
    rows = hall.get(f"/v1/works/{hall.work(0)}/orders")["rows"]
    assert [row["order"] for row in rows] == [to_hex(deals[i].order_id) for i in (2, 0)]
    assert rows[0]["status"] == "funded"


def test_an_answer_that_the_client_has_is_not_sent_again(hall: Hall) -> None:
    path = f"/v1/works/{hall.work(0)}"
    tag = hall.client.get(path).headers["ETag"]
    assert hall.client.get(path, headers={"If-None-Match": tag}).status_code == 304
    hall.scene.set_terms(0, Terms.opted_out())
    hall.index()
    assert hall.client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_source_of_an_open_work_is_there_as_tokens_and_midi(hall: Hall) -> None:
    form = SourceForm.from_score(read_score(ABC, "text/vnd.abc"))
    metadata = replace(hall.scene.metadata[0], content=sha256(ABC), source_form=form.digest)
    for data in (ABC, form.to_bytes(), metadata.to_bytes()):
        hall.store.put(data)
    work, _ = hall.scene.writer("bach").register_work(metadata)
    hall.index()
    source = hall.get(f"/v1/works/{to_hex(work)}/source")
    assert hall.client.get(source["score_url"]).content == ABC
    midi = hall.client.get(source["midi_url"])
    assert midi.headers["Content-Type"] == "audio/midi"
    again = SourceForm.from_score(read_score(midi.content, "audio/midi"))
    assert [event.duration for bar in again.bars for event in bar] == [e.duration for b in form.bars for e in b]
    assert source["tokens"] == json.loads(form.to_bytes())["tokens"]


def test_the_source_of_a_work_that_is_not_open_is_not_given_out(hall: Hall) -> None:
    assert "not open" in hall.get(f"/v1/works/{hall.work(1)}/source", status=404)["message"]


def test_an_open_work_sounds_as_its_notes_last_and_a_protected_one_not_at_all(
    scene: Scene, founded_hall_folder: Path, tmp_path: Path
) -> None:
    form = SourceForm.from_score(read_score(ABC, "text/vnd.abc"))
    metadata = replace(scene.metadata[0], content=sha256(ABC), source_form=form.digest)
    with hall_of(scene, founded_hall_folder, tmp_path, songs=KeptSongs(tmp_path / "songs")) as hall:
        for data in (ABC, form.to_bytes(), metadata.to_bytes()):
            hall.store.put(data)
        work, _ = scene.writer("bach").register_work(metadata)
        hall.index()
        path = f"/v1/works/{to_hex(work)}/sound.mp3"
        heard = hall.get(path)
        assert heard.headers["Content-Type"] == "audio/mpeg"
        samples, rate = soundfile.read(io.BytesIO(heard.content))
        seconds = 2 * 6 * 12 / 24 * 60 / usual_tempo((6, 8))
        assert seconds <= len(samples) / rate < seconds + 1.5
        assert np.sqrt(np.mean(samples**2)) > 0.02

        part = hall.get(path, status=206, headers={"Range": "bytes=100-199"})
        assert part.content == heard.content[100:200]
        assert part.headers["ETag"] == heard.headers["ETag"]
        hall.get(path, status=416, headers={"Range": "bytes=99999999-"})
        assert len(list((tmp_path / "songs").iterdir())) == 1
        error = hall.get(f"/v1/works/{hall.work(1)}/sound.mp3", status=404)
        assert "not open" in error["message"]
        assert error["hint"]


def test_a_score_is_heard_before_it_is_registered_by_who_uploaded_it_alone(
    scene: Scene, founded_hall_folder: Path, tmp_path: Path
) -> None:
    songs, gate = CountedSongs(tmp_path / "songs"), Gate(most=1, waiting=0)
    with hall_of(scene, founded_hall_folder, tmp_path, songs=songs, playing=gate) as hall:
        path = f"/v1/uploads/{_uploaded(hall, ABC, 'text/vnd.abc')}/sound"
        heard = hall.get(path, "bach")
        assert heard.headers["Content-Type"] == "audio/mpeg"
        samples, _ = soundfile.read(io.BytesIO(heard.content))
        assert np.sqrt(np.mean(samples**2)) > 0.02
        hall.get(path, "maker", status=404)
        hall.get(path, status=401)
        assert not (tmp_path / "songs").exists()
        with gate.passed():  # what was made needs nobody's turn
            again = hall.get(path, "bach", status=206, headers={"Range": "bytes=100-199"})
            assert again.content == heard.content[100:200]
            hall.get(path, "bach", status=304, headers={"If-None-Match": heard.headers["ETag"]})
        assert songs.made == 1


def _uploaded(hall: Hall, data: bytes, kind: str) -> str:
    bearer = sign_in(hall.client, hall.scene.keys["bach"])
    sent = hall.client.post("/v1/uploads", content=data, headers={**bearer, "Content-Type": kind})
    found: str = sent.json()["upload"]
    return found


def test_an_uploaded_recording_is_heard_as_it_is(scene: Scene, founded_hall_folder: Path, tmp_path: Path) -> None:
    file, rate = io.BytesIO(), 48_000
    soundfile.write(file, np.sin(np.arange(rate) / 20), rate, format="FLAC")
    data = file.getvalue()
    with hall_of(scene, founded_hall_folder, tmp_path) as hall:
        path = f"/v1/uploads/{_uploaded(hall, data, 'audio/flac')}/sound"
        heard = hall.get(path, "bach")
        assert (heard.content, heard.headers["Content-Type"]) == (data, "audio/flac")
        part = hall.get(path, "bach", status=206, headers={"Range": "bytes=-7", "If-Range": heard.headers["ETag"]})
        assert part.content == data[-7:]


def test_a_service_without_music_says_that_it_makes_no_sound(hall: Hall) -> None:
    assert "no sound" in hall.get(f"/v1/works/{hall.work(0)}/sound.mp3", status=404)["message"]


# Models, records, status


def test_a_model_is_shown_with_what_it_learnt_from(hall: Hall) -> None:
    scene = hall.scene
    leaf = Leaf(scene.address("bach"), scene.metadata[0].content, bytes(27))
    manifest = Manifest.of([leaf, Leaf(scene.address("anon"), sha256(b"other"), bytes(27))])
    said = ModelMetadata("learner", sha256(b"w2"), sha256(b"g"), manifest.root, manifest.digest(), 2)
    model, _ = scene.writer("operator").register_model(said, {scene.dollar: 700})
    hall.store.put(said.to_bytes())
    hall.store.put(manifest.to_bytes())
    hall.index()
    found = hall.get(f"/v1/models/{to_hex(model)}")
    assert (found["name"], found["training_works"]) == ("learner", 2)
    assert found["rates"][0]["price"]["text"] == "0.0007 TUSD"
    (learnt,) = hall.get(f"/v1/works/{hall.work(0)}")["learnt_by"]
    assert (learnt["model"], learnt["proof"]) == (to_hex(model), [to_hex(step) for step in manifest.proof(leaf)])
    assert hall.get(f"/v1/works/{hall.work(0)}")["unknown_models"] == [to_hex(scene.model_id)]
    assert hall.get(f"/v1/works/{hall.work(1)}")["learnt_by"] == []


def test_a_pool_shows_what_came_in(hall: Hall) -> None:
    hall.scene.settle(hall.scene.deal(hall.scene.dollar))
    hall.index()
    (found,) = hall.get(f"/v1/models/{to_hex(hall.scene.model_id)}/pool")["pools"]
    assert found["pool"]["token"] == hall.scene.dollar
    assert int(found["pool"]["pot"]["units"]) == int(found["pool"]["credited"]["units"]) > 0
    assert found["epochs"] == []


def test_a_record_leads_to_its_order(hall: Hall) -> None:
    deal = hall.scene.deal()
    hall.scene.settle(deal)
    hall.index()
    found = hall.get(f"/v1/records/{to_hex(sha256(b'record'))}")
    assert (found["order"]["order"], found["document"]) == (to_hex(deal.order_id), None)
    hall.get(f"/v1/records/{to_hex(sha256(b'none'))}", status=404)


def test_the_status_says_which_contracts_are_followed_and_how_far(hall: Hall) -> None:
    found = hall.get("/v1/status")
    assert found["contracts"] == dict(hall.scene.deployment.contracts)
    assert found["block"] == hall.scene.connection.head()
    assert (found["lag"], found["chain_id"]) == (0, hall.scene.deployment.chain_id)
    hall.scene.set_terms(0, Terms.opted_out())
    assert hall.get("/v1/status")["block"] == found["block"]


# Content


def test_content_is_what_its_cid_says_and_may_be_kept_for_ever(hall: Hall) -> None:
    data = bytes(range(256)) * 1000
    name = hall.store.put(data)
    answer = hall.client.get(f"/v1/content/{name}")
    assert answer.content == data
    assert "immutable" in answer.headers["Cache-Control"]
    tag = answer.headers["ETag"]
    assert hall.client.get(f"/v1/content/{name}", headers={"If-None-Match": tag}).status_code == 304


def test_a_range_of_content_is_sent(hall: Hall) -> None:
    data = bytes(range(256)) * 1000
    path = f"/v1/content/{hall.store.put(data)}"
    for asked, status, first, last in (
        ("bytes=0-9", 206, 0, 9),
        ("bytes=100000-", 206, 100_000, 255_999),
        ("bytes=-5", 206, 255_995, 255_999),
        ("bytes=5-999999999", 206, 5, 255_999),
        ("lines=1-2", 200, 0, 255_999),
    ):
        answer = hall.client.get(path, headers={"Range": asked})
        assert answer.status_code == status, asked
        assert answer.content == data[first : last + 1], asked


def test_content_that_many_ask_for_at_once_reaches_each_of_them(hall: Hall) -> None:
    contents = [f"content {number}".encode() for number in range(60)]
    paths = [f"/v1/content/{hall.store.put(data)}" for data in contents]
    with ThreadPoolExecutor(8) as askers:
        answers = list(askers.map(hall.client.get, paths))
    assert [answer.content for answer in answers] == contents


def test_a_range_behind_the_end_is_refused(hall: Hall) -> None:
    answer = hall.client.get(f"/v1/content/{hall.store.put(b'ten bytes!')}", headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "no_such_range")


def test_content_that_is_not_there_or_no_cid_is_told(hall: Hall) -> None:
    assert hall.get(f"/v1/content/{cid(sha256(b'none'))}", status=404)["code"] == "not_found"
    hall.get("/v1/content/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPBdG", status=422)


def test_content_that_was_taken_down_is_no_longer_given_out_by_anybody(
    scene: Scene, founded_hall_folder: Path, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path / "store")
    with hall_of(scene, founded_hall_folder, tmp_path, published=store) as hall:
        path = f"/v1/content/{store.put(b'doubtful')}"
        assert hall.client.get(path).content == b"doubtful"
        store.withdraw(cid(sha256(b"doubtful")), b"a notice")
        answer = hall.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (451, "withdrawn")
        assert "was taken down in the content store" in answer.json()["message"]
        assert str(tmp_path) not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


class FakeSearching(FolderStore):
    """A store that searches the world for what it does not have, and counts how often."""

    searched = 0

    def get(self, cid: str) -> bytes:
        self.searched += not self.has(cid)
        return super().get(cid)


def test_nothing_that_a_stranger_asks_for_is_searched_elsewhere(hall: Hall, tmp_path: Path) -> None:
    store, unknown = FakeSearching(tmp_path / "empty"), cid(sha256(b"nobody has this"))
    app = create_app(replace(hall.services, store=store, published=store))
    with TestClient(app, URL, raise_server_exceptions=False) as client:
        assert client.get(f"/v1/content/{unknown}").status_code == 404
        materialised = {"sender": hall.scene.address("composer"), "licensor": hall.scene.address("composer")}
        materialised |= {"collection": unknown, "content": hall.work(0)}
        assert client.post("/v1/transactions/materialise", json=materialised).status_code == 404
        for what in ("", "/splits", "/source"):
            client.get(f"/v1/works/{hall.work(0)}{what}")
    assert store.searched == 0
