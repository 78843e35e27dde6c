"""Blocks by number, many in one request where the node takes batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from web3.exceptions import BadResponseFormat
from web3.types import RPCEndpoint

from contrafact.chain_feed import Block
from contrafact.errors import NotFound
from contrafact.ledger import answers
from contrafact.ledger.connection import Connection
from contrafact.ledger.endpoints import EndpointFailure
from contrafact.ledger.failover import FailoverProvider
from contrafact.ledger.log_ranges import LogRange

A = TypeVar("A")
B = TypeVar("B")
TOGETHER = 100  # blocks asked for in one request, at most: public nodes take no more
_AT_ONCE = 4  # requests under way
_METHOD = RPCEndpoint("eth_getBlockByNumber")


class Blocks:
    """Reads blocks from a connection's node, and learns how many it gives in one answer. Thread-safe."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._together = LogRange(TOGETHER)

    def one(self, number: int | str) -> Block:
        """The block with this number, or `latest`. Raises NotFound and ChainError."""
        asked = hex(number) if isinstance(number, int) else number
        with self._connection.failures():
            return _block(answers.ask(self._connection, _METHOD, asked, False), number)

    def many(self, numbers: Sequence[int]) -> list[Block]:
        """The blocks with these numbers, in that order. Raises NotFound and ChainError.

        A batch saves time, and is nothing to rely on: what it does not bring is asked for one by one.
        """
        size = self._together.size
        if size == 1:
            self._together.accepted()  # so that batches are tried again after a while
        found: dict[int, Block] = {}
        for blocks in _each(self._batch, list(_parts(numbers, size))):
            found |= blocks
        missing = [number for number in numbers if number not in found]
        found |= zip(missing, _each(self.one, missing), strict=True)
        return [found[number] for number in numbers]

    def _batch(self, numbers: Sequence[int]) -> dict[int, Block]:
        """What one request brings of these blocks, by number."""
        results = self._results(numbers) if len(numbers) > 1 else {}
        with self._connection.failures():
            return {numbers[place]: _block(result, numbers[place]) for place, result in results.items()}

    def _results(self, numbers: Sequence[int]) -> Mapping[int, Any]:
        provider = self._connection.web3.provider
        if not isinstance(provider, FailoverProvider):
            return {}
        try:
            results = provider.ask_together([(_METHOD, [hex(number), False]) for number in numbers])
        except EndpointFailure:
            results = {}
        if len(results) == len(numbers):
            self._together.accepted()
        else:
            self._together.refused(len(numbers))
        return results


def _block(found: Any, number: int | str) -> Block:
    if found is None:
        raise NotFound(f"The chain has no block {number!r}.", "It may have been reorganised away.")
    block = answers.block(found)
    if number not in ("latest", block.number):
        raise BadResponseFormat(f"block {block.number} for {number}")
    return block


def _each(do: Callable[[A], B], items: Sequence[A]) -> list[B]:
    """All at once, as far as the node should be asked at once."""
    if len(items) < 2:
        return [do(item) for item in items]  # where a connection to the node is open already
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(do, items))


def _parts(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
