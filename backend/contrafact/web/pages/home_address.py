"""One machine, several names: pages are read at the service's public URL, where signing in and writing work."""

from __future__ import annotations

from urllib.parse import SplitResult, quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def moved_home(request: Request, origin: str) -> RedirectResponse | None:
    """The way to `origin`, the public URL's, for a browser that came by another name of the same machine.

    Only where both names are loopback ones with the same port: behind a proxy, the name that arrives here need not be
    the one in the browser's address, and a redirect could go round for ever. There the browser itself compares.
    """
    home, here = urlsplit(origin), _split(request.headers.get("Host", ""))
    if here is None or home.scheme != "http" or here.netloc == home.netloc or not _is_same_machine(here, home):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{origin}{quote(request.url.path)}{query}", 307)


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
