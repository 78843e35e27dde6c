"""The page of an order as it is served: what is public stands in it, whatever state the order is in."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from contrafact.demo import world
from contrafact.domain.digests import from_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.records.folder import FolderStore
from contrafact.statement_reads import Happening
from contrafact.store.read_model import IndexedReadModel
from contrafact.web.documents import Documents
from contrafact.web.pages.order.challenged import challenged
from contrafact.web.pages.order.standing import steps

from .house import House, finished, maker, sign_in

LATER = 3 * 24 * 3600
ORDER = b"\x0d" * 32


def page(client: TestClient, order: str, status: int = 200, **headers: str) -> str:
    """The page's text, without its tags."""
    answer = client.get(f"/orders/{order}", headers=headers)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_paid_order_says_what_is_done_what_comes_and_how_the_money_would_come_back(house: House) -> None:
    order = house.founded.paid
    house.jobs[from_hex(order)] = JobState(from_hex(order), JobStatus.RUNNING, "generate", 3, 9)
    with house.client() as visitor:
        text = page(visitor, order)
        house.clock.passed = LATER
        later = page(visitor, order)
    assert "Paid done" in text
    assert "Composing now" in text
    assert "Rendering to come" in text
    assert "Bar 3 of 9" in text
    assert "a button appears here then" in text
    assert "Send the money back to the maker" in later


def test_an_order_that_has_stopped_says_why_and_that_no_money_is_lost(house: House) -> None:
    order = house.founded.paid
    why = {"code": "store", "message": "The store is full.", "hint": "The operator makes room."}
    house.jobs[from_hex(order)] = JobState(from_hex(order), JobStatus.STOPPED, "render", 9, 9, error=why)
    with house.client() as visitor:
        text = page(visitor, order)
    assert "The store is full. The operator makes room." in text
    assert "No money was lost" in text
    assert "Rendering now" in text


def test_a_finished_order_shows_everybody_who_got_what_without_a_script(house: House) -> None:
    order = house.founded.commercial
    house.jobs[from_hex(order)] = finished(order)
    with house.client() as visitor:
        text, told = page(visitor, order), visitor.get(f"/v1/orders/{order}").json()
    for source in told["sources"]:
        assert source["paid"]["text"] in text
    assert told["settled"]["refunded"]["text"] in text
    assert "MP3, small" in text
    assert "Stems, notes and documents" in text
    assert "What the maker may do with it" in text


def test_a_song_s_document_names_nobody_on_the_lines_of_other_songs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, first = house.founded.commercial, world.account(3).address
    others, honest = [world.account(n).address for n in (4, 11, world.MAKER, world.OPERATOR)], Documents.work

    def lying(self: Documents, digest: bytes) -> WorkMetadata | None:
        found = honest(self, digest)
        if found is None or found.split.leaves[0].holder != first:
            return found
        split = Split.of([(first, PPM - len(others)), *((one, 1) for one in others)])
        numbers = {first: "1", "C:Ada": "1", **dict.fromkeys(others, "2"), "C:Mallory": "2"}
        return replace(found, credits=("C:Ada", "C:Mallory"), split=split, identifiers=Identifiers(ipi=numbers))

    monkeypatch.setattr(Documents, "work", lying)
    with house.client() as visitor:
        shown = visitor.get(f"/orders/{order}").text
    assert shown.count("<bdi>composer: Ada</bdi>") == 1
    assert "Mallory" not in shown


def test_what_is_indexed_while_a_page_is_made_is_not_claimed_to_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = house.services().read_model
    late = Happening("GenerationEscrow", "OrderRaised", {}, model.status().block + 1, 0, "0xab", 0)
    before = IndexedReadModel.happenings_about

    def later(model: IndexedReadModel, subjects: list[bytes], names: Sequence[str]) -> Sequence[Happening]:
        return [*before(model, subjects, names), *([late] if "OrderFunded" in names else [])]

    monkeypatch.setattr(IndexedReadModel, "happenings_about", later)
    with house.client() as visitor:
        shown = visitor.get(f"/orders/{house.founded.commercial}").text
    claims = re.search(r'data-claims="([^"]*)"', shown)
    assert claims
    said = json.loads(unescape(claims[1]))
    assert said["transactions"] == [said["funded_in"], said["committed_in"]]


