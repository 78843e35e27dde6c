"""Health, readiness and metrics over ASGI, around an API with routes."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contrafact import telemetry
from contrafact.errors import ChainError, DatabaseError, StoreError
from contrafact.operations.gauges import Gauges
from contrafact.operations.health import Readiness
from contrafact.operations.metrics import Metrics
from contrafact.operations.middleware import Observed
from contrafact.operations.probes import Probes, networks
from contrafact.operations.watching import watched
from contrafact.read_model import IndexStatus
from contrafact.records.folder import FolderStore


class FullStore(FolderStore):
    """A fake of a store whose disk is full."""

    def __init__(self) -> None:
        super().__init__("nowhere")

    def put(self, data: bytes) -> str:
        raise StoreError("The disk is full.")


def asked(app: Any, *paths: str, client: str = "127.0.0.1", **headers: str) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            return [await http.get(path, headers=headers) for path in paths]

    return asyncio.run(ask())


def api() -> FastAPI:
    app = FastAPI()

    @app.get("/v1/works/{work}")
    def work(work: str) -> dict[str, str]:
        return {"work": work}

    @app.get("/v1/fails")
    def fails() -> None:
        raise RuntimeError("no")

    return app


def service(metrics: Metrics, readiness: Readiness | None = None) -> Probes:
    return Probes(metrics, readiness or Readiness({}), Observed(api(), metrics), networks("127.0.0.0/8,::1"))


def test_requests_are_counted_by_the_template_of_their_route() -> None:
    metrics = Metrics()
    answers = asked(service(metrics), "/v1/works/1", "/v1/works/2", "/v1/fails", "/nowhere", "/metrics")
    assert [answer.status_code for answer in answers] == [200, 200, 500, 404, 200]
    said = answers[-1].text
    assert 'contrafact_http_requests_total{method="GET",route="/v1/works/{work}",status="200"} 2.0' in said
    assert 'contrafact_http_requests_total{method="GET",route="/v1/fails",status="500"} 1.0' in said
    assert 'contrafact_http_requests_total{method="GET",route="none",status="404"} 1.0' in said
    assert 'contrafact_http_request_seconds_count{method="GET",route="/v1/works/{work}"} 2.0' in said
    assert "process_resident_memory_bytes" in said


def test_a_request_keeps_the_id_it_brings_if_it_is_one() -> None:
    (given,) = asked(service(Metrics()), "/v1/works/1", **{"X-Request-Id": "from-the-proxy-1"})
    (odd,) = asked(service(Metrics()), "/v1/works/1", **{"X-Request-Id": "a b\tc"})
    assert given.headers["x-request-id"] == "from-the-proxy-1"
    assert len(odd.headers["x-request-id"]) == 16


def test_metrics_are_for_the_networks_of_the_setting_only() -> None:
    (refused,) = asked(service(Metrics()), "/metrics", client="192.0.2.7")
    (given,) = asked(Probes(Metrics(), Readiness({})), "/metrics", client="192.0.2.7")
    assert (refused.status_code, given.status_code) == (403, 200)


def test_what_is_told_inside_is_counted_and_a_state_that_cannot_be_read_is_said() -> None:
    metrics = Metrics()

    def broken() -> IndexStatus:
        raise DatabaseError("The database failed.")

    metrics.registry.register(Gauges(index=broken))
    with telemetry.listening(metrics.hear):
        telemetry.count("chain_request_failed", node="http://node:8545")
        telemetry.took("job_step", 2.0, step="render")
        telemetry.count("something_else")
        with pytest.raises(StoreError):
            watched(FullStore()).put(b"a piece")
    telemetry.count("chain_request_failed", node="http://node:8545")
    said = metrics.text().decode()
    assert 'contrafact_chain_requests_failed_total{node="http://node:8545"} 1.0' in said
    assert 'contrafact_job_step_seconds_sum{step="render"} 2.0' in said
    assert "contrafact_state_readable 0.0" in said
    assert "contrafact_store_requests_failed_total 1.0" in said


def test_the_index_is_shown_with_its_lag() -> None:
    metrics = Metrics()
    status = IndexStatus(90, bytes(32), int(time.time()) - 60, 100, 88, 1234, 2)
    metrics.registry.register(Gauges(index=lambda: status))
    found = {line.split()[0]: float(line.split()[1]) for line in metrics.text().decode().splitlines() if line[0] != "#"}
    assert found["contrafact_index_lag_blocks"] == 10
    assert 59 < found["contrafact_index_lag_seconds"] < 90
    assert found["contrafact_index_events_total"] == 1234


def test_readiness_names_what_is_wrong_and_is_kept_for_a_moment() -> None:
    calls = []

    def node() -> str:
        calls.append(1)
        raise ChainError("The node is away.", "Start it.")

    app = service(Metrics(), Readiness({"node": node, "disk": lambda: "enough"}))
    first, second, alive = asked(app, "/readyz", "/readyz", "/healthz")
    assert (first.status_code, alive.status_code) == (503, 200)
    node_check = {"ok": False, "found": "The node is away.", "advice": "Start it."}
    assert first.json() == {"ready": False, "checks": {"node": node_check, "disk": {"ok": True, "found": "enough"}}}
    assert second.json() == first.json()
    assert len(calls) == 1


def test_a_check_that_hangs_is_a_check_that_failed(monkeypatch: Any) -> None:
    monkeypatch.setattr("contrafact.operations.health.LONGEST", 0.05)
    released = threading.Event()
    readiness = Readiness({"node": lambda: str(released.wait(10))})
    try:
        ready, document = readiness.answer()
        assert not ready
        assert "no answer" in str(document)
    finally:
        released.set()


def test_a_service_that_ends_is_not_ready() -> None:
    readiness = Readiness({})
    assert readiness.answer()[0]
    readiness.end()
    assert not readiness.answer()[0]
