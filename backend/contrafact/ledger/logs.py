"""Event logs in block ranges that the node accepts, decoded, in the order of the chain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.abi import event_abi_to_log_topic
from web3.contract import Contract
from web3.exceptions import BadResponseFormat, Web3RPCError
from web3.types import FilterParams, LogReceipt

from contrafact.ledger.connection import Connection
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
    by_topic = {event_abi_to_log_topic(_abi(contract, name)): name for name in names}
    topics: list[Any] = [["0x" + topic.hex() for topic in by_topic]]
    topics += _indexed_topics(_abi(contract, names[0]), indexed)
    query: FilterParams = {"address": contract.address, "topics": topics}
    found = scan(connection, query, first, last, log_range or connection.log_range)
    logs = sorted(found, key=lambda log: (log["blockNumber"], log["logIndex"]))
    with connection.failures():
        return [_decoded(contract, by_topic[bytes(log["topics"][0])], log) for log in logs]


def scan(connection: Connection, query: FilterParams, first: int, last: int, asked: LogRange) -> Iterator[LogReceipt]:
    """The logs that match `query`, asked for in ranges that the node accepts; `asked` remembers how large those are."""
    while first <= last:
        until = min(first + asked.size - 1, last)
        with connection.failures():
            try:
                yield from connection.web3.eth.get_logs({**query, "fromBlock": first, "toBlock": until})
            except (Web3RPCError, BadResponseFormat, EndpointsFailed) as error:
                if until == first or not may_be_too_large(error):
                    raise
                asked.refused(until - first + 1)
                continue
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


def _decoded(contract: Contract, name: str, log: LogReceipt) -> Event:
    decoded = contract.get_event_by_name(name).process_log(log)
    arguments = {key: _plain(value) for key, value in decoded["args"].items()}
    return Event(name, arguments, log["blockNumber"], log["logIndex"], f"0x{log['transactionHash'].hex()}")


def _plain(value: Any) -> Any:
    """Structs as tuples of their fields, bytes as bytes."""
    if isinstance(value, Mapping):
        return tuple(_plain(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    return bytes(value) if isinstance(value, bytes) else value
