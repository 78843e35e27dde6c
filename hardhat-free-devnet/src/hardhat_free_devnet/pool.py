"""The transactions that wait for a block: by account and nonce, ready or behind a gap. Pure bookkeeping."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eth.abc import SignedTransactionAPI

from .errors import Rejected
from .sender import sender_of

MAX_POOL = 10_000  # transactions
MAX_GAP = 1_000  # nonces that one may run ahead of the account
PRICE_BUMP = 10  # per cent that both fees of a replacement must be higher, as in geth

Nonces = Callable[[bytes], int]
"""The next nonce of an account, according to the latest block."""


@dataclass(frozen=True)
class Pooled:
    """A waiting transaction; `order` says when it came."""

    transaction: SignedTransactionAPI
    sender: bytes
    order: int

    @property
    def hash(self) -> bytes:
        return self.transaction.hash

    @property
    def nonce(self) -> int:
        return self.transaction.nonce

    def tip(self, base_fee: int) -> int:
        """What the block's maker would earn per gas; negative when it cannot pay the base fee."""
        most = self.transaction.max_fee_per_gas
        return min(self.transaction.max_priority_fee_per_gas, most - base_fee)


class TransactionPool:
    """`version` changes with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._accounts: dict[bytes, dict[int, Pooled]] = {}
        self._by_hash: dict[bytes, Pooled] = {}
        self._came = 0

    def __len__(self) -> int:
        return len(self._by_hash)

    def get(self, transaction_hash: bytes) -> Pooled | None:
        return self._by_hash.get(transaction_hash)

    def add(self, transaction: SignedTransactionAPI) -> None:
        """Keep the transaction; it takes the place of one with the same nonce if it pays 10 % more.

        Raises:
            Rejected: it is here already, does not pay enough to replace another, or there is no room.
        """
        entry = Pooled(transaction, bytes(sender_of(transaction)), self._came)
        if entry.hash in self._by_hash:
            raise Rejected("already known")
        replaced = self._accounts.get(entry.sender, {}).get(entry.nonce)
        if replaced is None and len(self) >= MAX_POOL:
            raise Rejected(f"txpool is full: {MAX_POOL} transactions wait for a block")
        if replaced is not None:
            _check_bump(replaced.transaction, transaction)
            self.remove(replaced.hash)
        self._accounts.setdefault(entry.sender, {})[entry.nonce] = entry
        self._by_hash[entry.hash] = entry
        self._came += 1
        self.version += 1

    def remove(self, transaction_hash: bytes) -> bool:
        """Forget a transaction; False when it is not here."""
        entry = self._by_hash.pop(transaction_hash, None)
        if entry is None:
            return False
        waiting = self._accounts[entry.sender]
        del waiting[entry.nonce]
        if not waiting:
            del self._accounts[entry.sender]
        self.version += 1
        return True

    def forget_used(self, nonces: Nonces) -> None:
        """Forget transactions whose nonce is used up."""
        for entry in list(self._by_hash.values()):
            if entry.nonce < nonces(entry.sender):
                self.remove(entry.hash)

    def hashes(self) -> set[bytes]:
        return set(self._by_hash)

    def clear(self) -> None:
        for transaction_hash in list(self._by_hash):
            self.remove(transaction_hash)

    def entries(self) -> list[Pooled]:
        """Everything, in the order it came."""
        return sorted(self._by_hash.values(), key=lambda entry: entry.order)

    def ready(self, sender: bytes, nonce: int) -> Iterator[Pooled]:
        """The account's transactions from this nonce on, up to the first gap."""
        waiting = self._accounts.get(sender, {})
        while nonce in waiting:
            yield waiting[nonce]
            nonce += 1

    def next_nonce(self, sender: bytes, nonce: int) -> int:
        """The nonce that follows those that are ready, when the latest block left the account at `nonce`."""
        return nonce + sum(1 for _ in self.ready(sender, nonce))

    def split(self, nonces: Nonces) -> tuple[list[Pooled], list[Pooled]]:
        """(ready, behind a gap), each by account and nonce."""
        ready = [entry for sender in self._accounts for entry in self.ready(sender, nonces(sender))]
        hashes = {entry.hash for entry in ready}
        queued = [entry for entry in self._by_hash.values() if entry.hash not in hashes]
        return ready, sorted(queued, key=lambda entry: (entry.sender, entry.nonce))

    def best_first(self, nonces: Nonces, base_fee: int) -> list[SignedTransactionAPI]:
        """What can be in a block with this base fee: highest tip first, each account in order of nonces."""
        lines = [list(self.ready(sender, nonces(sender))) for sender in self._accounts]
        heap = [(*_rank(line[0], base_fee), number, 0) for number, line in enumerate(lines) if line]
        heapq.heapify(heap)
        best = []
        while heap:
            _, _, number, position = heapq.heappop(heap)
            entry = lines[number][position]
            if entry.tip(base_fee) < 0:
                continue
            best.append(entry.transaction)
            if position + 1 < len(lines[number]):
                following = lines[number][position + 1]
                heapq.heappush(heap, (*_rank(following, base_fee), number, position + 1))
        return best


def _rank(entry: Pooled, base_fee: int) -> tuple[int, int]:
    return -entry.tip(base_fee), entry.order


def _check_bump(old: SignedTransactionAPI, new: SignedTransactionAPI) -> None:
    pairs = (
        (old.max_fee_per_gas, new.max_fee_per_gas),
        (old.max_priority_fee_per_gas, new.max_priority_fee_per_gas),
    )
    if any(after * 100 < before * (100 + PRICE_BUMP) for before, after in pairs):
        raise Rejected("replacement transaction underpriced")
