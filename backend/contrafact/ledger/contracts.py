"""The deployed contracts as web3 objects, and the translation of domain values into their arguments."""

from __future__ import annotations

from functools import cached_property

from web3.contract import Contract

from contrafact.domain.history import Claim
from contrafact.errors import ChainError, NotFound
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import Deployment


class Contracts:
    """The contracts of one deployment. Raises ChainError when it belongs to another chain."""

    def __init__(self, connection: Connection, deployment: Deployment) -> None:
        if connection.chain_id != deployment.chain_id:
            text = f"The deployment is on chain {deployment.chain_id}, {connection.place} serves {connection.chain_id}."
            raise ChainError(text, "Use an RPC URL of that chain, or the deployment of this one.")
        self.connection = connection
        self.deployment = deployment

    @cached_property
    def works(self) -> Contract:
        return self.connection.contract("WorkRegistry", self.deployment.work_registry)

    @cached_property
    def licensing(self) -> Contract:
        return self.connection.contract("Licensing", self.deployment.licensing)

    @cached_property
    def models(self) -> Contract:
        return self.connection.contract("ModelRegistry", self.deployment.model_registry)

    @cached_property
    def escrow(self) -> Contract:
        return self.connection.contract("GenerationEscrow", self.deployment.escrow)

    @cached_property
    def test_dollar(self) -> Contract:
        """Raises NotFound where the deployment has none."""
        if self.deployment.test_dollar is None:
            raise NotFound("This deployment has no test dollar.", "Pay in the chain's coin or a real token.")
        return self.token(self.deployment.test_dollar)

    def token(self, address: str) -> Contract:
        """An ERC-20 token; the test dollar's ABI holds the standard's functions."""
        return self.connection.contract("TestDollar", address)


def claim_to_abi(claim: Claim) -> tuple[object, ...]:
    """The Solidity struct `Claim` as a nested tuple."""
    leaf = (claim.leaf.index, claim.leaf.holder, claim.leaf.share)
    steps = [(step.hash, step.sum, step.left) for step in claim.proof]
    return ((claim.beneficiary, claim.split_root, claim.token), leaf, steps)
