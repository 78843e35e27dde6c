"""Which network a command is about, and where the file of its deployment is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.errors import InvalidInput
from contrafact.ledger.connection import Connection
from contrafact.ledger.networks import Network, network, read_networks
from contrafact.settings import Settings
from contrafact.wiring.access import open_connection

DEVNET = "devnet"
NetworkName = Annotated[
    str | None,
    typer.Option(
        "--network",
        metavar="NAME",
        show_default=False,
        help="devnet, sepolia, base-sepolia, op-sepolia, or one of --networks. Default: the network of the RPC URL.",
    ),
]
NetworksFile = Annotated[
    Path | None,
    typer.Option("--networks", metavar="FILE", show_default=False, help="File of networks; see docs/settings.md."),
]


def named(settings: Settings, name: str | None) -> Network | None:
    """The network that was named; None where none was. Raises NotFound and InvalidInput."""
    return network(name, read_networks(settings.networks_file)) if name else None


def open_chain(settings: Settings, name: str | None) -> Connection:
    """The chain behind the RPC URL, which must be the named network's. Raises InvalidInput, NotFound, ChainError."""
    wanted = named(settings, name)
    if wanted is not None:
        require_url(settings, wanted)
    return open_connection(settings, wanted.chain_id if wanted else None)


def require_url(settings: Settings, wanted: Network) -> None:
    """Raises InvalidInput where a public network was named and no node of it."""
    if wanted.name != DEVNET and "rpc_url" not in settings.model_fields_set:
        hint = "Set CONTRAFACT_RPC_URL to a node of it; `contrafact network check` says whether the node will do."
        raise InvalidInput(f"No RPC URL is set for {wanted.name}.", hint)


def deployment_file(settings: Settings, chain_id: int) -> Path:
    """The file that is set, otherwise `deployments/<chain id>.json`."""
    if "deployment" in settings.model_fields_set:
        return settings.deployment
    return settings.deployment.with_name(f"{chain_id}.json")
