"""The deployed contracts as web3 objects."""

from __future__ import annotations

from functools import cached_property

from web3.contract import Contract

from contrafact.errors import ChainError, NotFound
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment_file import Deployment


class Contracts:
    """The contracts of one deployment. Raises ChainError when it belongs to another chain."""

    def __init__(self, connection: Connection, deployment: Deployment) -> None:
        if connection.chain_id != deployment.chain_id:
            text = f"The deployment is on chain {deployment.chain_id}, {connection.place} serves {connection.chain_id}."
            raise ChainError(text, "Use an RPC URL of that chain, or the deployment of this one.")
        self.connection = connection
        self.deployment = deployment

    @cached_property
    def catalogue(self) -> Contract:
        return self.named("Catalogue")

    @cached_property
    def escrow(self) -> Contract:
        return self.named("GenerationEscrow")

    @cached_property
    def desk(self) -> Contract:
        return self.named("DisputeDesk")

    @cached_property
    def authority(self) -> Contract:
        return self.named("Authority")

    @cached_property
    def test_dollar(self) -> Contract:
        """Raises NotFound where the deployment has none."""
        if self.deployment.test_dollar is None:
            raise NotFound("This deployment has no test dollar.", "Pay in the chain's coin or a real token.")
        return self.token(self.deployment.test_dollar)

    def named(self, name: str) -> Contract:
        """The contract `name` of this deployment."""
        return self.connection.contract(name, self.deployment.contracts[name])

    def token(self, address: str) -> Contract:
        """An ERC-20 token; the test dollar's ABI holds the standard's functions."""
        return self.connection.contract("TestDollar", address)
