"""The chain as the indexer follows it: all events of one deployment, and blocks by number. Implements ChainFeed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from web3.types import FilterParams

from contrafact.chain_feed import Block, ChainEvent
from contrafact.ledger.answers import Log
from contrafact.ledger.artifacts import load
from contrafact.ledger.blocks import Blocks
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.event_codec import EventCodec, codecs
from contrafact.ledger.logs import place, scan


class LedgerFeed:
    """Follows the contracts that Contrafact consists of; the test dollar is a token like any other, and not among them.

    Raises ChainError where the deployment is of another chain.
    """

    def __init__(self, connection: Connection, deployment: Deployment) -> None:
        Contracts(connection, deployment)
        self._connection = connection
        self._blocks = Blocks(connection)
        self._addresses = {deployment.contracts[name]: name for name in REQUIRED}
        self._codecs = {
            (address, topic): codec
            for address, name in self._addresses.items()
            for topic, codec in codecs(load(name).abi).items()
        }
        self.identity = f"chain {deployment.chain_id}: {', '.join(self._addresses)}"
        self.first = deployment.block
        self.confirmations = connection.network.confirmations

    def head(self) -> Block:
        return self._blocks.one("latest")

    def block(self, number: int) -> Block:
        """Raises NotFound for a block that the chain does not have."""
        return self._blocks.one(number)

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        return self._blocks.many(sorted(numbers))

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        query: FilterParams = {"address": list(self._addresses)}  # type: ignore[typeddict-item]
        found = sorted(scan(self._connection, query, first, last, self._connection.log_range), key=place)
        with self._connection.failures():
            return [self._event(log, codec) for log in found if (codec := self._codec(log))]

    def _codec(self, log: Log) -> EventCodec | None:
        """None for an event that this version does not know."""
        return self._codecs.get((log.address, log.topics[0])) if log.topics else None

    def _event(self, log: Log, codec: EventCodec) -> ChainEvent:
        return ChainEvent(
            contract=self._addresses[log.address],
            name=codec.name,
            arguments=codec.decode(log),
            block=log.block,
            block_hash=log.block_hash,
            index=log.index,
            transaction=log.transaction,
        )
