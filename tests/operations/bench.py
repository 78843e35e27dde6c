"""Measurements of the service, for `contrafact bench service`: real processes, real HTTP, a real development chain."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contrafact.demo import founding
from contrafact.demo.stage import WEIGHTS, Listed, Stage
from contrafact.demo.world import account
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.terms import Use
from contrafact.operations.metrics import resident_bytes
from contrafact.order.quoting import OrderRequest
from contrafact.settings import Settings
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer
from contrafact.wiring import Site, indexing
from tests.e2e.serving import Served, serving

from .crowd import Crowd
from .load import Request, measure

Row = dict[str, Any]
SECONDS, WARM = 3.0, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A founded development chain, and the demo's works of it that an order may be made of."""

    stage: Stage
    chosen: Sequence[Listed]

    @property
    def settings(self) -> Settings:
        return self.stage.site.settings

    def order_request(self, seconds: int) -> OrderRequest:
        """A private piece of the chosen works, melody alone."""
        score = self.chosen[0].entry.tune.score
        metre = (score.metre.beats, score.metre.unit)
        music = MusicRequest(seconds, score.tempo, score.key.tonic, score.key.mode, metre)
        choices = tuple(zip((work.work_id for work in self.chosen), WEIGHTS, strict=True))
        return OrderRequest(self.stage.maker.address, choices, Use.PRIVATE, music, self.stage.site.token())

    def fund(self, seconds: int) -> bytes:
        """A quote, paid in. Returns the order's id."""
        return self.stage.fund(self.stage.site.quoting(self.stage.operator).offer(self.order_request(seconds)))


@contextmanager
def place() -> Iterator[Place]:
    """Everything in a folder of its own, gone at the end."""
    with tempfile.TemporaryDirectory() as folder, founding.devnet(Path(folder), Settings(), lambda said: None) as made:
        limits = {"reads_per_minute": 10**9, "writes_per_minute": 10**9, "poll_seconds": 0.1}
        database = {"database": f"sqlite:///{Path(folder) / 'index.db'}"}
        stage = Stage(Site(made.model_copy(update=limits | database)))
        yield Place(stage, stage.choose(_listed(stage)))


def _listed(stage: Stage) -> list[Listed]:
    """The works of the demo by the ids that they have."""
    found = []
    for entry in stage.entries:
        licensor = account(entry.licensor.account).address
        found.append(Listed(stage.site.reader.work_id_of(licensor, sha256(entry.tune.file)), entry))
    return found[:-1]  # the last one is opted out


