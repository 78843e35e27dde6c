"""What the API is told by the settings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contrafact.domain.addresses import written
from contrafact.errors import InvalidInput
from contrafact.ledger.networks import KNOWN, Network, read_networks
from contrafact.settings import Settings

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests one client (an IP address) may make, by class of operation, and where that is counted."""

    reads_per_minute: int = 1200
    writes_per_minute: int = 120
    sign_ins_per_minute: int = 30
    uploads_per_hour: int = 120
    counted_in: str = "memory://"
    """URL of a storage of the library `limits`: this process's memory, or `redis://…` for several processes."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What is told to everybody of the chain: a node's `rpc_url`, if any, and how many blocks make it final.

    `accounts` are those of a development chain that its node signs for, with their names, by address.
    """

    rpc_url: str | None = None
    confirmations: int | None = None
    networks: tuple[Network, ...] = KNOWN
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What a page must be allowed to connect to; empty where there is no public node."""
        if self.rpc_url is None:
            return ""
        parts = urlsplit(self.rpc_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The API's own settings. `public_url` is where people reach it; times in seconds, sizes in bytes."""

    public_url: str = "http://127.0.0.1:8000"
    chain: Chain = Chain()
    cors_origins: tuple[str, ...] = ()
    home: Path = Path("contrafact-home")
    limits: Limits = Limits()
    max_json: int = 256 * 1024
    max_upload: int = 32 * MEBIBYTE
    max_uploads: int = 4096 * MEBIBYTE
    body_seconds: float = 30.0
    upload_seconds: int = 24 * 3600
    session_seconds: int = 24 * 3600
    nonce_seconds: int = 300
    max_sessions: int = 10
    idempotency_seconds: int = 24 * 3600
    poll_seconds: float = 0.5
    heartbeat_seconds: float = 15.0

    @property
    def domain(self) -> str:
        """The authority of the public URL, as sign-in messages name it."""
        return urlsplit(self.public_url).netloc

    @property
    def origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_secure(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @classmethod
    def of(cls, settings: Settings, here: str) -> WebSettings:
        """What the settings say; `here` is where the service listens, its public URL unless there is another."""
        per = (settings.reads_per_minute, settings.writes_per_minute, settings.sign_ins_per_minute)
        made = cls(
            public_url=(settings.public_url or here).rstrip("/"),
            chain=_chain(settings),
            cors_origins=tuple(origin.strip() for origin in (settings.cors_origins or "").split(",") if origin.strip()),
            home=settings.home,
            limits=Limits(*per, settings.uploads_per_hour, settings.rate_limit_store),
            max_upload=settings.max_upload_mb * MEBIBYTE,
            session_seconds=int(settings.session_hours * 3600),
        )
        made.check()
        return made

    def check(self) -> None:
        """Raises InvalidInput for a public URL, the service's or the node's, that is none."""
        for url in (self.public_url, self.chain.rpc_url):
            if url is not None and not _is_web_address(url):
                raise InvalidInput(f"{url!r} is not a web address.", "Write https://HOST or http://HOST:PORT.")


def _is_web_address(url: str) -> bool:
    """Without anything that would end a directive of a page's policy."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(re.fullmatch(r"[\w.:\[\]-]+", parts.netloc, re.ASCII))


def _chain(settings: Settings) -> Chain:
    """Raises NotFound and InvalidInput for a file that cannot be used."""
    networks, path = read_networks(settings.networks_file), settings.development_accounts
    accounts = {} if path is None else read_accounts(path)
    return Chain(settings.public_rpc_url, settings.confirmations, networks, accounts)


def read_accounts(path: Path) -> dict[str, str]:
    """Names by address, as `{"0x…": "name"}`. Raises InvalidInput for a file that is none of these."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return {written(address): str(name) for address, name in found.items()}
    except (OSError, ValueError, AttributeError, InvalidInput) as error:
        text = f"{path} has no names of development accounts: {error}."
        raise InvalidInput(text, 'Write {"0x…": "name"}, or leave CONTRAFACT_DEVELOPMENT_ACCOUNTS out.') from error
