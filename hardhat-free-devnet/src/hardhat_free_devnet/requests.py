"""What clients ask about: a block, a call, a log filter. Parsed from JSON, and checked, here alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar

from eth_bloom.bloom import BloomFilter
from eth_typing import Address as EthAddress

from .errors import InvalidParams
from .hexes import data, parse_address, parse_data, parse_hash, parse_quantity, shown

T = TypeVar("T")

BLOCK_TAGS = ("latest", "pending", "safe", "finalized", "earliest")
MAX_TOPICS = 4
UNSUPPORTED_CALL_FIELDS = ("authorizationList", "blobVersionedHashes", "blobs", "maxFeePerBlobGas")

BlockRef = str | int | bytes
"""A tag of BLOCK_TAGS, a block number, or a block hash."""

AccessList = tuple[tuple[EthAddress, tuple[int, ...]], ...]


@dataclass(frozen=True)
class CallRequest:
    """The object of eth_call, eth_estimateGas and eth_sendTransaction; None where the client left it out."""

    sender: EthAddress | None = None
    to: EthAddress | None = None
    gas: int | None = None
    value: int = 0
    data: bytes = b""
    nonce: int | None = None
    gas_price: int | None = None
    max_fee_per_gas: int | None = None
    max_priority_fee_per_gas: int | None = None
    access_list: AccessList | None = None
    chain_id: int | None = None


@dataclass(frozen=True)
class LogFilter:
    """Which logs: a range of blocks (both ends included) or one block hash; addresses; topics by position.

    An empty set of addresses, and None in place of a set of topics, match everything.
    """

    first: BlockRef = "latest"
    last: BlockRef = "latest"
    addresses: frozenset[bytes] = frozenset()
    topics: tuple[frozenset[bytes] | None, ...] = ()

    @cached_property
    def written(self) -> Sequence[frozenset[str] | None]:
        """The addresses, then the topics by position, as JSON has them; None matches everything."""
        return [None if any_of is None else frozenset(map(data, any_of)) for any_of in self._alternatives]

    @cached_property
    def blooms(self) -> Sequence[list[int] | None]:
        """The same as the bits that each sets in a block's bloom filter."""
        return [
            None if any_of is None else [int(BloomFilter.from_iterable([value])) for value in any_of]
            for any_of in self._alternatives
        ]

    @property
    def _alternatives(self) -> Sequence[frozenset[bytes] | None]:
        return self.addresses or None, *self.topics

    def includes(self, number: int) -> bool:
        """Whether a new block with this number is in the range; tags leave it open."""
        first = self.first if isinstance(self.first, int) else 0
        last = self.last if isinstance(self.last, int) else number
        return first <= number <= last


def parse_block(value: object) -> BlockRef:
    """A tag, a number, or an EIP-1898 object with `blockHash` or `blockNumber`."""
    if isinstance(value, str) and value in BLOCK_TAGS:
        return value
    if isinstance(value, dict) and "blockHash" in value:
        return parse_hash(value["blockHash"])
    if isinstance(value, dict) and "blockNumber" in value:
        return parse_quantity(value["blockNumber"])
    if isinstance(value, dict):
        raise InvalidParams("expected a block object with blockHash or blockNumber")
    return parse_quantity(value)


def parse_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidParams(f"expected true or false, got {shown(value)}")


def parse_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise InvalidParams(f"expected text, got {shown(value)}")


def parse_call(value: object) -> CallRequest:
    """A transaction object. Unknown members are ignored, as nodes do; unsupported ones are refused."""
    fields = parse_object(value, "a transaction object")
    for name in UNSUPPORTED_CALL_FIELDS:
        if fields.get(name):
            raise InvalidParams(f"{name} is not supported here; sign the transaction and send it raw")
    return CallRequest(
        sender=parse_member(fields, "from", parse_address),
        to=parse_member(fields, "to", parse_address),
        gas=parse_member(fields, "gas", parse_quantity),
        value=parse_member(fields, "value", parse_quantity) or 0,
        data=_call_data(fields),
        nonce=parse_member(fields, "nonce", parse_quantity),
        gas_price=parse_member(fields, "gasPrice", parse_quantity),
        max_fee_per_gas=parse_member(fields, "maxFeePerGas", parse_quantity),
        max_priority_fee_per_gas=parse_member(fields, "maxPriorityFeePerGas", parse_quantity),
        access_list=parse_member(fields, "accessList", _access_list),
        chain_id=parse_member(fields, "chainId", parse_quantity),
    )


