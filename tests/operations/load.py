"""A small generator of load: keep-alive connections that ask one request after the other, in one event loop."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a path with its query, and a body as JSON for POST."""

    path: str
    body: dict[str, Any] | None = None

    def to_bytes(self, host: str) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if self.body is not None else ""
        method = "GET" if self.body is None else "POST"
        return f"{method} {self.path} HTTP/1.1\r\nHost: {host}\r\n{kind}\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured: latencies in milliseconds, requests a second, and how many were not answered with success."""

    requests: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float


def measure(url: str, requests: Sequence[Request], concurrency: int, seconds: float) -> Load:
    """Asks the requests in turn on so many connections for so long. A failure counts, and is no success."""
    return asyncio.run(_measure(url, requests, concurrency, seconds))


async def _measure(url: str, requests: Sequence[Request], concurrency: int, seconds: float) -> Load:
    host = urlsplit(url).netloc
    raw = [request.to_bytes(host) for request in requests]
    begun = time.perf_counter()
    asked = [_ask(url, raw[i:] + raw[:i], begun + seconds) for i in range(concurrency)]
    results = [result for connection in await asyncio.gather(*asked) for result in connection]
    elapsed = time.perf_counter() - begun
    taken = sorted(seconds for seconds, _ in results)
    failed = sum(1 for _, status in results if not 200 <= status < 300)
    at = [1000 * taken[min(len(taken) - 1, int(len(taken) * part))] for part in (0.5, 0.99)]
    return Load(len(results), failed, round(len(results) / elapsed, 1), round(at[0], 2), round(at[1], 2))


async def _ask(url: str, raw: list[bytes], until: float) -> list[tuple[float, int]]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    found, number = [], 0
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(raw[number % len(raw)])
        status = await _answer(reader)
        found.append((time.perf_counter() - start, status))
        number += 1
    writer.close()
    return found


async def _answer(reader: asyncio.StreamReader) -> int:
    """Reads one answer whole; returns its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = next((line.split(":")[1] for line in head.split("\r\n") if line.startswith("content-length:")), None)
    if length is not None:
        await reader.readexactly(int(length))
        return status
    while (size := int(await reader.readline(), 16)) > 0:
        await reader.readexactly(size + 2)
    await reader.readexactly(2)
    return status
