"""From what a person writes to a content store."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from contrafact.errors import InvalidInput
from contrafact.ports import KeptStore
from contrafact.records.fallback import FallbackStore
from contrafact.records.folder import FolderStore

MULTIADDR = ("/ip4/", "/ip6/", "/dns/", "/dns4/", "/dns6/")
_HINT = "Expected a folder (folder:/path or a path) or an IPFS node (/ip4/127.0.0.1/tcp/5001 or http://host:5001)."


def open_store(spec: str, seconds: float = 60.0) -> KeptStore:
    """The store that `spec` names: `folder:/path`, a path, a multiaddr, or the URL of a Kubo RPC.

    Several of them, with commas, stand in for each other. A read from an IPFS node takes at most `seconds`. Reads and
    writes nothing yet. Raises InvalidInput for anything else.
    """
    if "," in spec:
        return FallbackStore([open_store(part.strip(), seconds) for part in spec.split(",")])
    if spec.startswith(MULTIADDR):
        return _ipfs(spec, seconds)
    if spec.startswith(("http://", "https://")):
        return _ipfs(_multiaddr(spec), seconds)
    path = spec.removeprefix("folder:")
    if not path.strip() or "://" in path or "\0" in path:
        raise InvalidInput(f"{spec!r} is not a content store.", _HINT)
    return FolderStore(Path(path).expanduser())


def _ipfs(address: str, seconds: float) -> KeptStore:
    from contrafact.records.ipfs import IpfsStore  # loads an HTTP client, which a folder does not need

    return IpfsStore(address, seconds)


def _multiaddr(url: str) -> str:
    """The multiaddr of a URL without a path. Raises InvalidInput."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 5001)
    except ValueError as error:
        raise InvalidInput(f"{url!r} is not a URL: {error}.", _HINT) from error
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise InvalidInput("The URL of an IPFS node has a host and a port, and nothing else.", _HINT)
    return f"{_host(parts)}/tcp/{port}/{parts.scheme}"


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        return f"/ip{ipaddress.ip_address(host).version}/{host}"
    except ValueError:
        return f"/dns/{host}"
