"""Going back: snapshots, reorganisations, a fresh start. Watchers hear of every block that goes and comes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from eth.abc import SignedTransactionAPI

from .chain import DevChain
from .errors import InvalidParams, RpcError
from .mined import Mined, Snapshot
from .mining import Miner

INSTANCE = b"instance"  # where the store has it

Maker = Callable[[], SignedTransactionAPI]
"""Makes a transaction for the state that the chain is in when it is called."""


@dataclass(frozen=True)
class _Kept:
    head: bytes
    chain: Snapshot


class History:
    """The snapshots that were taken, and the ways back."""

    def __init__(self, miner: Miner) -> None:
        self._miner = miner
        self._snapshots: dict[int, _Kept] = {}
        self._ids = count(1)
        if not self._chain.notes(INSTANCE):
            self._rename()

    @property
    def _chain(self) -> DevChain:
        return self._miner.chain

    @property
    def instance(self) -> bytes:
        """32 bytes that tell this chain from others, and from itself before a reset; a restart keeps them."""
        return next(iter(self._chain.notes(INSTANCE).values()))

    def take_snapshot(self) -> int:
        """Remember this moment, the waiting transactions included, under a new id."""
        number = next(self._ids)
        self._snapshots[number] = _Kept(self._chain.head.hash, self._chain.snapshot())
        return number

    def revert(self, number: int) -> bool:
        """Go back to a snapshot, which it uses up along with all later ones; False when there is none."""
        kept = self._snapshots.get(number)
        if kept is None:
            return False
        removed, added = self._difference(kept.head)
        self._chain.restore(kept.chain)
        self._snapshots = {other: entry for other, entry in self._snapshots.items() if other < number}
        self._miner.reload()
        self._tell(removed, added)
        return True

    def rewind(self, depth: int) -> None:
        """Take back the latest `depth` blocks. Their transactions are gone.

        Raises:
            InvalidParams: the chain is not that long.
        """
        height = self._chain.head.block_number
        if depth > height:
            raise InvalidParams(f"cannot take back {depth} blocks of a chain of {height}")
        self._tell(self._chain.rewind(height - depth), [])

    def reorganise(self, depth: int, contents: Mapping[int, Sequence[Maker]]) -> None:
        """Put `depth` other blocks in place of the latest ones, with these transactions in them, by position.

        The transactions of the old blocks are gone; what waits for a block gets into the new ones.

        Raises:
            InvalidParams: the chain is not that long, or a position is beyond the depth.
            RpcError: a transaction cannot be in its block; the chain is as it was.
        """
        if any(position >= depth for position in contents):
            raise InvalidParams(f"transactions belong into the {depth} new blocks, counted from 0")
        before = self.take_snapshot()
        try:
            self.rewind(depth)
            for position in range(depth):
                for make in contents.get(position, ()):
                    self._miner.submit(make(), at_once=False)
                self._miner.mine()
        except RpcError:
            self.revert(before)
            raise
        del self._snapshots[before]

    def reset(self) -> None:
        """Back to the first block, without waiting transactions, snapshots or demands."""
        self._snapshots.clear()
        self.rewind(self._chain.head.block_number)
        self._chain.forget_demands()
        self._miner.clear()
        self._rename()

    def _rename(self) -> None:
        self._chain.note(INSTANCE, secrets.token_bytes(32))
        self._chain.save()

    def _difference(self, head: bytes) -> tuple[list[Mined], list[Mined]]:
        """(blocks that go, the highest first; blocks that come) when `head` becomes the latest block."""
        chain, added = self._chain, []
        header = chain.header_at(head)
        while chain.head.block_number < header.block_number or chain.header_at(header.block_number) != header:
            added.append(chain.mined(header))
            header = chain.header_at(bytes(header.parent_hash))
        above = range(chain.head.block_number, header.block_number, -1)
        return [chain.mined(chain.header_at(number)) for number in above], added[::-1]

    def _tell(self, removed: list[Mined], added: list[Mined]) -> None:
        for mined in removed:
            self._miner.feed.removed(mined)
        for mined in added:
            self._miner.feed.added(mined)
