"""A service told to end finishes the requests under way, takes no new ones, and gives up on what takes too long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

SERVICE = """
import asyncio, sys, time
import anyio
from fastapi import FastAPI
from sse_starlette import EventSourceResponse
from contrafact.operations.gauges import Gauges
from contrafact.operations.health import Readiness
from contrafact.operations.logs import configure
from contrafact.operations.metrics import Metrics
from contrafact.operations.service import Plan, Service
from contrafact.operations.supervisor import Supervised
from contrafact.settings import Settings

app = FastAPI()

@app.get("/slow")
async def slow():
    await asyncio.sleep(1.5)
    return {"done": True}

@app.get("/stream")
async def stream():
    ending = anyio.Event()
    async def events():
        while not ending.is_set():
            yield {"data": "still there"}
            await asyncio.sleep(0.1)
        yield {"data": "goodbye"}
    return EventSourceResponse(events(), shutdown_event=ending, shutdown_grace_period=5)

def stubborn(stop):
    time.sleep(1000)

settings = Settings(port=0, shutdown_seconds=float(sys.argv[1]), log_format="json")
configure(settings)
part = Supervised("part", stubborn if sys.argv[2:] else lambda stop: stop.wait() and None)
plan = Plan(app, [part], Readiness({}), Gauges(parts=[part]), [lambda: print("closed", flush=True)])
service = Service(settings, plan, Metrics())
sys.exit(service.run(lambda listeners: print(listeners[0].url, flush=True)))
"""


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", SERVICE, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, process.stderr and process.stderr.read()
        for _ in range(200):
            try:
                httpx.get(f"{url}/healthz")
                break
            except httpx.ConnectError:
                time.sleep(0.02)
        yield process, url
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_requests_under_way_are_finished_streams_end_and_the_last_thing_is_to_close() -> None:
    with running("20") as (process, url), ThreadPoolExecutor() as pool:
        slow = pool.submit(httpx.get, f"{url}/slow", timeout=30)
        stream = pool.submit(httpx.get, f"{url}/stream", timeout=30)
        time.sleep(0.5)
        assert httpx.get(f"{url}/readyz").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert slow.result().json() == {"done": True}
        assert stream.result().text.strip().endswith("data: goodbye")
        assert process.wait(15) == 0
        assert process.stdout is not None
        assert process.stdout.read().strip() == "closed"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/healthz")


@pytest.mark.slow
def test_what_takes_too_long_is_left_and_the_exit_code_says_so() -> None:
    with running("1", "stubborn") as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 17
        assert process.stderr is not None
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
        assert any("did not come to a stopping place" in line["event"] for line in lines)