def requests(found: Place, works: int) -> tuple[Row, list[Row]]:
    """Latencies and rates of the API on an index of the demo's works and so many more; how long that took to make."""
    settings, order = found.settings, found.fund(8)
    made = _indexed(found.stage.site, works)
    folder = settings.home.parent
    with serving(settings, folder, "--only", "api") as service:
        service.until(lambda: service.get("/healthz").status_code == 200, "answer")
        rows = []
        for name, asked in _scenarios(found, order).items():
            measure(service.url, asked, 8, WARM)
            for concurrency in (1, 8):
                load = measure(service.url, asked, concurrency, SECONDS)
                rows.append({"of": name, "concurrency": concurrency, **asdict(load)})
        memory = resident_bytes(service.process.pid)
        service.end()
    return made | {"api_resident_mb": memory // 10**6}, rows


def _indexed(site: Site, works: int) -> Row:
    """Makes the index of the chain and of so many works more, and describes them from the store."""
    database = Database(indexing.database_url(site.settings))
    crowd = Crowd(indexing.feed(site), works, site.token())
    crowd.publish(site.store)
    begun = time.perf_counter()
    at = Indexer(database, crowd).catch_up()
    indexed = time.perf_counter()
    describer = indexing.describer(site, database)
    while describer.step(500):
        pass
    described = time.perf_counter()
    status = indexing.read_model(database).status()
    database.close()
    count = works + len(list(site.reader.works()))
    return {
        "works": count,
        "undescribed": status.undescribed,
        "events_per_second": round(at.events / (indexed - begun)),
        "described_per_second": round(count / (described - indexed)),
    }


def _scenarios(found: Place, order: bytes) -> dict[str, list[Request]]:
    request, token = found.order_request(30), found.stage.site.token()
    music = {
        "seconds": 30,
        "tempo": request.music.tempo,
        "mode": request.music.mode,
        "metre": "/".join(map(str, request.music.metre)),
    }
    sources = [{"work": to_hex(work), "weight": weight} for work, weight in request.choices]
    body = {"sources": sources, "use": "private", "music": music}
    work = to_hex(found.chosen[0].work_id)
    return {
        "search: text": [Request(f"/v1/works?text={word}") for word in ("reel", "lady", "march", "o'connor")],
        "search: text, metre, price": [
            Request(f"/v1/works?text={word}&metre=6/8&token={token}&use=private&max_price=300000")
            for word in ("jig", "the", "miss")
        ],
        "search: first page of all": [Request("/v1/works?limit=20")],
        "one work": [Request(f"/v1/works/{work}")],
        "order status": [Request(f"/v1/orders/{to_hex(order)}")],
        "quote preview": [Request("/v1/quotes/preview", body)],
    }


def orders(found: Place, count: int, seconds: int, **changes: object) -> Row:
    """So many orders, funded before the service starts, all brought to their end; how fast, and to the unit."""
    ids = [found.fund(seconds) for _ in range(count)]
    settings = found.settings.model_copy(update=changes)
    with serving(settings, settings.home.parent) as service:
        service.until(lambda: service.gauge('contrafact_jobs{status="running"}') > 0, "begin")
        begun = time.perf_counter()
        api = _patiently(service, count)
        elapsed = time.perf_counter() - begun
        memory = resident_bytes(service.process.pid) // 10**6
        workers = service.gauge("contrafact_workers_resident_bytes") / 10**6
        steps = {step: _mean(service, step) for step in ("verify", "generate", "render", "record", "commit", "pay out")}
        code = service.end(signal.SIGTERM)
    return {
        "orders": count,
        "seconds_of_each": seconds,
        "compute": settings.compute,
        "at_once": settings.jobs_at_once,
        "seconds": round(elapsed, 1),
        "orders_per_second": round(count / elapsed, 2),
        "seconds_by_step": steps,
        "health_p99_ms": api,
        "service_resident_mb": memory,
        "workers_resident_mb": round(workers),
        "exit_code": code,
        **_settled(found, ids),
    }


def _patiently(service: Served, count: int) -> float:
    """Waits for all orders, and asks for health meanwhile; the 99th percentile of that, in milliseconds."""
    taken = []
    while service.gauge("contrafact_orders_finished_total") < count:
        assert service.process.poll() is None, service.log
        start = time.perf_counter()
        service.get("/healthz")
        taken.append(1000 * (time.perf_counter() - start))
        time.sleep(0.5)
    return round(sorted(taken)[int(len(taken) * 0.99)], 1)


def _mean(service: Served, step: str) -> float:
    total, number = (service.gauge(f'contrafact_job_step_seconds_{part}{{step="{step}"}}') for part in ("sum", "count"))
    return round(total / number, 2) if number else 0.0


def _settled(found: Place, ids: Sequence[bytes]) -> Row:
    """Whether each escrow is, to the unit, what works, pool, operator and maker got."""
    reader = found.stage.site.reader
    credited: dict[bytes, int] = {}
    for event in reader.credited():
        credited[event.order_id] = credited.get(event.order_id, 0) + event.amount
    funded = {event.order_id: event for event in reader.funded()}
    committed = {event.commit.order_id: event for event in reader.committed()}
    off = [
        funded[one].escrowed - credited.get(one, 0) - funded[one].quote.operator_fee - committed[one].refunded
        for one in ids
        if one in committed
    ]
    return {"settled": len(off), "units_off": sum(map(abs, off))}
