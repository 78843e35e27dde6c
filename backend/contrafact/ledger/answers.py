"""What nodes answer, read straight from its JSON: of many answers, web3's formatters would take most of the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from eth_utils.address import to_checksum_address
from web3.exceptions import BadResponseFormat
from web3.types import RPCEndpoint

from contrafact.chain_feed import Block
from contrafact.ledger.connection import Connection
from contrafact.ledger.failover import FailoverProvider

T = TypeVar("T")
_checksummed = lru_cache(maxsize=1_024)(to_checksum_address)  # the same few contracts are in all logs


@dataclass(frozen=True, slots=True)
class Log:
    """An event as the chain has it, not decoded yet; `address` with its checksum."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    block_hash: bytes
    index: int
    transaction: str


def ask(connection: Connection, method: str, *params: Any) -> Any:
    """The result as the node's JSON has it. Raises what web3 raises where the node refuses, or answers no JSON-RPC."""
    web3, of = connection.web3, RPCEndpoint(method)
    if isinstance(web3.provider, FailoverProvider):
        return web3.manager.formatted_response(web3.provider.make_request(of, params), params)
    return web3.manager.request_blocking(of, params)  # a provider of others may need its middleware


def logs(found: Any) -> list[Log]:
    """Raises BadResponseFormat where the result is not of logs that are in blocks."""
    return _read(lambda: [_log(one) for one in found])


def block(found: Any) -> Block:
    """Raises BadResponseFormat where the result is no block of the chain."""
    return _read(
        lambda: Block(
            _number(found["number"]), _bytes(found["hash"]), _bytes(found["parentHash"]), _number(found["timestamp"])
        )
    )


def _log(found: Any) -> Log:
    return Log(
        address=_checksummed(found["address"]),
        topics=tuple(_bytes(topic) for topic in found["topics"]),
        data=_bytes(found["data"]),
        block=_number(found["blockNumber"]),
        block_hash=_bytes(found["blockHash"]),
        index=_number(found["logIndex"]),
        transaction=found["transactionHash"].lower(),
    )


def _number(value: str | int) -> int:
    """Hex; a provider of others may have read it already."""
    return value if isinstance(value, int) else int(value, 16)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadResponseFormat(f"no answer of a chain's node: {error!r}") from None
