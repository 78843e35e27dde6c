"""How a connection asks, pays and waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contrafact.ledger.fees import GWEI
from contrafact.ledger.networks import KNOWN, Network, of_chain


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in seconds, fees in wei per gas. None: as the chain's network has it."""

    confirmations: int | None = None
    """Blocks that count from a transaction's own on before it is done; 1: it is in a block."""
    max_fee: int = 100 * GWEI
    """What a transaction may offer per gas at most."""
    replace_seconds: float = 60.0
    """After this time without a block, a transaction is sent again with higher fees."""
    transaction_seconds: float = 600.0
    """How long a transaction is waited for."""
    poll_seconds: float | None = None
    """How often the chain is asked for something new."""
    request_seconds: float = 20.0
    """How long one request may take."""
    patience_seconds: float = 60.0
    """How long a request is repeated where nodes want fewer of them."""
    agree: bool = False
    """Whether all endpoints must serve the same chain; see `agreement`."""
    journal: Path | None = None
    """Folder that remembers the transactions under way; None: a restarted process knows nothing of them."""
    networks: Sequence[Network] = KNOWN

    def network(self, chain_id: int) -> Network:
        """The chain's network, with what this policy says otherwise."""
        known = of_chain(chain_id, self.networks)
        return known if self.confirmations is None else known.model_copy(update={"confirmations": self.confirmations})

    def poll(self, network: Network) -> float:
        return network.poll_seconds if self.poll_seconds is None else self.poll_seconds
