"""A request with an idempotency key is answered once, however often and however fast it comes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.quotes import SignedQuote
from contrafact.errors import ChainError
from contrafact.order.quoting import OrderRequest
from contrafact.web.routing import KEY, REPLAYED
from contrafact.web.services import Desk

from .house import House, maker, sign_in, stranger


@dataclass
class FakeDesk:
    """A real desk that counts its offers, and can be made to wait, or to fail once."""

    desk: Any
    offers: int = 0
    failing: bool = False
    going: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)

    def offer(self, request: OrderRequest) -> SignedQuote:
        self.offers += 1
        self.begun.set()
        self.going.wait(20)
        if self.failing:
            self.failing = False
            raise ChainError("The node is away.")
        signed: SignedQuote = self.desk.offer(request)
        return signed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.desk, name)


def _desk(house: House, *, waits: bool = False) -> Any:
    desk: Desk | None = house.services().desk
    fake = FakeDesk(desk)
    if not waits:
        fake.going.set()
    return fake


def test_the_same_request_gets_the_same_answer(house: House) -> None:
    desk = _desk(house)
    with house.client(desk=desk) as client:
        headers = {**sign_in(client, maker()), KEY: "one"}
        first = client.post("/v1/quotes", json=house.asked(), headers=headers)
        again = client.post("/v1/quotes", json=house.asked(), headers=headers)
    assert (first.status_code, first.content) == (201, again.content)
    assert again.status_code == 201
    assert again.headers[REPLAYED] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert desk.offers == 1


def test_the_same_key_for_another_request_is_refused(house: House, visitor: TestClient) -> None:
    headers = {**sign_in(visitor, maker()), KEY: "one"}
    assert visitor.post("/v1/quotes", json=house.asked(), headers=headers).status_code == 201
    other = visitor.post("/v1/quotes", json=house.asked(use="commercial"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_keys_are_each_callers_own(house: House) -> None:
    desk = _desk(house)
    with house.client(desk=desk) as client:
        answers = [
            client.post("/v1/quotes", json=house.asked(), headers={**sign_in(client, who), KEY: "one"}).json()
            for who in (maker(), stranger())
        ]
    assert [answer["maker"] for answer in answers] == [maker().address, stranger().address]


def test_a_key_is_forgotten_after_a_day(house: House) -> None:
    desk = _desk(house)
    with house.client(desk=desk) as client:
        client.post("/v1/quotes", json=house.asked(), headers={**sign_in(client, maker()), KEY: "one"})
        house.clock.passed = 24 * 3600 + 1
        client.post("/v1/quotes", json=house.asked(), headers={**sign_in(client, maker()), KEY: "one"})
    assert desk.offers == 2


def test_what_failed_may_be_tried_again_with_its_key(house: House) -> None:
    desk = _desk(house)
    desk.failing = True
    with house.client(desk=desk) as client:
        headers = {**sign_in(client, maker()), KEY: "one"}
        assert client.post("/v1/quotes", json=house.asked(), headers=headers).status_code == 502
        assert client.post("/v1/quotes", json=house.asked(), headers=headers).status_code == 201


def test_of_requests_at_the_same_time_one_is_answered_and_the_others_told_to_wait(house: House) -> None:
    desk = _desk(house, waits=True)
    with house.client(desk=desk) as client, ThreadPoolExecutor(8) as pool:
        headers = {**sign_in(client, maker()), KEY: "one"}

        def ask() -> int:
            return client.post("/v1/quotes", json=house.asked(), headers=headers).status_code

        first = pool.submit(ask)
        assert desk.begun.wait(20)
        others = [future.result() for future in [pool.submit(ask) for _ in range(6)]]
        desk.going.set()
        assert first.result() == 201
        assert others == [409] * 6
        assert ask() == 201
    assert desk.offers == 1


def test_the_oldest_answers_of_a_caller_make_room_for_new_ones(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contrafact.store.visitors.MOST_KEPT", 2)
    with house.client() as client:

        def ask(key: str) -> bool:
            house.clock.passed += 1
            answer = client.post("/v1/quotes/preview", json=house.asked(), headers={KEY: key})
            assert answer.status_code == 200
            return REPLAYED in answer.headers

        assert [ask(key) for key in ("one", "two", "three")] == [False] * 3
        assert [ask(key) for key in ("three", "two", "one")] == [True, True, False]
