"""Endpoints: one node's JSON-RPC over HTTP or a WebSocket. A failure says how, and never the URL: it may hold a key."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from threading import Lock, local
from typing import Protocol
from urllib.parse import urlsplit

import requests
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from contrafact.errors import ChainError

_quiet = logging.getLogger("contrafact.endpoints")
for _log in (_quiet, logging.getLogger("urllib3.connectionpool")):
    _log.setLevel(logging.INFO)  # more would write URLs down, which may hold an API key
_HEADERS = {"Content-Type": "application/json", "User-Agent": "contrafact"}


class EndpointFailure(ConnectionError):
    """An endpoint gave no usable answer. `limited`: it wants fewer requests, after `retry_after` seconds if known.

    `odd`: what answers there is no node. `behind`: it does not know the newest blocks yet.
    """

    def __init__(
        self,
        reason: str,
        *,
        limited: bool = False,
        retry_after: float | None = None,
        odd: bool = False,
        behind: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limited = limited
        self.retry_after = retry_after
        self.odd = odd
        self.behind = behind


class Endpoint(Protocol):
    """`place` names it in errors: scheme, host and port."""

    place: str

    def post(self, body: bytes) -> bytes:
        """The answer to a request, both JSON. Raises EndpointFailure."""
        ...

    def close(self) -> None: ...


class HttpEndpoint:
    """A node over HTTP. Thread-safe."""

    def __init__(self, url: str, seconds: float) -> None:
        self.place = place(url)
        self._url, self._seconds = url, seconds
        self._sessions = local()

    def post(self, body: bytes) -> bytes:
        try:
            response = self._session().post(self._url, data=body, headers=_HEADERS, timeout=self._seconds)
        except requests.RequestException as error:
            raise EndpointFailure(type(error).__name__) from None
        status = response.status_code
        if status < 400 or (status not in (401, 403, 429) and _is_rpc_error(response.content)):
            return response.content
        wait = _seconds(response.headers.get("Retry-After", ""))
        raise EndpointFailure(f"HTTP {status}", limited=status == 429, retry_after=wait)

    def close(self) -> None:
        self._session().close()

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "own"):
            self._sessions.own = requests.Session()
        own: requests.Session = self._sessions.own
        return own


class WebSocketEndpoint:
    """A node over a WebSocket that stays open; one request at a time. Thread-safe."""

    def __init__(self, url: str, seconds: float) -> None:
        self.place = place(url)
        self._url, self._seconds = url, seconds
        self._lock = Lock()
        self._socket: ClientConnection | None = None

    def post(self, body: bytes) -> bytes:
        with self._lock:
            try:
                return self._exchange(body)
            except InvalidStatus as error:
                self._drop()
                status = error.response.status_code
                raise EndpointFailure(f"HTTP {status}", limited=status == 429) from None
            except (OSError, WebSocketException) as error:  # a timeout is an OSError
                self._drop()  # a late answer must not be taken for the next one
                raise EndpointFailure(type(error).__name__) from None

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _exchange(self, body: bytes) -> bytes:
        if self._socket is None:
            self._socket = connect(self._url, open_timeout=self._seconds, max_size=None, logger=_quiet)
        self._socket.send(body.decode())
        answer = self._socket.recv(timeout=self._seconds)
        return answer.encode() if isinstance(answer, str) else answer

    def _drop(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(OSError, WebSocketException):
                socket.close()


_KINDS: dict[str, Callable[[str, float], Endpoint]] = {
    "http": HttpEndpoint,
    "https": HttpEndpoint,
    "ws": WebSocketEndpoint,
    "wss": WebSocketEndpoint,
}


def open_endpoints(urls: str, seconds: float) -> Sequence[Endpoint]:
    """The endpoints of one URL, or of several with commas between; nothing is asked yet.

    Raises ChainError for what is no such URL.
    """
    found = [url.strip() for url in urls.split(",") if url.strip()]
    if not found or any(_kind(url) not in _KINDS for url in found):
        text = "The RPC URL must start with http://, https://, ws:// or wss://, and name a host."
        raise ChainError(text, "Give a node's JSON-RPC URL, or several with commas between.")
    endpoints = [_KINDS[urlsplit(url).scheme](url, seconds) for url in found]
    places = [endpoint.place for endpoint in endpoints]
    for number, endpoint in enumerate(endpoints, 1):
        if places.count(endpoint.place) > 1:  # two keys of one provider
            endpoint.place += f" (number {number})"
    return endpoints


def _kind(url: str) -> str:
    """The scheme of a URL; empty where host or port are none."""
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.hostname and parts.port != 0 else ""
    except ValueError:  # its text repeats the URL, which may hold a key
        return ""


def place(url: str) -> str:
    """Scheme, host and port: the rest of a URL may hold an API key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _is_rpc_error(content: bytes) -> bool:
    """Whether the body is a JSON-RPC answer: some nodes send their refusals with a status of HTTP."""
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("error"), dict)


def _seconds(header: str) -> float | None:
    """What `Retry-After` says: seconds, or a date."""
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
