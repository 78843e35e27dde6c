"""From the pool into blocks: at once, by a timer, or when asked for."""

from __future__ import annotations

from collections.abc import Callable

from eth.abc import SignedTransactionAPI
from eth.vm.forks.prague.transactions import PragueTransactionBuilder

from .admission import check_transaction
from .building import Draft
from .chain import DevChain, Moment
from .clock import LATEST
from .errors import InvalidParams, LimitExceeded, Rejected
from .feed import Feed
from .mined import Mined
from .pool import TransactionPool
from .sender import sender_of

POOL = b"pool:"  # where the store has what waits: the order of arrival, and the raw transaction, by hash
ORDER_BYTES = 8
MAX_INTERVAL = 86_400  # seconds between blocks
MAX_BLOCKS = 20_000  # that one request may mine


class Miner:
    """Decides when the next block is made, and of which transactions."""

    def __init__(self, chain: DevChain, feed: Feed) -> None:
        self.chain = chain
        self.feed = feed
        self.pool = TransactionPool()
        self.automine = True
        self.interval: float | None = None  # seconds between blocks that a timer makes
        self.on_interval: Callable[[], None] = lambda: None  # wakes the timer
        self._draft: tuple[object, Draft] | None = None
        self._kept: set[bytes] = set()
        self.reload()

    def set_interval(self, seconds: float | None) -> None:
        """Blocks come this often from now on; None stops the timer.

        Raises:
            InvalidParams: more than MAX_INTERVAL.
        """
        if seconds is not None and not 0 < seconds <= MAX_INTERVAL:
            raise InvalidParams(f"the interval must be above 0 and at most {MAX_INTERVAL} seconds")
        self.interval = seconds
        self.on_interval()

    def submit(self, transaction: SignedTransactionAPI, at_once: bool = True) -> None:
        """Take the transaction into the pool and, when mining at once, into a block.

        Raises:
            Rejected: it may not enter a block. (One that enters and fails has a receipt that says so.)
        """
        nonce = check_transaction(self.chain, transaction, waits=not (self.automine and at_once))
        self.pool.add(transaction)
        sender = sender_of(transaction)
        try:
            if transaction.nonce < self.pool.next_nonce(sender, nonce):
                for entry in self.pool.ready(sender, transaction.nonce):
                    self.feed.pending(entry.transaction)
                if self.automine and at_once:
                    self._mine_ready(transaction.hash)
        finally:
            self._remember()

    def mine(self, count: int = 1, spacing: int | None = None) -> None:
        """Make blocks from what waits, empty ones too; each `spacing` seconds after the one before, if given.

        Raises:
            LimitExceeded: more than MAX_BLOCKS.
            InvalidParams: no time between them, or more than the clock can show.
        """
        if count > MAX_BLOCKS:
            raise LimitExceeded(f"{count} blocks in one request; the limit is {MAX_BLOCKS}")
        if spacing is not None and not 0 < spacing <= (LATEST - self.chain.head.timestamp) // (count + 1):
            raise InvalidParams(f"blocks cannot be {spacing} seconds apart")
        for number in range(count):
            if number and spacing is not None:
                parent = self.chain.head.timestamp
                self.chain.clock.set_next(parent + spacing, parent)
            self._seal(self.draft())
        self._remember()

    def draft(self) -> Draft:
        """The next block as it would be now."""
        header = self.chain.pending_header()
        key = (header.hash, self.pool.version)
        if self._draft is None or self._draft[0] != key:
            self._draft = (key, self.chain.draft(self._candidates()))
        return self._draft[1]

    def pending(self) -> Moment:
        """The context and the state of the next block as it would be now."""
        if not len(self.pool):
            return Moment(self.chain, self.chain.pending_header())
        draft = self.draft()
        return Moment(self.chain, draft.block.header, draft.data)

    def next_nonce(self, sender: bytes) -> int:
        """The nonce for the account's next transaction, after those that are ready."""
        return self.pool.next_nonce(sender, self.nonces()(sender))

    def nonces(self) -> Callable[[bytes], int]:
        """The next nonce of each account, according to the latest block."""
        return self.chain.accounts().get_nonce  # type: ignore[return-value]

    def drop(self, transaction_hash: bytes) -> bool:
        """Forget a waiting transaction; False when there is none."""
        dropped = self.pool.remove(transaction_hash)
        self._remember()
        return dropped

    def clear(self) -> None:
        """Forget all waiting transactions."""
        self.pool.clear()
        self._remember()

    def reload(self) -> None:
        """Take the waiting transactions from the store, after it was opened or reverted."""
        self.pool.clear()
        for value in sorted(self.chain.notes(POOL).values()):
            self.pool.add(PragueTransactionBuilder.decode(value[ORDER_BYTES:]))
        self._kept = self.pool.hashes()
        self.pool.forget_used(self.nonces())  # a kill may come between a block and these notes

    def _remember(self) -> None:
        """Bring the store up to what waits; a transaction that was mined at once never gets there."""
        waiting = self.pool.hashes()
        if waiting == self._kept:
            return
        for transaction_hash in self._kept - waiting:
            self.chain.forget(POOL + transaction_hash)
        for entry in filter(None, map(self.pool.get, waiting - self._kept)):
            order = entry.order.to_bytes(ORDER_BYTES)
            self.chain.note(POOL + entry.hash, order + entry.transaction.encode())
        self._kept = waiting
        self.chain.save()

    def _candidates(self) -> list[SignedTransactionAPI]:
        if not len(self.pool):
            return []
        header = self.chain.pending_header()
        return self.pool.best_first(self.nonces(), header.base_fee_per_gas or 0)

    def _mine_ready(self, wanted: bytes) -> None:
        """Blocks until nothing that waits fits. Raises Rejected when the wanted one proves to be invalid."""
        dropped: dict[bytes, str] = {}
        while len(self.pool):
            draft = self.draft()
            dropped |= draft.dropped
            if draft.block.transactions:
                self._seal(draft)
            elif draft.dropped:
                self._forget(draft)
            else:
                break  # what is left waits for other nonces or fees
        if wanted in dropped:
            raise Rejected(f"invalid transaction: {dropped[wanted]}")

    def _seal(self, draft: Draft) -> Mined:
        mined = self.chain.seal(draft)
        self._forget(draft)
        self.feed.added(mined)
        return mined

    def _forget(self, draft: Draft) -> None:
        for transaction in draft.block.transactions:
            self.pool.remove(transaction.hash)
        for transaction_hash in draft.dropped:
            self.pool.remove(transaction_hash)
        if len(self.pool):
            self.pool.forget_used(self.nonces())
