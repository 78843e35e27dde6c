"""A JSON-RPC proxy before a real node, which misbehaves as public nodes do."""

from __future__ import annotations

import itertools
import json
import socket
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]


@dataclass(frozen=True)
class Status:
    """An answer of HTTP alone: its status, headers and body."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"no"


Refuse = Callable[[Request], "str | bytes | Status | None"]


@contextmanager
def proxy(node_url: str, refuse: Refuse) -> Iterator[str]:
    """The proxy's URL. `refuse` gives an error's message, a raw body or a status to answer with, or None to forward."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = _answer(node_url, body, refuse)
            self.send_response(answer.code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def every(number: int, answer: str | bytes | Status) -> Refuse:
    """Refuses each request whose turn it is: every second, third, …"""
    turns = itertools.count(1)
    return lambda request: answer if next(turns) % number == 0 else None


def limit_logs(blocks: int, message: str = "query exceeds max block range") -> Refuse:
    """Refuses ranges of logs with more blocks than this, as public nodes do."""

    def refuse(request: Request) -> str | None:
        if request["method"] != "eth_getLogs":
            return None
        query = request["params"][0]
        return message if int(query["toBlock"], 16) - int(query["fromBlock"], 16) + 1 > blocks else None

    return refuse


class Counted:
    """Counts the requests that a misbehaving node gets, by method; several in one count as one `batch`."""

    def __init__(self, refuse: Refuse = lambda request: None) -> None:
        self.asked: Counter[str] = Counter()
        self.refuse = refuse

    def __call__(self, request: Request) -> str | bytes | Status | None:
        self.asked["batch" if isinstance(request, list) else request["method"]] += 1
        return self.refuse(request)


def remembering(refuse: Refuse, refused: list[object]) -> Refuse:
    """The same, which keeps what it answers."""

    def asked(request: Request) -> str | bytes | Status | None:
        answer = refuse(request)
        if answer is not None:
            refused.append(answer)
        return answer

    return asked


def no_batches(answer: str | bytes | Status | None) -> Refuse:
    """Gives this answer to several requests in one, and forwards single ones."""
    return lambda request: answer if isinstance(request, list) else None


def dead_url() -> str:
    """Where nothing answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _answer(node_url: str, body: bytes, refuse: Refuse) -> Status:
    request = json.loads(body)
    refusal = refuse(request)
    if isinstance(refusal, Status):
        return refusal
    if isinstance(refusal, bytes):
        return Status(200, body=refusal)
    if refusal is not None:
        error = {"code": -32005, "message": refusal}
        return Status(200, body=json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error}).encode())
    forwarded = urllib.request.Request(node_url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(forwarded) as response:
        return Status(200, body=bytes(response.read()))
