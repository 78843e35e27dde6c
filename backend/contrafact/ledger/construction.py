"""What each contract is built with, in the order of its constructor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eth_abi.abi import encode

from contrafact.ledger.artifacts import CONTRACTS, load

REQUIRED = tuple(name for name in CONTRACTS if name != "TestDollar")
MIN_CONTEST_BOND = 10**16
"""What contesting a work costs at least, in wei: enough to make blocking works for nothing dear."""
DEPENDS_ON = {
    "Catalogue": ("DisputeDesk",),
    "GenerationEscrow": ("Catalogue", "DisputeDesk", "HolderRecovery", "Authority"),
    "HolderRecovery": ("Catalogue", "GenerationEscrow"),
    "DisputeDesk": ("Catalogue", "GenerationEscrow", "Authority"),
    "TrainingPool": ("Catalogue", "GenerationEscrow"),
}
"""The siblings that a contract is built with; the Authority is built with its first admin."""

Argument = str | int


def arguments(name: str, addresses: Mapping[str, str], deployer: str) -> list[Argument]:
    """The arguments of the constructor of `name` among the contracts at these addresses."""
    own: dict[str, list[Argument]] = {"Authority": [deployer], "DisputeDesk": [MIN_CONTEST_BOND]}
    return [*(addresses[other] for other in DEPENDS_ON.get(name, ())), *own.get(name, [])]


def encoded(name: str, values: Sequence[Argument]) -> bytes:
    """The constructor's arguments as they stand behind the bytecode, ABI-encoded."""
    return encode(load(name).argument_types, values)


def creation_code(name: str, values: Sequence[Argument]) -> bytes:
    """What the transaction that creates the contract carries: bytecode and arguments."""
    return load(name).bytecode + encoded(name, values)
