"""What an audit rests on: whoever believes a report believes these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrustedContract:
    """A contract of the deployment. `artifact` is the SHA-256, in hex, of the runtime code that it was compared with.

    All of the code was compared but the places of immutables, whose values were: names of those in `immutables`.
    """

    name: str
    address: str
    artifact: str
    immutables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """Nodes that all named the same chain, and the same hash of one block."""

    nodes: tuple[str, ...]
    block: int
    block_hash: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What an audit was given, and by whom.

    `nodes` and `store` name hosts or folders, never a key; of several nodes one is asked until it fails. `agreed` is
    None unless they were made to agree first. `generator` and `renderer` are the identities of what is installed, None
    where nothing is; `readers` the public keys whose protected content could be opened.
    """

    chain_id: int
    block: int
    block_hash: str
    block_time: int
    nodes: tuple[str, ...]
    agreed: Agreed | None
    contracts: tuple[TrustedContract, ...]
    store: tuple[str, ...]
    software: str
    generator: Mapping[str, object] | None = None
    renderer: Mapping[str, object] | None = None
    readers: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """For machines."""
        agreed = self.agreed
        return {
            "chain": {"id": self.chain_id, "block": self.block, "hash": self.block_hash, "time": self.block_time},
            "nodes": list(self.nodes),
            "agreed": {"nodes": list(agreed.nodes), "block": agreed.block, "hash": agreed.block_hash}
            if agreed
            else None,
            "contracts": [
                {"name": c.name, "address": c.address, "artifact_sha256": c.artifact, "immutables": list(c.immutables)}
                for c in self.contracts
            ],
            "store": list(self.store),
            "software": self.software,
            "generator": dict(self.generator) if self.generator is not None else None,
            "renderer": dict(self.renderer) if self.renderer is not None else None,
            "readers": list(self.readers),
        }

    def in_words(self) -> Sequence[tuple[str, str]]:
        """(what, which), for people."""
        tools = {"Generator": self.generator, "Renderer": self.renderer}
        return (
            ("Chain", f"{self.chain_id}, up to block {self.block:,} with the hash {self.block_hash}"),
            ("Read through", f"{', '.join(self.nodes)}. {self._agreement()}"),
            ("Content from", ", ".join(self.store)),
            ("Checked by", f"Contrafact, {self.software}"),
            *((name, _identity(found)) for name, found in tools.items()),
            ("Keys to protected content", ", ".join(self.readers) or "none was given"),
        )

    def _agreement(self) -> str:
        if self.agreed is None:
            return "Nobody else was asked whether that is the chain."
        nodes, block = ", ".join(self.agreed.nodes), f"{self.agreed.block:,}"
        return f"Asked one by one, {nodes} gave the same hash of block {block}: {self.agreed.block_hash}."


def _identity(found: Mapping[str, object] | None) -> str:
    if found is None:
        return "not installed: nothing was made again with one"
    name = str(found.get("name", ""))
    return f"{name} {found.get('version', 'without a version')}".strip()
