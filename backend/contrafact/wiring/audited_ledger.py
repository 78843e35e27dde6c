"""The chain as the audit reads it: one deployment, as of one block."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.audit import DeployedContract, LicensorSince
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.wiring import problem_of


class ChainToAudit(PoolReader):
    """Implements the port AuditedLedger. All reads are as of one block.

    That is the newest when it was made, or, if only what is `confirmed` counts, the newest with its confirmations.
    """

    def __init__(self, connection: Connection, deployment: Deployment, *, confirmed: bool = False) -> None:
        block = connection.confirmed_head() if confirmed else connection.head()
        super().__init__(connection, deployment, block=block)

    def head(self) -> int:
        return self.block or 0

    def block_time(self, block: int) -> int:
        return self.connection.timestamp(block)

    def contracts(self) -> Sequence[DeployedContract]:
        addresses = self.deployment.contracts
        return [DeployedContract(name, addresses[name], problem_of(self, name)) for name in REQUIRED]

    def licensor_history(self) -> Sequence[LicensorSince]:
        return [LicensorSince(*change) for change in self.licensor_changes()]
