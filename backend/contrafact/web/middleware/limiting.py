"""Rate limits per client and class of operation, told in `RateLimit-*` headers."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import cast

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.util import WindowStats
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contrafact.errors import InvalidInput
from contrafact.web.clients import asking
from contrafact.web.configuration import Limits
from contrafact.web.errors import TooManyRequests, error_response

_log = logging.getLogger(__name__)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_UNCOUNTED = ("/health", "/metrics", "/assets/")
"""Files of pages are in memory, and a page loads dozens: an office behind one address would soon use up its reads."""


def class_of(method: str, path: str) -> str | None:
    """The class of an operation: `read`, `write`, `sign-in` or `upload`; None for what is never limited."""
    if path.startswith(_UNCOUNTED):
        return None
    if method in _SAFE:
        return "read"
    if path.startswith("/v1/auth"):
        return "sign-in"
    return "upload" if path.startswith(("/v1/uploads", "/v1/verify")) else "write"


def open_storage(url: str) -> Storage:
    """Where requests are counted: `memory://`, or `redis://…`, so that several processes count together.

    Raises InvalidInput for what the library does not know, or lacks a package for.
    """
    try:
        storage = storage_from_string(f"async+{url}")
    except (ConfigurationError, ValueError) as error:
        text = f"Requests cannot be counted in {url.partition('://')[0]}: {error}"
        raise InvalidInput(
            text, "Set CONTRAFACT_RATE_LIMIT_STORE to memory://, or redis:// with its package."
        ) from error
    return cast(Storage, storage)


class RateLimit:
    """Where counting fails, requests are let through, and the log says so: a service rather than none."""

    def __init__(self, app: ASGIApp, *, limits: Limits, storage: Storage) -> None:
        self._app = app
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._items: Mapping[str, RateLimitItem] = {
            "read": RateLimitItemPerMinute(limits.reads_per_minute),
            "write": RateLimitItemPerMinute(limits.writes_per_minute),
            "sign-in": RateLimitItemPerMinute(limits.sign_ins_per_minute),
            "upload": RateLimitItemPerHour(limits.uploads_per_hour),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = class_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            await self._app(scope, receive, send)
            return
        item, client = self._items[kind], asking(HTTPConnection(scope))
        try:
            allowed = await self._limiter.hit(item, kind, client)
            headers = _headers(item, await self._limiter.get_window_stats(item, kind, client))
        except Exception as error:  # of whatever library counts
            _log.warning("requests cannot be counted: %s", error)
            allowed, headers = True, {}
        if not allowed:
            wait = headers["RateLimit-Reset"]
            text = f"More than {item.amount} requests of this kind in {item.get_expiry()} s."
            answer = error_response(TooManyRequests(text, f"Wait {wait} s."), {**headers, "Retry-After": wait})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, _with(send, headers))


def _headers(item: RateLimitItem, stats: WindowStats) -> dict[str, str]:
    wait = max(1, round(stats.reset_time - time.time()))
    return {
        "RateLimit-Limit": str(item.amount),
        "RateLimit-Remaining": str(max(0, stats.remaining)),
        "RateLimit-Reset": str(wait),
    }


def _with(send: Send, headers: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return sending
