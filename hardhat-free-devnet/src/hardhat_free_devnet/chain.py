"""One chain: its blocks and states, and the making of the next block. Not thread-safe; see `app`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI, StateAPI, VirtualMachineAPI
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth_typing import BlockNumber, Hash32

from .clock import Clock
from .errors import DevnetError, Rejected
from .evm import open_chain
from .requests import BlockRef
from .settings import Settings
from .store import Store

_SETTINGS_KEY = b"devnet:settings"
_CLOCK_KEY = b"devnet:clock-offset"


@dataclass(frozen=True)
class Place:
    """Where a mined transaction is."""

    header: BlockHeaderAPI
    index: int


@dataclass(frozen=True)
class Snapshot:
    """Everything needed to come back to this moment."""

    values: dict[bytes, bytes]
    offset: int
    exact: int | None


class DevChain:
    """A py-evm chain with a clock, over a store. A block is made when asked for, never by itself."""

    def __init__(
        self, settings: Settings, balances: Mapping[bytes, int], store: Store, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self._store = store
        self._claim_store()
        self._chain = open_chain(
            store, settings.chain_id, settings.gas_limit, dict(balances), self.clock.next_timestamp(0)
        )
        store.flush()

    @property
    def chain_id(self) -> int:
        return self.settings.chain_id

    # Reading

    @property
    def head(self) -> BlockHeaderAPI:
        """The header of the latest block."""
        return self._chain.get_canonical_head()

    def pending_header(self) -> BlockHeaderAPI:
        """The header the next block would have if it were made now, still without transactions."""
        head = self.head
        return self._chain.create_header_from_parent(
            head, timestamp=self.clock.next_timestamp(head.timestamp), mix_hash=Hash32(os.urandom(32))
        )

    def header_at(self, ref: BlockRef) -> BlockHeaderAPI:
        """The header a client means; `safe` and `finalized` are the latest, as nothing is ever reorganised.

        Raises:
            Rejected: there is no such block.
        """
        try:
            return self._find_header(ref)
        except HeaderNotFound:
            raise Rejected("header not found") from None

    def has_block(self, ref: BlockRef) -> bool:
        try:
            self._find_header(ref)
        except HeaderNotFound:
            return False
        return True

    def _find_header(self, ref: BlockRef) -> BlockHeaderAPI:
        if ref == "pending":
            return self.pending_header()
        if isinstance(ref, bytes):
            return self._chain.get_block_header_by_hash(Hash32(ref))
        if ref in ("latest", "safe", "finalized"):
            return self.head
        number = 0 if isinstance(ref, str) else ref
        if number > self.head.block_number:
            raise HeaderNotFound(f"no block {number}")
        return self._chain.get_canonical_block_header_by_number(BlockNumber(number))

    def block(self, header: BlockHeaderAPI) -> BlockAPI:
        """The block with its transactions."""
        return self._chain.get_block_by_header(header)

    def vm(self, header: BlockHeaderAPI) -> VirtualMachineAPI:
        """A machine that executes in the context of `header`, on its state; its changes are thrown away."""
        return self._chain.get_vm(header)

    def state(self, ref: BlockRef) -> StateAPI:
        """The accounts after the block."""
        return self.vm(self.header_at(ref)).state

    def receipts(self, header: BlockHeaderAPI) -> tuple[ReceiptAPI, ...]:
        """The receipts of a mined block, in order; `gas_used` in them is cumulative."""
        builder = self._chain.get_vm_class(header).get_receipt_builder()
        return tuple(self._chain.chaindb.get_receipts(header, builder))

    def find_transaction(self, transaction_hash: bytes) -> Place | None:
        try:
            number, index = self._chain.chaindb.get_transaction_index(Hash32(transaction_hash))
        except TransactionNotFound:
            return None
        return Place(self._chain.get_canonical_block_header_by_number(number), index)

    # Writing

    def mine(self, transactions: Sequence[SignedTransactionAPI] = ()) -> BlockHeaderAPI:
        """Make the next block from transactions that `admission` let through, and keep it."""
        self._chain.header = self.pending_header()
        header = self._chain.header
        self._chain.mine_all(transactions, coinbase=header.coinbase)
        self.clock.sealed(header.timestamp)
        self.save()
        return self.head

    def save(self) -> None:
        """Make blocks and clock durable, when there is a state file."""
        self._store[_CLOCK_KEY] = str(self.clock.offset).encode()
        self._store.flush()

    def snapshot(self) -> Snapshot:
        return Snapshot(self._store.copy(), self.clock.offset, self.clock.exact)

    def restore(self, snapshot: Snapshot) -> None:
        self._store.restore(snapshot.values)
        self.clock.offset, self.clock.exact = snapshot.offset, snapshot.exact
        self.save()

    def close(self) -> None:
        self._store.close()

    def _claim_store(self) -> None:
        """Write the settings into a new store; refuse one that was made with others."""
        ours = json.dumps(self.settings.to_dict(), sort_keys=True).encode()
        if not self._store.exists(_SETTINGS_KEY):
            self._store[_SETTINGS_KEY] = ours
        elif self._store[_SETTINGS_KEY] != ours:
            made_with = self._store[_SETTINGS_KEY].decode()
            raise DevnetError(f"the state file was made with other settings; start the node with {made_with}")
        if self._store.exists(_CLOCK_KEY):
            self.clock.offset = int(self._store[_CLOCK_KEY])
