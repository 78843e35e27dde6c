"""The chain as the audit reads it: one deployment, as of one block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial

from contrafact.audit import DeployedContract, LicensorSince
from contrafact.audit.calls import CommitCall, Disputed, FundingCall, OperatorKey, SunsetSince, TokenMoves
from contrafact.audit.order_events import OrderEvent
from contrafact.audit.sendings import Sendings
from contrafact.domain import decoding, recoveries
from contrafact.domain.history import RoyaltyAccount
from contrafact.domain.orders import Quote
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.feed import LedgerFeed
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.wiring import problem_of
from contrafact.wiring import escrow_calls, escrow_sendings
from contrafact.wiring.audited_events import order_events
from contrafact.wiring.token_moves import moves


class ChainToAudit(PoolReader):
    """Implements the port AuditedLedger. All reads are as of one block.

    That is `at`, or else the newest when it was made, or, if only what is `confirmed` counts, the newest with its
    confirmations.
    """

    def __init__(
        self, connection: Connection, deployment: Deployment, *, confirmed: bool = False, at: int | None = None
    ) -> None:
        if at is None:
            at = connection.confirmed_head() if confirmed else connection.head()
        super().__init__(connection, deployment, block=at)

    def head(self) -> int:
        return self.block or 0

    def first(self) -> int:
        return self.deployment.block

    def block_hash(self, block: int) -> bytes:
        return self._feed.block(block).hash

    def block_time(self, block: int) -> int:
        return self.connection.timestamp(block)

    def contracts(self) -> Sequence[DeployedContract]:
        return self._deployed

    def licensor_history(self) -> Sequence[LicensorSince]:
        return [LicensorSince(*change) for change in self.licensor_changes()]

    def accounts(self) -> Mapping[bytes, RoyaltyAccount]:
        return self._accounts

    def order_events(self, first: int, last: int, quote_of: Callable[[bytes], Quote | None]) -> Sequence[OrderEvent]:
        return order_events(self._feed.events(first, last), self._accounts, quote_of)

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

    def recovery_history(self) -> Sequence[recoveries.Step]:
        started = self._events(self._contracts.named("HolderRecovery"), *recoveries.EVENTS)
        done = self._events(self._contracts.escrow, recoveries.READDRESSED)
        found = sorted([*started, *done], key=lambda event: (event.block, event.index))
        return [recoveries.step(event) for event in found]

    def held_of(self, account: RoyaltyAccount) -> int:
        of = (account.beneficiary, account.split_root, account.token)
        return int(self._call(self._contracts.escrow.functions.heldOf(of)))

    def named_models(self) -> frozenset[bytes]:
        found = self._events(self._contracts.catalogue, *decoding.MODEL_EVENTS)
        return frozenset(event.arguments["modelId"] for event in found)

    def funding_call(self, transaction: str) -> FundingCall | None:
        return escrow_calls.funding(self.connection, self._contracts.escrow, transaction)

    def commit_call(self, transaction: str, order_id: bytes) -> CommitCall | None:
        return escrow_calls.commit(self.connection, self._contracts.escrow, transaction, order_id)

    def token_moves(self, transaction: str, token: str) -> TokenMoves | None:
        return moves(self.connection, self.deployment.escrow, transaction, token)

    def sendings(self, transaction: str) -> Sendings | None:
        return self._sendings(transaction)

    @cached_property
    def _sendings(self) -> Callable[[str], Sendings | None]:
        """One payout pays many accounts, which are judged one after the other."""
        return lru_cache(256)(partial(escrow_sendings.sendings, self.connection, self._contracts.escrow))

    @cached_property
    def _feed(self) -> LedgerFeed:
        return LedgerFeed(self.connection, self.deployment)

    @cached_property
    def _accounts(self) -> Mapping[bytes, RoyaltyAccount]:
        return super().accounts()

    @cached_property
    def _deployed(self) -> Sequence[DeployedContract]:
        addresses = self.deployment.contracts
        return [DeployedContract(name, addresses[name], problem_of(self, name)) for name in REQUIRED]
