"""Networks: what the client must know of a chain beside its URL.

    networks = read_networks(path)          # KNOWN, and those of a TOML file, which win over a known one's
    network("sepolia", networks)            # by name; NotFound names those that there are
    of_chain(84532, networks)               # by chain id; for an unknown chain, careful general values
    network.transaction_url("0x…")          # a page that shows it, or None; likewise address_url

A file of networks:

    [networks.mychain]
    chain_id = 4242
    confirmations = 3            # blocks from the transaction's own on; 1: it is in a block
    fees = "eip-1559"            # or "legacy", or "op-stack": with a fee for the data on layer 1
    block_seconds = 2.0
    explorer = "https://explorer.example"
    faucet = "Ask the operator of the chain for coins."
    testnet = true               # its coin is worth nothing
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contrafact.errors import InvalidInput, NotFound


class FeeKind(StrEnum):
    """What a transaction pays for."""

    DYNAMIC = "eip-1559"
    """Base fee and tip (EIP-1559); a gas price where the chain's blocks have no base fee."""
    LEGACY = "legacy"
    """A gas price."""
    OP_STACK = "op-stack"
    """As EIP-1559, and a fee for the transaction's data on layer 1, taken from the account beside it."""


class Network(BaseModel):
    """One chain, as the client and the deployment see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    chain_id: int = Field(gt=0, lt=2**64)
    confirmations: int = Field(2, ge=1, le=10_000)
    """How many blocks count from the transaction's own on, itself included, before a send is done."""
    fees: FeeKind = FeeKind.DYNAMIC
    block_seconds: float = Field(12.0, gt=0, le=3_600)
    """How long a block takes, on average."""
    explorer: str | None = Field(None, pattern=r"^https?://[^/]+(/.*)?$")
    """Where people look at the chain: the start of its pages' addresses."""
    faucet: str = "Fund the account."
    """What somebody does who has no coin there."""
    testnet: bool = False
    """Whether its coin is worth nothing."""

    @property
    def title(self) -> str:
        """Its name as people read it, in their wallets too."""
        if self.chain_id == DEVELOPMENT:
            return "Development chain"
        return " ".join("OP" if part == "op" else part.title() for part in self.name.split("-"))

    @property
    def poll_seconds(self) -> float:
        """How often it makes sense to look for a new block."""
        return min(max(self.block_seconds / 3, 0.25), 4.0)

    def transaction_url(self, transaction: str) -> str | None:
        """The explorer's page of a transaction, given as `0x…`."""
        return self.explorer and f"{self.explorer.rstrip('/')}/tx/{transaction}"

    def address_url(self, address: str) -> str | None:
        """The explorer's page of an account or a contract."""
        return self.explorer and f"{self.explorer.rstrip('/')}/address/{address}"


DEVELOPMENT = 31337
"""The chain id of development chains, whose accounts everybody has the keys of."""

KNOWN = (
    Network(
        name="devnet",
        chain_id=DEVELOPMENT,
        confirmations=1,
        block_seconds=1.0,
        faucet="A development chain prints accounts that hold its coin when it starts.",
        testnet=True,
    ),
    Network(
        name="sepolia",
        chain_id=11155111,
        explorer="https://sepolia.etherscan.io",
        faucet="Get test coins from a Sepolia faucet; ethereum.org/developers/docs/networks lists some.",
        testnet=True,
    ),
    Network(
        name="base-sepolia",
        chain_id=84532,
        confirmations=5,
        fees=FeeKind.OP_STACK,
        block_seconds=2.0,
        explorer="https://sepolia.basescan.org",
        faucet="Get test coins from a Base Sepolia faucet; docs.base.org lists some.",
        testnet=True,
    ),
    Network(
        name="op-sepolia",
        chain_id=11155420,
        confirmations=5,
        fees=FeeKind.OP_STACK,
        block_seconds=2.0,
        explorer="https://sepolia-optimism.etherscan.io",
        faucet="Get test coins from an OP Sepolia faucet; docs.optimism.io lists some.",
        testnet=True,
    ),
)


def read_networks(path: Path | None = None) -> tuple[Network, ...]:
    """KNOWN, and the networks of the file; one of the file takes the place of a known one of its name or chain id.

    Raises NotFound for a missing file, InvalidInput for one that is unusable, naming what is wrong.
    """
    own = _of_file(path) if path is not None else []
    names, chains = {network.name for network in own}, {network.chain_id for network in own}
    if len(chains) < len(own):
        raise InvalidInput(f"Two networks in {path} have one chain id.", "Give each chain one entry.")
    return (*own, *(known for known in KNOWN if known.name not in names and known.chain_id not in chains))


def network(name: str, networks: Sequence[Network] = KNOWN) -> Network:
    """The network of this name. Raises NotFound, naming those that there are."""
    for found in networks:
        if found.name == name:
            return found
    known = ", ".join(sorted(found.name for found in networks))
    raise NotFound(f"No network is called {name!r}.", f"Known are {known}; others come from a file of networks.")


def of_chain(chain_id: int, networks: Sequence[Network] = KNOWN) -> Network:
    """The network of this chain id; for an unknown chain one called `chain-…` with the general defaults."""
    for found in networks:
        if found.chain_id == chain_id:
            return found
    return Network(name=f"chain-{chain_id}", chain_id=chain_id)


def _of_file(path: Path) -> list[Network]:
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("networks", {})
        return [Network(**{"name": name, **entry}) for name, entry in entries.items()]
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"A network in {path} cannot be used: {details}.", _FORM) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidInput(f"{path} is not a file of networks: {error}.", _FORM) from error


_FORM = "docs/settings.md shows the form."
