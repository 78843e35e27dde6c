"""The chain as the indexer follows it: all events of one deployment, and blocks by number. Implements ChainFeed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from web3.exceptions import BlockNotFound
from web3.types import BlockData, BlockIdentifier, FilterParams, LogReceipt

from contrafact.chain_feed import Block, ChainEvent
from contrafact.errors import NotFound
from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.event_codec import EventCodec, codecs
from contrafact.ledger.logs import scan

_AT_ONCE = 4  # blocks that the node is asked for at once


class LedgerFeed:
    """Follows the contracts that Contrafact consists of; the test dollar is a token like any other, and not among them.

    Raises ChainError where the deployment is of another chain.
    """

    def __init__(self, connection: Connection, deployment: Deployment) -> None:
        Contracts(connection, deployment)
        self._connection = connection
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
        return self._block("latest")

    def block(self, number: int) -> Block:
        """Raises NotFound for a block that the chain does not have."""
        return self._block(number)

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        if len(numbers) < 2:
            return [self._block(number) for number in numbers]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._block, sorted(numbers)))

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        query: FilterParams = {"address": list(self._addresses)}  # type: ignore[typeddict-item]
        logs = scan(self._connection, query, first, last, self._connection.log_range)
        found = sorted(logs, key=lambda log: (log["blockNumber"], log["logIndex"]))
        with self._connection.failures():
            return [self._event(log, codec) for log in found if (codec := self._codec(log))]

    def _codec(self, log: LogReceipt) -> EventCodec | None:
        """None for an event that this version does not know."""
        topics = log["topics"]
        return self._codecs.get((log["address"], bytes(topics[0]))) if topics else None

    def _event(self, log: LogReceipt, codec: EventCodec) -> ChainEvent:
        return ChainEvent(
            contract=self._addresses[log["address"]],
            name=codec.name,
            arguments=codec.decode(log),
            block=log["blockNumber"],
            block_hash=bytes(log["blockHash"]),
            index=log["logIndex"],
            transaction=f"0x{log['transactionHash'].hex()}",
        )

    def _block(self, number: BlockIdentifier) -> Block:
        with self._connection.failures():
            try:
                found: BlockData = self._connection.web3.eth.get_block(number)
            except BlockNotFound:
                raise NotFound(f"The chain has no block {number!r}.", "It may have been reorganised away.") from None
        return Block(found["number"], bytes(found["hash"]), bytes(found["parentHash"]), found["timestamp"])
