"""Finding logs. Block bloom filters rule out most blocks without reading their receipts."""

from __future__ import annotations

from collections.abc import Iterator

from eth.abc import BlockHeaderAPI
from eth_bloom.bloom import BloomFilter

from .chain import DevChain
from .errors import InvalidParams, LimitExceeded
from .hexes import data
from .mined import Mined
from .requests import LogFilter
from .views import Json, log_views


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
    """The logs of one block that match, whatever its number."""
    if not _may_match(mined.header, wanted):
        return []
    return [log for log in log_views(mined.block, mined.receipts) if matches(log, wanted)]


def matches(log: Json, wanted: LogFilter) -> bool:
    """Whether one log is wanted. A filter with more topics than the log never matches."""
    if wanted.addresses and log["address"] not in {data(address) for address in wanted.addresses}:
        return False
    topics = log["topics"]
    if len(wanted.topics) > len(topics):
        return False
    return all(
        any_of is None or topic in {data(value) for value in any_of}
        for any_of, topic in zip(wanted.topics, topics, strict=False)
    )


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
    bloom = BloomFilter(header.bloom)
    alternatives = [wanted.addresses or None, *wanted.topics]
    return all(any_of is None or any(value in bloom for value in any_of) for any_of in alternatives)
