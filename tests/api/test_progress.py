"""An order's way as server-sent events: only what has happened, once, and to its end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from dataclasses import replace
from threading import Event

import pytest
from fastapi.testclient import TestClient

from contrafact.domain.digests import from_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.web.errors import Overloaded, TooManyRequests
from contrafact.web.streams import Streams
from tests.ledger.sent import wait_for

from .house import House, finished, maker, operator, sign_in

Told = tuple[str, dict[str, object], str]


def _events(client: TestClient, order: str, **headers: str) -> list[Told]:
    """All events, as (name, data, id), until the stream ends."""
    answer = client.get(f"/v1/orders/{order}/progress", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    found = []
    for block in answer.text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
    return found


class FakeWork:
    """Jobs of one order that are further each time they are asked for; beyond the last it stays there."""

    def __init__(self, *states: JobState) -> None:
        self._states = list(states)

    def goes_on(self, *states: JobState) -> None:
        self._states += states

    def get(self, order_id: bytes) -> JobState | None:
        return self._states.pop(0) if len(self._states) > 1 else self._states[0]


def _job(order: str, step: str | None, bar: int = 0, status: JobStatus = JobStatus.RUNNING) -> JobState:
    return JobState(from_hex(order), status, step, bar, 9 if bar else 0)


def test_a_delivered_order_is_told_from_its_beginning(house: House, visitor: TestClient) -> None:
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    events = _events(visitor, order)
    stages = ["paid", "verified", "generating", "rendering", "recorded", "settled", "paid out", "delivered"]
    assert [name for name, _, _ in events] == stages
    assert [data["is_final"] for _, data, _ in events] == [False] * 7 + [True]
    ids = [int(id_) for _, _, id_ in events]
    assert ids == sorted(set(ids))


def test_a_client_that_comes_back_hears_only_what_is_new(house: House, visitor: TestClient) -> None:
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    events = _events(visitor, order)
    assert _events(visitor, order, **{"Last-Event-ID": events[4][2]}) == events[5:]


def test_bars_are_counted_while_they_are_made(house: House) -> None:
    order = house.founded.private
    made = [_job(order, "generate", bar) for bar in (1, 2, 5)]
    work = FakeWork(made[0], _job(order, "verify"), *made, _job(order, "render"), finished(order))
    with house.client(jobs=work) as client:
        events = _events(client, order)
    bars = [data["bar"] for name, data, _ in events if name == "generating"]
    assert bars == [1, 2, 5, 9]
    assert events[-1][0] == "delivered"


def test_stages_that_did_not_happen_are_not_told(house: House) -> None:
    order = house.founded.paid
    stopped = replace(
        _job(order, "generate", 3, JobStatus.STOPPED), error={"code": "store", "message": "m", "hint": "h"}
    )
    with house.client(jobs=FakeWork(stopped)) as client:
        events = _events(client, order)
    assert [name for name, _, _ in events] == ["paid", "verified", "generating", "stopped"]
    assert events[-1][1]["error"] == {"code": "store", "message": "m", "hint": "h"}


def test_an_order_is_delivered_once_the_index_shows_it_settled(house: House, visitor: TestClient) -> None:
    behind, shown = house.founded.paid, house.founded.private
    for order in (behind, shown):
        house.jobs[from_hex(order)] = finished(order)
    waits = visitor.get(f"/v1/orders/{behind}").json()
    assert (waits["status"], waits["stage"]["stage"], waits["stage"]["is_final"]) == ("funded", "recorded", False)
    ends = visitor.get(f"/v1/orders/{shown}").json()
    assert (ends["status"], ends["stage"]["stage"], ends["stage"]["is_final"]) == ("committed", "delivered", True)
    assert all(source["paid"] for source in ends["sources"])


def test_a_refunded_order_ends(house: House, visitor: TestClient) -> None:
    order = house.founded.paid
    house.founded.town.rpc("evm_increaseTime", 3 * 24 * 3600)
    house.site.writer(operator()).refund(house.site.reader.funded(from_hex(order))[0])
    house.index()
    assert [name for name, _, _ in _events(visitor, order)] == ["paid", "refunded"]
    found = visitor.get(f"/v1/orders/{order}").json()
    assert (found["status"], found["penalty"]["units"]) == ("refunded", "40000")


def test_an_offer_that_nobody_paid_expires(house: House, visitor: TestClient) -> None:
    order = visitor.post("/v1/quotes", json=house.asked(), headers=sign_in(visitor, maker())).json()["order"]
    house.clock.passed = 3 * 3600
    assert [name for name, _, _ in _events(visitor, order)] == ["expired"]


def test_a_client_follows_few_orders_at_a_time_and_all_clients_not_many(house: House) -> None:
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    streams = Streams(most=2, most_of_one=1)
    with house.client(streams=streams) as client:
        with streams.counted("testclient", Event()):
            refused = client.get(f"/v1/orders/{order}/progress")
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        with streams.counted("a", Event()), streams.counted("b", Event()):
            assert client.get(f"/v1/orders/{order}/progress").status_code == 503
        for _ in range(3):  # those that ended make room
            assert client.get(f"/v1/orders/{order}/progress").status_code == 200


def test_a_newcomer_takes_the_place_of_the_oldest_stream_of_who_holds_most(house: House) -> None:
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    streams, ends = Streams(most=5, most_of_one=4), [Event() for _ in range(5)]
    with house.client(streams=streams) as client, ExitStack() as stack:
        for who, end in zip("amaam", ends, strict=True):
            stack.enter_context(streams.counted(who, end))
        assert client.get("/v1/orders/0x" + "00" * 32 + "/progress").status_code == 404
        assert [end.is_set() for end in ends] == [False] * 5  # nobody gives way to what is nothing
        assert client.get(f"/v1/orders/{order}/progress").status_code == 200
        assert [end.is_set() for end in ends] == [True] + [False] * 4
        with streams.counted("n", Event()), pytest.raises(Overloaded):
            streams.require_room("n")  # the others hold two: with one more, so would the newcomer


def test_a_stream_that_plays_gives_way_after_its_clients_others() -> None:
    streams, ends = Streams(most=3), [Event() for _ in range(3)]
    with ExitStack() as stack:
        for end in ends:
            stack.enter_context(streams.counted("a", end, plays=end is not ends[1]))
        stack.enter_context(streams.counted("b", Event()))
    assert [end.is_set() for end in ends] == [False, True, False]


def test_a_stream_that_gives_way_says_when_to_come_back_and_the_others_go_on(house: House) -> None:
    order, streams = house.founded.private, Streams(most=2, most_of_one=2)
    work = FakeWork(_job(order, "generate", 3))

    def both_are_open() -> bool:
        with suppress(TooManyRequests):
            streams.require_room("testclient")
            return False
        return True

    with house.client(streams=streams, jobs=work) as client, ThreadPoolExecutor(2) as pool:
        heard = [pool.submit(client.get, f"/v1/orders/{order}/progress") for _ in range(2)]
        wait_for(both_are_open)
        with streams.counted("a newcomer", Event()):
            first = next(as_completed(heard))
            assert not all(one.done() for one in heard)
        work.goes_on(finished(order))
        heard.remove(first)
        assert "event: generating" in first.result().text
        assert "retry: " in first.result().text
        assert "event: delivered" in heard[0].result().text
