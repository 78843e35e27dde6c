"""What an audit of a site rests on, collected where it is known."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from contrafact.audit.ports import Tools
from contrafact.audit.trust import Agreed, Trust, TrustedContract
from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.revision import source_revision
from contrafact.records.opening import MULTIADDR
from contrafact.wiring.site import Site


def trust_of(site: Site, tools: Tools, block: int) -> Trust:
    """What an audit up to `block` with these tools rests on. Raises ChainError."""
    connection = site.connection
    with connection.failures():
        found = connection.web3.eth.get_block(block)
    return Trust(
        chain_id=connection.chain_id,
        block=block,
        block_hash=f"0x{found['hash'].hex().removeprefix('0x')}",
        block_time=found["timestamp"],
        nodes=tuple(connection.place.split(", ")),
        agreed=_agreed(connection),
        contracts=contracts_of(site.deployment),
        store=tuple(place(spec) for spec in site.settings.store.split(",")),
        software=source_revision(),
        generator=tools.generator.identity if tools.generator else None,
        renderer=tools.renderer.identity if tools.renderer else None,
        readers=site.keyring.readers,
    )


def contracts_of(deployment: Deployment) -> tuple[TrustedContract, ...]:
    """The contracts, each with the code that it is compared with."""
    return tuple(_contract(name, deployment.contracts[name]) for name in REQUIRED)


def _contract(name: str, address: str) -> TrustedContract:
    artifact = load(name)
    immutables = tuple(sorted({place.name for place in artifact.immutables}))
    return TrustedContract(name, address, sha256(artifact.runtime_code).hexdigest(), immutables)


def _agreed(connection: Connection) -> Agreed | None:
    found = connection.agreement
    return Agreed(found.places, found.block, f"0x{found.block_hash.removeprefix('0x')}") if found else None


def place(spec: str) -> str:
    """Where a content store is, without what could be a secret: a folder, or scheme and host."""
    spec = spec.strip()
    if not spec.startswith(("http://", "https://")):
        return spec
    parts = urlsplit(spec)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def exact_place(spec: str) -> str:
    """As `place`, but the same wherever the command is given: a folder by its whole path."""
    spec = spec.strip()
    if spec.startswith(("http://", "https://", *MULTIADDR)):
        return place(spec).rstrip("/")
    return f"folder:{Path(spec.removeprefix('folder:')).expanduser().resolve()}"
