"""What is read of the chain in one go, checked to be of one chain: the one that the index is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.chain_feed import Block, ChainEvent, ChainFeed
from contrafact.errors import ChainError, NotFound
from contrafact.store.cursor import NO_HASH, Cursor

FEW, MANY = 1_000, 4_000  # events of a batch; one with fewer, or more, makes the next one longer, or shorter
LONGEST = 10_000  # blocks of a batch
FIRST = 500


class Moved(Exception):
    """The chain is another one than the index, or became another one while it was read."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The blocks after the cursor's up to `tip`: those with events, the first and the last one, and all events."""

    tip: Block
    head: int
    blocks: tuple[Block, ...]
    events: tuple[ChainEvent, ...]


class BatchSize:
    """How many blocks the next batch has, so that it has neither few events nor very many."""

    def __init__(self, blocks: int = FIRST) -> None:
        self.blocks = blocks

    def had(self, events: int) -> None:
        """A batch had so many events."""
        if events > MANY:
            self.blocks = max(self.blocks // 2, 1)
        elif events < FEW:
            self.blocks = min(self.blocks * 2, LONGEST)


def read(feed: ChainFeed, cursor: Cursor, head: Block, size: int) -> Batch:
    """The next batch after the cursor. Raises Moved, and ChainError.

    The last block is read first and looked at again in the end: its hash stands for all before it, so what was read
    in between is of one chain.
    """
    first, last = cursor.block + 1, min(cursor.block + size, head.number)
    try:
        tip = head if last == head.number else feed.block(last)
        events = _in_order(feed.events(first, last), first, last)
        numbers = {first, *(event.block for event in events)} - {last}
        blocks = (*feed.blocks(sorted(numbers)), tip)
        again = feed.block(last)
    except NotFound as error:
        raise Moved from error
    _require_one_chain(cursor, blocks, events, again)
    return Batch(tip, head.number, blocks, events)


def _in_order(events: Sequence[ChainEvent], first: int, last: int) -> tuple[ChainEvent, ...]:
    """The events in the chain's order, each once. Raises Moved where two stand in one place, ChainError for others."""
    found: dict[tuple[int, int], ChainEvent] = {}
    for event in events:
        if not first <= event.block <= last:
            text = f"The node answered with an event of block {event.block} when asked for {first} to {last}."
            raise ChainError(text, "Use another node.")
        if found.setdefault((event.block, event.index), event) != event:
            raise Moved
    return tuple(found[place] for place in sorted(found))


def _require_one_chain(cursor: Cursor, blocks: Sequence[Block], events: Sequence[ChainEvent], again: Block) -> None:
    hashes = {block.number: block.hash for block in blocks}
    follows = cursor.hash in (NO_HASH, blocks[0].parent)
    if not follows or again.hash != blocks[-1].hash:
        raise Moved
    if any(event.block_hash != hashes[event.block] for event in events):
        raise Moved