def test_a_private_piece_is_its_maker_s_to_download(house: House) -> None:
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    with house.client() as visitor:
        stranger = page(visitor, order)
        own = page(visitor, order, **sign_in(visitor, maker()))
    assert "This piece is private." in stranger
    assert "MP3, small" not in stranger
    assert "MP3, small" in own
    assert "This piece is private." not in own
    assert "not encrypted" in own
    assert "not encrypted" not in stranger


def test_an_order_that_does_not_exist_is_said_in_words(house: House) -> None:
    with house.client() as visitor:
        assert "There is no such order here" in page(visitor, "0x" + "77" * 32, status=404)
        assert "An id is 0x and 64 digits" in page(visitor, "0x77", status=404)


def test_what_begins_is_under_way_and_what_is_over_is_done() -> None:
    def states(*reached: str) -> list[str]:
        return [step.state for step in steps(list(reached))]

    assert states() == ["now", *["later"] * 7]
    assert states("paid", "verified") == ["done", "done", "now", *["later"] * 5]
    assert states("paid", "verified", "generating") == ["done", "done", "now", *["later"] * 5]
    assert states("paid", "verified", "generating", "rendering", "recorded") == [*["done"] * 5, "now", "later", "later"]
    assert states("paid", "settled", "paid out", "delivered") == ["done"] * 8


def test_the_first_page_plays_the_newest_piece_that_anybody_may_hear_while_it_is_here(
    house: House, tmp_path: Path
) -> None:
    commercial, private = house.founded.commercial, house.founded.private
    for order in (commercial, private):
        house.jobs[from_hex(order)] = finished(order)
    with house.client() as visitor:
        first = visitor.get("/").text
    assert f"/v1/orders/{commercial}/certified/mp3" in first
    assert private not in first
    with house.client(store=FolderStore(tmp_path)) as elsewhere:
        assert commercial not in elsewhere.get("/").text


def test_a_challenged_order_says_so_and_what_the_arbiter_found() -> None:
    opened, ruled = {"rulingUntil": 1_800_000_000}, {"upheld": True}
    told = [
        challenged(row_of(ORDER), fake_services(ORDER, *events))
        for events in ((), (("ChallengeOpened", opened),), (("ChallengeOpened", opened), ("ChallengeRuled", ruled)))
    ]
    assert told[0] is None
    waits, upheld = told[1:]
    assert waits is not None
    assert (waits.look, waits.until) == ("warn", datetime(2027, 1, 15, 8, tzinfo=UTC))
    assert upheld is not None
    assert (upheld.look, upheld.transaction) == ("bad", "0x02")
    assert "upheld" in upheld.sentence


def row_of(order: bytes) -> Any:
    return SimpleNamespace(order_id=order)


def fake_services(order: bytes, *told: tuple[str, dict[str, Any]]) -> Any:
    """A read model that knows these events of an order, others of the order and of another one, and nothing else."""
    of_others = [(order, "OrderRaised", {}), (bytes(32), "ChallengeRuled", {"upheld": True})]
    known = enumerate([*((order, *one) for one in told), *of_others], 1)
    happened = [(of, Happening("DisputeDesk", name, said, n, 0, f"0x0{n}", 0)) for n, (of, name, said) in known]

    def about(subjects: Sequence[bytes], names: Sequence[str]) -> list[Happening]:
        return [event for of, event in happened if of in subjects and event.name in names]

    return SimpleNamespace(read_model=SimpleNamespace(happenings_about=about))
