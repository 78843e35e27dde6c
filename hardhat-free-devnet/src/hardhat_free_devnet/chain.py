"""One chain: its blocks and states, and the making of the next block. Not thread-safe; see `app`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from eth.abc import BlockHeaderAPI, SignedTransactionAPI, StateAPI, VirtualMachineAPI
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth_typing import BlockNumber, Hash32

from .building import Draft, build
from .clock import Clock
from .errors import Rejected
from .evm import BEACON_ROOT, advance, machine, open_chain, retreat
from .mined import Mined, Place, Snapshot
from .next_block import NextBlock
from .requests import BlockRef
from .settings import Settings
from .store import Overlay, Store, claim

_NOTE_KEY = b"devnet:"
_CLOCK = b"clock-offset"
_STATE_KEY = b"devnet:state-after:"
KEPT_BLOCKS = 1024  # decoded blocks in memory, with the senders that were recovered from signatures


@dataclass(frozen=True)
class Moment:
    """A block as the context of execution; `header.state_root` is the state after it, edits included."""

    chain: DevChain
    header: BlockHeaderAPI
    data: Overlay | None = None  # where the state is, when the block is a draft

    def vm(self, header: BlockHeaderAPI | None = None) -> VirtualMachineAPI:
        """A machine in this context, or that of another header, on this state; its changes get lost."""
        return self.chain.vm(header or self.header, self.data)

    @property
    def state(self) -> StateAPI:
        """The accounts after the block."""
        return self.vm().state


class DevChain:
    """A py-evm chain with a clock, over a store. A block is made when asked for, never by itself."""

    def __init__(
        self, settings: Settings, balances: Mapping[bytes, int], store: Store, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.next_block = NextBlock()
        self._store = store
        self._mined: dict[bytes, Mined] = {}
        self._random = os.urandom(32)
        self._head: BlockHeaderAPI | None = None  # as it was read, until it changes
        self._pending: tuple[object, BlockHeaderAPI] | None = None  # with what it was derived from
        self._accounts: tuple[bytes, StateAPI] | None = None  # with their state root
        claim(store, settings)
        for offset in self.notes(_CLOCK).values():
            self.clock.offset = int(offset)
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
        if self._head is None:
            self._head = self._chain.get_canonical_head()
        return self._head

    def pending_header(self) -> BlockHeaderAPI:
        """The header the next block would have if it were made now, still without transactions."""
        head = self.head
        fields = {
            "timestamp": self.clock.next_timestamp(head.timestamp),
            "state_root": self._state_root(head),
            "mix_hash": Hash32(self._random),
            **BEACON_ROOT,
            **self.next_block.fields(),
        }
        key = (head.hash, self.next_block, *fields.values())
        if self._pending is None or self._pending[0] != key:
            header = self._chain.create_header_from_parent(head, **fields)
            self._pending = (key, self.next_block.applied(header))
        return self._pending[1]

    def header_at(self, ref: BlockRef) -> BlockHeaderAPI:
        """The header of a mined block; `safe` and `finalized` are the latest.

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
        if isinstance(ref, bytes):
            return self._chain.get_block_header_by_hash(Hash32(ref))
        if ref in ("latest", "safe", "finalized"):
            return self.head
        number = 0 if isinstance(ref, str) else ref
        if number > self.head.block_number:
            raise HeaderNotFound(f"no block {number}")
        return self._chain.get_canonical_block_header_by_number(BlockNumber(number))

    def moment(self, ref: BlockRef) -> Moment:
        """The context of a mined block. Raises Rejected when there is none."""
        header = self.header_at(ref)
        root = self._state_root(header)
        return Moment(self, header if root == header.state_root else header.copy(state_root=root))

    def vm(self, header: BlockHeaderAPI, data: Overlay | None = None) -> VirtualMachineAPI:
        """A machine that executes in the context of `header`, on its state; its changes are thrown away."""
        return machine(self._chain, header, self._store if data is None else data)

    def accounts(self) -> StateAPI:
        """The accounts after the latest block, to be read alone: they are kept until the state changes."""
        root = self._state_root(self.head)
        if self._accounts is None or self._accounts[0] != root:
            self._accounts = (root, self.moment("latest").state)
        return self._accounts[1]

    def mined(self, header: BlockHeaderAPI) -> Mined:
        """The block with its transactions and their receipts."""
        kept = self._mined.get(header.hash)
        if kept is None:
            builder = self._chain.get_vm_class(header).get_receipt_builder()
            receipts = tuple(self._chain.chaindb.get_receipts(header, builder))
            kept = self._keep(Mined(self._chain.get_block_by_header(header), receipts))
        return kept

    def find_transaction(self, transaction_hash: bytes) -> Place | None:
        try:
            number, index = self._chain.chaindb.get_transaction_index(Hash32(transaction_hash))
        except TransactionNotFound:
            return None
        return Place(self._chain.get_canonical_block_header_by_number(number), index)

    # Writing

    def draft(self, candidates: Iterable[SignedTransactionAPI] = ()) -> Draft:
        """The next block as it would be now with these transactions, best first."""
        header, data = self.pending_header(), Overlay(self._store)
        return build(self.vm(header, data), header, candidates, data)

    def seal(self, draft: Draft) -> Mined:
        """Make the draft the latest block. It must have been drafted on the present one."""
        draft.data.commit()
        advance(self._chain, draft.block)
        self._head = draft.block.header
        self.clock.sealed(draft.block.header.timestamp)
        self.next_block = self.next_block.after()
        self._random = os.urandom(32)
        self.save()
        return self._keep(Mined(draft.block, draft.receipts))

    def edit_state(self, edit: Callable[[StateAPI], None]) -> None:
        """Change accounts after the latest block, without a transaction. The block itself stays as it is."""
        state = self.moment("latest").state
        edit(state)
        state.persist()
        self._store[_STATE_KEY + self.head.hash] = state.state_root
        self.save()

    def rewind(self, number: int) -> list[Mined]:
        """Make this block the latest one again; returns those that were above it, the highest first."""
        removed = []
        while self.head.block_number > number:
            removed.append(self.mined(self.head))
            retreat(self._chain, removed[-1].block)
            self._head = None
        self.save()
        return removed

    def forget_demands(self) -> None:
        """No edits of the latest state, no moved clock, nothing special about the next block."""
        if self._store.exists(_STATE_KEY + self.head.hash):
            del self._store[_STATE_KEY + self.head.hash]
        self.clock.settings = (0, None, None)
        self.next_block = NextBlock()
        self.save()

    def note(self, name: bytes, value: bytes) -> None:
        """Keep something beside the chain, from the next `save` on; snapshots contain it."""
        self._store[_NOTE_KEY + name] = value

    def forget(self, name: bytes) -> None:
        """Remove a note that is there."""
        del self._store[_NOTE_KEY + name]

    def notes(self, start: bytes) -> dict[bytes, bytes]:
        """All notes whose names start like this."""
        return self._store.starting(_NOTE_KEY + start)

    def save(self) -> None:
        """Make blocks, notes and clock durable, when there is a state file."""
        self.note(_CLOCK, str(self.clock.offset).encode())
        self._store.flush()

    def snapshot(self) -> Snapshot:
        return Snapshot(self._store.copy(), self.clock.settings, self.next_block)

    def restore(self, snapshot: Snapshot) -> None:
        self._store.restore(snapshot.values)
        self.clock.settings = snapshot.clock
        self.next_block = snapshot.next_block
        self._head = None
        self.save()

    def close(self) -> None:
        self._store.close()

    def _state_root(self, header: BlockHeaderAPI) -> Hash32:
        key = _STATE_KEY + header.hash
        return Hash32(self._store[key]) if self._store.exists(key) else header.state_root

    def _keep(self, mined: Mined) -> Mined:
        if len(self._mined) >= KEPT_BLOCKS:
            del self._mined[next(iter(self._mined))]
        self._mined[mined.header.hash] = mined
        return mined
