"""Event logs in block ranges that the node accepts, decoded, in the order of the chain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web3.contract import Contract
from web3.exceptions import BadResponseFormat, Web3RPCError
from web3.types import FilterParams

from contrafact.ledger import answers
from contrafact.ledger.answers import Log
from contrafact.ledger.connection import Connection
from contrafact.ledger.event_codec import EventCodec, codecs
from contrafact.ledger.failover import EndpointsFailed
from contrafact.ledger.log_ranges import LogRange, may_be_too_large

OneOf = Collection[bytes] | None
"""The values that an argument may have; None for any."""


@dataclass(frozen=True, slots=True)
class Event:
    """A decoded event: its arguments (structs as tuples), and where it stands."""

    name: str
    arguments: Mapping[str, Any]
    block: int
    index: int
    transaction: str


def events(
    connection: Connection,
    contract: Contract,
    names: Sequence[str],
    first: int,
    last: int,
    log_range: LogRange | None = None,
    **indexed: OneOf,
) -> list[Event]:
    """The events called `names` of the contract in the blocks from `first` to `last`, in the chain's order.

    `indexed` narrows by the values that an indexed bytes32 argument may have; all of `names` must have it in the same
    place.
    Raises ChainError when the node refuses even a single block, or answers with a malformed event.
    """
    if any(values is not None and not values for values in indexed.values()):
        return []  # to a node, no value at all means any
    by_topic = codecs([_abi(contract, name) for name in names])
    topics: list[Any] = [["0x" + topic.hex() for topic in by_topic]]
    topics += _indexed_topics(_abi(contract, names[0]), indexed)
    query: FilterParams = {"address": [contract.address], "topics": topics}
    logs = sorted(scan(connection, query, first, last, log_range or connection.log_range), key=place)
    with connection.failures():
        return [_decoded(by_topic, log) for log in logs]


def place(log: Log) -> tuple[int, int]:
    """Where a log stands in the chain's order."""
    return log.block, log.index


def scan(connection: Connection, query: FilterParams, first: int, last: int, asked: LogRange) -> Iterator[Log]:
    """The logs that match `query`, asked for in ranges that the node accepts; `asked` remembers how large those are."""
    while first <= last:
        until = min(first + asked.size - 1, last)
        with connection.failures():
            try:
                blocks = {"fromBlock": hex(first), "toBlock": hex(until)}
                found = answers.logs(answers.ask(connection, "eth_getLogs", {**query, **blocks}))
            except (Web3RPCError, BadResponseFormat, EndpointsFailed) as error:
                if until == first or not may_be_too_large(error):
                    raise
                asked.refused(until - first + 1)
                continue
        yield from found
        asked.accepted()
        first = until + 1


def _abi(contract: Contract, name: str) -> Any:
    return contract.get_event_by_name(name).abi


def _indexed_topics(abi: Any, values: Mapping[str, OneOf]) -> list[list[str] | None]:
    """The topics after the first; trailing ones that match anything are left out."""
    names = [item["name"] for item in abi["inputs"] if item["indexed"]]
    found = [values.get(name) for name in names]
    while found and found[-1] is None:
        found.pop()
    return [None if some is None else ["0x" + value.hex() for value in some] for some in found]


def _decoded(by_topic: Mapping[bytes, EventCodec], log: Log) -> Event:
    codec = by_topic.get(log.topics[0]) if log.topics else None
    if codec is None:
        raise BadResponseFormat("a log that was not asked for")
    return Event(codec.name, codec.decode(log), log.block, log.index, log.transaction)
