"""The rights desk's pages as they are served: what is public stands in them, and each reader sees what is theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from threading import Event

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.digests import cid, from_hex, sha256, to_hex
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import ModelMetadata
from contrafact.ledger.connection import Connection
from contrafact.operations.warming import warm

from .hall import Hall
from .house import House, holder, licensor, sign_in


def read(client: TestClient, path: str, **headers: str) -> str:
    """The page's text, without its tags."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_page_of_a_work_shows_everybody_what_is_public_and_its_licensor_what_can_be_done(house: House) -> None:
    path = f"/desk/works/{to_hex(house.founded.town.works[0])}"
    with house.client() as visitor:
        anybody = read(visitor, path)
        own = read(visitor, path, **sign_in(visitor, licensor()))
        shared = read(visitor, path, **sign_in(visitor, holder()))
    for text in (anybody, own, shared):
        assert "For private listening yes, " in text
        assert "made and settled" in text
    assert "Change the terms" in own
    assert "You set its terms" in own
    assert "Change the terms" not in anybody + shared
    assert "is yours" in shared
    assert "is yours" not in anybody


def test_the_overview_lists_the_wallets_own_works_and_what_they_earned(house: House) -> None:
    with house.client() as visitor:
        assert "Sign in with your wallet" in read(visitor, "/desk")
        bearer = sign_in(visitor, holder())
        text = read(visitor, "/desk", **bearer)
        assert re.search(r"private \d\.\d+ TUSD.* \d\.\d+ TUSD", text.partition("All works")[2])
        own = read(visitor, "/desk", **sign_in(visitor, licensor()))
        assert "1 other holder has not confirmed its share of" in own.partition("All works")[0]
        assert "None of your works has" in read(visitor, "/desk?text=nothing+like+it", **bearer)


def test_no_page_waits_for_the_list_of_a_model_that_was_read_before(hall: Hall) -> None:
    scene = hall.scene
    leaf = Leaf(scene.address("bach"), scene.metadata[0].content, bytes(27))
    manifest = Manifest.of([leaf, Leaf(scene.address("anon"), sha256(b"read at the start"), bytes(27))])
    said = ModelMetadata("a learner", sha256(b"w3"), sha256(b"g"), manifest.root, manifest.digest(), 2)
    scene.writer("operator").register_model(said, {scene.dollar: 700})
    for document in (said, manifest):
        hall.store.put(document.to_bytes())
    hall.index()
    warm(hall.services.read_model, hall.store, Event())
    hall.store.withdraw(cid(manifest.digest()), b"gone")
    assert "list of 2 works holds this one" in read(hall.client, f"/desk/works/{hall.work(0)}")


def test_a_work_says_which_model_learnt_from_it_by_the_models_own_list(hall: Hall) -> None:
    scene = hall.scene
    leaf = Leaf(scene.address("bach"), scene.metadata[0].content, bytes(27))
    manifest = Manifest.of([leaf, Leaf(scene.address("anon"), sha256(b"other"), bytes(27))])
    said = ModelMetadata("a <b>learner</b>", sha256(b"w2"), sha256(b"g"), manifest.root, manifest.digest(), 2)
    scene.writer("operator").register_model(said, {scene.dollar: 700})
    hall.store.put(said.to_bytes())
    hall.store.put(manifest.to_bytes())
    hall.index()
    answer = hall.client.get(f"/desk/works/{hall.work(0)}")
    assert "a &lt;b&gt;learner&lt;/b&gt;" in answer.text
    text = read(hall.client, f"/desk/works/{hall.work(0)}")
    assert "The model's own list of 2 works holds this one" in text
    assert "1 step leads from this work to that fingerprint" in text
    assert "whether they learnt from it cannot be said" in text
    assert "No model that is registered here" in read(hall.client, f"/desk/works/{hall.work(1)}")


def test_the_times_of_a_works_versions_are_known_without_asking_a_node_for_each(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hall.services.read_model.terms_history(from_hex(hall.work(0)))[0]
    at = hall.scene.connection.timestamp(first.block)
    asked: list[object] = []
    monkeypatch.setattr(Connection, "timestamp", lambda _, block="latest": asked.append(block))
    page = hall.client.get(f"/desk/works/{hall.work(0)}").text
    assert datetime.fromtimestamp(at, UTC).isoformat() in page
    assert asked == []