def parse_filter(value: object) -> LogFilter:
    fields = parse_object(value, "a filter object")
    block_hash = parse_member(fields, "blockHash", parse_hash)
    first = parse_member(fields, "fromBlock", parse_block)
    last = parse_member(fields, "toBlock", parse_block)
    if block_hash is not None and (first is not None or last is not None):
        raise InvalidParams("a filter has either blockHash, or fromBlock and toBlock")
    addresses = one_or_many(fields.get("address"), parse_address)
    return LogFilter(
        first=block_hash or ("latest" if first is None else first),
        last=block_hash or ("latest" if last is None else last),
        addresses=addresses or frozenset(),
        topics=_topics(fields.get("topics")),
    )


def parse_percentiles(value: object) -> tuple[float, ...]:
    """Ascending numbers from 0 to 100."""
    items = parse_list(value, "a list of percentiles", 100)
    if not all(type(item) in (int, float) and 0 <= item <= 100 for item in items):
        raise InvalidParams("percentiles must be numbers from 0 to 100")
    if sorted(items) != items:
        raise InvalidParams("percentiles must ascend")
    return tuple(float(item) for item in items)


def parse_slot(value: object) -> int:
    """A storage slot: a quantity, or up to 32 bytes."""
    try:
        return parse_quantity(value)
    except InvalidParams:
        raw = parse_data(value)
        if len(raw) > 32:
            raise
        return int.from_bytes(raw)


def parse_slots(value: object) -> tuple[int, ...]:
    return tuple(parse_slot(item) for item in parse_list(value, "a list of storage slots", 1024))


def _call_data(fields: Mapping[str, object]) -> bytes:
    data, text = parse_member(fields, "data", parse_data), parse_member(fields, "input", parse_data)
    if data is not None and text is not None and data != text:
        raise InvalidParams("data and input differ; send one of them")
    return (text if data is None else data) or b""


def _access_list(value: object) -> AccessList:
    return tuple(
        _access(parse_object(item, "an access list entry")) for item in parse_list(value, "a list", 10_000)
    )


def _access(entry: Mapping[str, object]) -> tuple[EthAddress, tuple[int, ...]]:
    keys = parse_list(entry.get("storageKeys", []), "storage keys", 10_000)
    return parse_address(entry.get("address")), tuple(int.from_bytes(parse_hash(key)) for key in keys)


def _topics(value: object) -> tuple[frozenset[bytes] | None, ...]:
    if value is None:
        return ()
    return tuple(one_or_many(item, parse_hash) for item in parse_list(value, "a list of topics", MAX_TOPICS))


def one_or_many(value: object, parse: Callable[[object], bytes]) -> frozenset[bytes] | None:
    """None and [] mean anything; a list means any of its members."""
    if value is None:
        return None
    members = value if isinstance(value, list) else [value]
    return frozenset(parse(member) for member in members) or None


def parse_member(fields: Mapping[str, object], name: str, parse: Callable[[object], T]) -> T | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return parse(value)
    except InvalidParams as error:
        raise InvalidParams(f"{name}: {error.message}") from None


def parse_object(value: object, what: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise InvalidParams(f"expected {what}, got {shown(value)}")


def parse_list(value: object, what: str, longest: int) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidParams(f"expected {what}, got {shown(value)}")
    if len(value) > longest:
        raise InvalidParams(f"expected {what} of at most {longest} entries, got {len(value)}")
    return value


Address = Annotated[EthAddress, parse_address]
Hash = Annotated[bytes, parse_hash]
Data = Annotated[bytes, parse_data]
Quantity = Annotated[int, parse_quantity]
OptionalQuantity = Annotated[int | None, parse_quantity]
Flag = Annotated[bool, parse_bool]
Block = Annotated[BlockRef, parse_block]
Call = Annotated[CallRequest, parse_call]
Logs = Annotated[LogFilter, parse_filter]
Slot = Annotated[int, parse_slot]
Slots = Annotated[tuple[int, ...], parse_slots]
Object = Annotated[dict[str, Any], lambda value: parse_object(value, "an object")]
Text = Annotated[str, parse_text]
Percentiles = Annotated[tuple[float, ...], parse_percentiles]
