"""Live orders over HTTP: begun, heard, steered, stopped, settled for what was played, and replayed by the audit."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Thread
from time import monotonic, sleep, time
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from fastapi.testclient import TestClient

from contrafact.audit import AuditVerdict
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.orders import order_id
from contrafact.domain.terms import Use
from contrafact.errors import Busy
from contrafact.music.audio import read_pcm
from contrafact.order.job import OrderJob
from contrafact.order.live.book import LAST_CALL, QUIET_SECONDS, Ended, LiveBook
from contrafact.order.live.pace import Pace
from contrafact.order.live.stage import LiveStage
from contrafact.wiring.auditing import audit_site
from tests.e2e.town import SALT, maker, operator

from .house import House, index, sign_in, stranger

SECONDS = 60
DRIFT = 200_000
AT_ONCE = Pace(lead=1.2)
WITHIN, OUTSIDE = [600_000, 200_000, 200_000], [800_000, 100_000, 100_000]


@dataclass
class Playing:
    """A paid live order, and its maker at the service that plays it."""

    house: House
    stage: LiveStage
    client: TestClient
    order: str
    bearer: dict[str, str]

    def get(self, rest: str = "", **options: Any) -> Any:
        return self.client.get(f"/v1/orders/{self.order}/live{rest}", headers=self.bearer, **options)

    def post(self, rest: str = "", json: object = None) -> Any:
        return self.client.post(f"/v1/orders/{self.order}/live{rest}", headers=self.bearer, json=json)

    @property
    def book(self) -> LiveBook:
        return self.stage.book(from_hex(self.order))

    @contextmanager
    def heard(self, after: int = -1) -> Iterator[list[dict[str, Any]]]:
        """Somebody follows the events meanwhile, which are there after the block."""
        found: list[dict[str, Any]] = []

        def follow() -> None:
            found.extend(_events(self.get("/events", params={"after": after}).text))

        thread = Thread(target=follow)
        thread.start()
        yield found
        thread.join(60)
        assert not thread.is_alive()

    def wait_for(self, bars: int) -> None:
        end = monotonic() + 60
        while self.get().json()["given"] < bars:
            assert monotonic() < end, self.get().json()
            sleep(0.05)

    def settle(self) -> None:
        site = self.house.site
        OrderJob.of(site.workshop(operator()), from_hex(self.order), lambda step: None, lambda bar, bars: None).run()
        index(site, self.house.database)


def _events(text: str) -> list[dict[str, Any]]:
    found = []
    for block in text.replace("\r", "").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if "data" in fields:
            found.append({"event": fields["event"], **json.loads(fields["data"])})
    return found


def ordered(house: House, use: Use = Use.LIVE, pay: bool = True) -> str:
    site = house.site
    request = replace(house.founded.town.request(SECONDS), use=use, drift=DRIFT if use is Use.LIVE else 0)
    signed = site.quoting(operator()).offer(request)
    if pay:
        site.writer(maker()).fund(signed.quote, signed.signature, SALT, signed.terms, signed.grants())
        index(site, house.database)
    return to_hex(order_id(signed.quote, site.reader.domain))


@contextmanager
def playing(house: House, order: str, pace: Pace = AT_ONCE) -> Iterator[Playing]:
    stage = LiveStage(lambda: house.site.players, most=1, pace=pace)
    with house.client(live=stage) as client:
        yield Playing(house, stage, client, order, sign_in(client, maker()))
    stage.close()


@pytest.mark.slow
def test_a_live_piece_is_steered_stopped_and_settled_for_what_was_played(house: House) -> None:
    with playing(house, ordered(house)) as live:
        assert live.get().json()["state"] == "ready"
        assert "This live piece waits for its maker to play." in live.client.get(f"/orders/{live.order}").text
        assert live.post().json()["state"] == "playing"
        with live.heard() as events:
            live.wait_for(3)
            steered = live.post("/weights", {"weights": WITHIN}).json()
            live.wait_for(steered["bar"] + 3)
            paused = live.post("/pause").json()
            for bar in range(paused["given"] + 1):
                live.get(f"/bars/{bar}", params={"left": 0})  # who needs more has to listen anew
            sleep(0.5)
            ended = live.post("/stop").json()
            assert ended["cost"] == paused["cost"]
        *bars, end = events
        assert [bar["bar"] for bar in bars] == list(range(ended["given"]))
        assert (end["event"], end["bars"]) == ("ended", paused["given"])
        assert {bar["covered_seconds"] for bar in bars} == {30}
        assert all(int(bar["cost"]["units"]) < int(bar["next_cost"]["units"]) for bar in bars)
        assert [bar["weights"] for bar in bars[steered["bar"] - 1 :][:2]] == [[500_000, 300_000, 200_000], WITHIN]
        sound = [read_pcm(live.get(f"/bars/{n}").content) for n in range(ended["given"] + 1)]
        seconds = [len(frames) / rate for frames, rate in sound]
        assert sum(seconds[:-1]) == pytest.approx(ended["given"] * ended["bar_seconds"], abs=0.001)
        assert (ended["state"], ended["why"]) == ("ended", "stopped")
        again = live.get("/events", params={"after": 1}).text
        assert [event.get("bar") for event in _events(again)] == [*range(2, ended["given"]), None]
        live.settle()
        order = live.client.get(f"/v1/orders/{live.order}").json()
        closed = live.get().json()
    settled, (committed,) = order["settled"], house.site.reader.committed(from_hex(live.order))
    kept = int(order["escrow"]["units"]) - int(settled["refunded"]["units"])
    assert kept == int(end["cost"]["units"]) == int(closed["cost"]["units"]) < int(ended["highest_cost"]["units"])
    assert committed.commit.duration == ended["played_seconds"] < SECONDS
    assert list(committed.commit.shares) == bars[-1]["shares"]
    assert closed["state"] == "closed"
    report = audit_site(house.site)
    assert report.verdict is AuditVerdict.OK, report.findings
    assert next(one.replay for one in report.orders if one.order_id == live.order) == "identical"


@pytest.mark.slow
def test_a_piece_goes_on_after_its_service_ended_and_is_settled_when_its_listener_stays_away(house: House) -> None:
    order = ordered(house)
    with playing(house, order, Pace(lead=1000.0)) as live:
        session = live.stage.open(from_hex(order))
        session.steer(WITHIN)
        with session.listening():
            live.wait_for(2)
    before = live.book.played()
    assert live.book.ended is None
    with playing(house, order) as live:
        assert live.get().json()["state"] == "paused"
        assert live.post().json()["given"] == len(before)
        assert live.get(f"/bars/{len(before) - 1}").status_code == 200
        with live.stage.open(from_hex(order)).listening():
            live.wait_for(len(before) + 1)
    played = live.book.played()
    assert list(played)[: len(before)] == list(before)
    assert played[-1].weights == tuple(WITHIN)
    with pytest.raises(Busy, match="still to be played"):
        live.settle()
    long_ago = time() - 2 * QUIET_SECONDS
    os.utime(live.book.folder.path / "live/begun.json", (long_ago, long_ago))
    live.settle()
    (committed,) = house.site.reader.committed(from_hex(order))
    assert committed.commit.shares == played[-1].shares
    assert live.book.ended == Ended(len(played), "left")


@pytest.mark.slow
def test_a_piece_that_nobody_begins_is_played_for_one_unit_before_its_deadline(house: House) -> None:
    order = ordered(house)
    with playing(house, order) as live:
        with pytest.raises(Busy, match="still to be played"):
            live.settle()
        deadline = live.book.signed.quote.deadline
        house.founded.town.rpc("evm_increaseTime", deadline - LAST_CALL + 10 - house.site.reader.timestamp())
        house.founded.town.rpc("evm_mine")
        late = live.post()
        live.settle()
    assert (late.status_code, late.json()["code"]) == (409, "order_closed")
    (committed,) = house.site.reader.committed(from_hex(order))
    assert committed.commit.duration == 30
    quote = live.book.signed.quote
    due = quote.settle(committed.commit.base_share, committed.commit.shares, 30)
    assert due.refunded >= quote.escrow // 2 - quote.operator_fee
    assert live.get().json()["why"] == "unplayed"


def test_a_live_piece_is_its_makers_alone_once_it_is_paid_and_within_its_bounds(house: House) -> None:
    order, unpaid = ordered(house), ordered(house, pay=False)
    with playing(house, order) as live:
        others = replace_bearer(live, stranger())
        asked = {"weights": WITHIN}
        for answer in (
            others.get(), others.post(), others.post("/weights", asked), others.post("/stop"), others.get("/events"),
            others.get("/bars/0"), others.post("/pause"),
        ):  # fmt: skip
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        for rest, body in (("/weights", asked), ("/stop", None)):
            assert live.post(rest, body).status_code == 409
        assert live.get("/events").status_code == 409
        live.post()
        refused = live.post("/weights", {"weights": OUTSIDE})
        assert refused.status_code == 422
        assert "300000 to 700000, 100000 to 500000, 0 to 400000" in refused.json()["hint"]
        assert live.post("/weights", {"weights": [500_000, 500_000]}).status_code == 422
        assert live.post("/weights", {"weights": [500_000, 300_000, 100_000]}).status_code == 422
        second = replace(live, order=ordered(house))
        assert (second.post().status_code, second.get().json()["state"]) == (409, "ready")
    with playing(house, unpaid) as live:
        assert live.get().json()["state"] == "unpaid"
        assert live.post().status_code == 402
    with playing(house, house.founded.private) as live:
        assert (live.get().status_code, live.post().status_code) == (422, 422)


def test_a_live_offer_says_how_far_weights_may_move_and_what_it_costs_at_most(house: House) -> None:
    with house.client() as client:
        live = client.post("/v1/quotes/preview", json=house.asked(use="live")).json()["offer"]
        sources = sorted(
            (s["weight"], s["lowest_weight"], s["highest_weight"], s["min_share"]) for s in live["sources"]
        )
        assert sources == [(200_000, 0, 450_000, 0), (300_000, 50_000, 550_000, 0), (500_000, 250_000, 750_000, 0)]
        assert (live["drift"], live["max_base_share"], live["escrow"]["units"]) == (250_000, 1_000_000, "400000")
        alone = [{"work": to_hex(house.founded.town.works[0]), "weight": 1_000_000}]
        still = client.post("/v1/quotes/preview", json=house.asked(use="live", sources=alone)).json()["offer"]
        assert (still["drift"], still["sources"][0]["lowest_weight"]) == (0, 1_000_000)
        refused = client.post("/v1/quotes/preview", json=house.asked(drift=1)).json()
        assert (refused["permitted"], refused["reason"]["code"]) == (False, "invalid_order")


def replace_bearer(live: Playing, key: LocalAccount) -> Playing:
    return replace(live, bearer=sign_in(live.client, key))
