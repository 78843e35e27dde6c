"""A chain in memory: implements ChainFeed, and reorganises when told to."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence
from typing import Any

from contrafact.chain_feed import Block, ChainEvent
from contrafact.domain.digests import sha256
from contrafact.errors import NotFound

from .story import State, Story


class FakeChain:
    """Tells a story in blocks. `on_call` is told of every call before it is answered, with its name."""

    identity = "a chain that is not one"

    def __init__(self, seed: int = 1, *, first: int = 1, confirmations: int = 3) -> None:
        self.story = Story(seed)
        self.first = first
        self.confirmations = confirmations
        self.on_call: Callable[[str], None] = lambda name: None
        self._blocks = [Block(0, sha256(b"genesis"), bytes(32), 1_700_000_000)]
        self._events: list[list[ChainEvent]] = [[]]
        self._states = [State()]
        self._forks = 0

    @property
    def height(self) -> int:
        return self._blocks[-1].number

    def mine(self, blocks: int = 1, transactions: int = 2, *, remember: bool = True) -> None:
        """Adds blocks with so many transactions at most. A chain that does not `remember` cannot reorganise."""
        for _ in range(blocks):
            before = self._blocks[-1]
            number, salt = before.number + 1, f"{self._forks} {before.hash.hex()}".encode()
            block = Block(number, sha256(salt), before.hash, before.timestamp + 12)
            self._blocks.append(block)
            self._events.append(self._told(block, transactions if number >= self.first else 0))
            self._states.append(copy.deepcopy(self.story.state) if remember else self.story.state)

    def tell(self, *told: tuple[str, dict[str, Any]]) -> None:
        """Adds a block with just these events."""
        self.mine(1, 0)
        block = self._blocks[-1]
        rows = [("", name, arguments, block.number, block.hash, i, "0x") for i, (name, arguments) in enumerate(told)]
        self._events[-1] = [ChainEvent(*row) for row in rows]

    def reorganise(self, depth: int, then: int = 0) -> None:
        """Takes `depth` blocks away, and puts `then` others in their place, in which other things happen."""
        keep = len(self._blocks) - depth
        del self._blocks[keep:], self._events[keep:], self._states[keep:]
        self._forks += 1
        self.story.state = copy.deepcopy(self._states[-1])
        self.mine(then)

    def head(self) -> Block:
        self.on_call("head")
        return self._blocks[-1]

    def block(self, number: int) -> Block:
        self.on_call("block")
        if not 0 <= number < len(self._blocks):
            raise NotFound(f"The chain has no block {number}.")
        return self._blocks[number]

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        return [self.block(number) for number in sorted(numbers)]

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        self.on_call("events")
        return [event for events in self._events[first : last + 1] for event in events]

    def _told(self, block: Block, transactions: int) -> list[ChainEvent]:
        found: list[ChainEvent] = []
        for number in range(self.story.random.randint(min(transactions, 1), transactions)):
            digest = f"0x{sha256(block.hash + bytes([number])).hex()}"
            for contract, name, arguments in self.story.next():
                found.append(ChainEvent(contract, name, arguments, block.number, block.hash, len(found), digest))
        return found
