"""Where a page is read: at the service's public URL, where signing in and writing work, with ids in lower case."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ID = re.compile(r"0x[0-9a-f]{64}", re.IGNORECASE)


def in_lower_case(request: Request) -> RedirectResponse | None:
    """The way to the same page by its one address, for who wrote an id with capitals."""
    path = request.url.path
    for value in request.path_params.values():
        if isinstance(value, str) and _ID.fullmatch(value):
            path = path.replace(value, value.lower())
    return None if path == request.url.path else RedirectResponse(f"{quote(path)}{_query(request)}", 308)


def moved_home(request: Request, origin: str) -> RedirectResponse | None:
    """The way to `origin`, the public URL's, for a browser that came by another name of the same machine.

    Only where both names are loopback ones with the same port: behind a proxy, the name that arrives here need not be
    the one in the browser's address, and a redirect could go round for ever. There the browser itself compares.
    """
    home, here = urlsplit(origin), _split(request.headers.get("Host", ""))
    if here is None or home.scheme != "http" or here.netloc == home.netloc or not _is_same_machine(here, home):
        return None
    return RedirectResponse(f"{origin}{quote(request.url.path)}{_query(request)}", 307)


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def _split(host: str) -> SplitResult | None:
    """None for what is no host: clients may send anything."""
    try:
        return urlsplit(f"//{host}")
    except ValueError:
        return None


def _is_same_machine(one: SplitResult, other: SplitResult) -> bool:
    try:
        ports = {one.port or 80, other.port or 80}
    except ValueError:  # no number
        return False
    return len(ports) == 1 and {one.hostname, other.hostname} <= _LOOPBACK
