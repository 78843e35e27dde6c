"""A JSON-RPC proxy before a real node, which refuses some requests as public nodes do."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Refuse = Callable[[Request], str | bytes | None]


@contextmanager
def proxy(node_url: str, refuse: Refuse) -> Iterator[str]:
    """The proxy's URL. `refuse` returns an error's message, a raw body to answer with, or None to forward."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = _answer(node_url, body, refuse)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

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


def _answer(node_url: str, body: bytes, refuse: Refuse) -> bytes:
    request = json.loads(body)
    refusal = refuse(request)
    if isinstance(refusal, bytes):
        return refusal
    if refusal is not None:
        error = {"code": -32005, "message": refusal}
        return json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error}).encode()
    forwarded = urllib.request.Request(node_url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(forwarded) as response:
        return bytes(response.read())
