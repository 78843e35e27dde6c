"""Who asks, as far as counting goes."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

_SITE = 64
"""Bits of an IPv6 address that name a customer's network; whoever has one has all 2^64 addresses of it."""


def asking(request: HTTPConnection) -> str:
    """The client that sent a request."""
    return client_of(request.client.host if request.client else None)


def client_of(address: str | None) -> str:
    """The client at an IP address: the address itself, and of IPv6 its network."""
    if address is None:
        return "unknown"
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _SITE), strict=False))
