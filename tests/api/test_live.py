"""Live orders over HTTP: begun, heard, steered, stopped, settled for what was played, and replayed by the audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Thread
from time import monotonic, sleep
from typing import Any

from fastapi.testclient import TestClient

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.orders import order_id
from contrafact.domain.terms import Use
from contrafact.order.job import OrderJob
from contrafact.order.live.book import LiveBook
from contrafact.order.live.pace import Pace
from contrafact.order.live.stage import LiveStage
from tests.e2e.town import SALT, maker, operator

from .house import House, index, sign_in

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
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines()) for block in text.replace("\r", "").split("\n\n")
    ]
    return [{"event": b["event"], "id": b.get("id"), **json.loads(b["data"])} for b in blocks if "data" in b]


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
    stage = LiveStage(lambda: house.site.players, pace=pace)
    with house.client(live=stage) as client:
        yield Playing(house, stage, client, order, sign_in(client, maker()))
    stage.close()


def test_a_live_piece_is_steered_stopped_and_settled_for_what_was_played(house: House) -> None:
    with playing(house, ordered(house)) as live:
        assert live.get().json()["state"] == "ready"
        assert live.post().json()["state"] == "playing"
        with live.heard() as events:
            live.wait_for(3)
            steered = live.post("/weights", {"weights": WITHIN}).json()
            live.wait_for(steered["bar"] + 3)
            ended = live.post("/stop").json()
        print(json.dumps(events)[:3000])
        print(ended)
        live.settle()
