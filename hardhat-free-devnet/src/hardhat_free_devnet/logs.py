"""Finding logs. Block bloom filters rule out most blocks without reading their receipts."""

from __future__ import annotations

from collections.abc import Iterator

from eth.abc import BlockHeaderAPI

from .chain import DevChain
from .errors import InvalidParams, LimitExceeded
from .mined import Mined
from .requests import LogFilter
from .views import Json


def find_logs(chain: DevChain, wanted: LogFilter, most_blocks: int) -> list[Json]:
    """All logs that match, in the order of the chain. A range that runs past the latest block ends there.

    Raises:
        InvalidParams: the range runs backwards.
        LimitExceeded: it spans more than `most_blocks`.
        Rejected: a block named by hash does not exist.
    """
    found = (
        matching_logs(chain.mined(header), wanted)
        for header in _headers(chain, wanted, most_blocks)
        if _may_match(header, wanted)
    )
    return [log for logs in found for log in logs]


def matching_logs(mined: Mined, wanted: LogFilter) -> list[Json]:
    """The logs of one block that match, whatever its number. Not to be changed: they are kept."""
    return [log for log in mined.logs if matches(log, wanted)]


def matches(log: Json, wanted: LogFilter) -> bool:
    """Whether one log is wanted. A filter with more topics than the log never matches."""
    addresses, *by_place = wanted.written
    if addresses is not None and log["address"] not in addresses:
        return False
    topics = log["topics"]
    if len(by_place) > len(topics):
        return False
    return all(any_of is None or topic in any_of for any_of, topic in zip(by_place, topics, strict=False))


def _headers(chain: DevChain, wanted: LogFilter, most_blocks: int) -> Iterator[BlockHeaderAPI]:
    if isinstance(wanted.first, bytes):
        yield chain.header_at(wanted.first)
        return
    head = chain.head.block_number
    first, last = (_number(chain, ref, head) for ref in (wanted.first, wanted.last))
    if first > last:
        raise InvalidParams(f"invalid block range: fromBlock {first} is after toBlock {last}")
    last = min(last, head)
    if last - first >= most_blocks:
        raise LimitExceeded(f"logs of {last - first + 1} blocks; the limit is {most_blocks}, ask for fewer")
    for number in range(first, last + 1):
        yield chain.header_at(number)


def _number(chain: DevChain, ref: object, head: int) -> int:
    if isinstance(ref, int):
        return ref
    if isinstance(ref, bytes):
        return chain.header_at(ref).block_number
    return 0 if ref == "earliest" else head


def _may_match(header: BlockHeaderAPI, wanted: LogFilter) -> bool:
    """Whether the header's bloom filter leaves it open that one of the block's logs is wanted."""
    bloom = header.bloom
    return all(any_of is None or any(bloom & bits == bits for bits in any_of) for any_of in wanted.blooms)
