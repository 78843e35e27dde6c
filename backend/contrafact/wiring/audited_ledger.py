"""The chain as the audit reads it: one deployment, as of one block."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.audit import DeployedContract, LicensorSince
from contrafact.audit.calls import CommitCall, Disputed, FundingCall, OperatorKey, SunsetSince
from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.wiring import problem_of
from contrafact.wiring import escrow_calls


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

    def operator_keys(self) -> Sequence[OperatorKey]:
        found = self._events(self._contracts.escrow, "OperatorRegistered")
        return [OperatorKey(e.arguments["operator"], e.arguments["signer"], e.block) for e in found]

    def dispute_history(self) -> Sequence[Disputed]:
        found, barred = [], set[bytes]()
        for event in self._events(self._contracts.catalogue, "ContestsChanged", "WorkBarred"):
            work = event.arguments["workId"]
            barred |= {work} if event.name == "WorkBarred" else set()
            disputed = work in barred or event.arguments["open"] > 0
            found.append(Disputed(work, disputed, event.block))
        return found

    def sunset_history(self) -> Sequence[SunsetSince]:
        found = self._events(self._contracts.catalogue, "SunsetEnforced", "ModelStopped")
        rows = [(e.arguments["modelId"], e.arguments["token"], e.arguments["sunset"], e.block) for e in found]
        return [SunsetSince(*row) for row in rows]

    def funding_call(self, transaction: str) -> FundingCall | None:
        return escrow_calls.funding(self.connection, self._contracts.escrow, transaction)

    def commit_call(self, transaction: str, order_id: bytes) -> CommitCall | None:
        return escrow_calls.commit(self.connection, self._contracts.escrow, transaction, order_id)

    def currency(self, token: str) -> Currency:
        return Currency("ETH", 18) if token == NATIVE else Currency(*self.token_name(token))
