"""The node that the RPC methods act on: a chain, its funded accounts and the snapshots taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from eth.abc import BlockHeaderAPI, SignedTransactionAPI
from eth_utils.exceptions import ValidationError

from .accounts import DevAccount, derive_accounts
from .admission import check_transaction
from .chain import DevChain, Snapshot
from .errors import Rejected
from .settings import Settings
from .store import Store


@dataclass
class Node:
    """Not thread-safe: one thread at a time may use it."""

    chain: DevChain
    accounts: tuple[DevAccount, ...]
    _snapshots: dict[int, Snapshot] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def account(self, address: bytes) -> DevAccount | None:
        """The funded account with this address, whose key the node holds."""
        return next((account for account in self.accounts if account.raw_address == address), None)

    def send(self, transaction: SignedTransactionAPI) -> BlockHeaderAPI:
        """Check the transaction and mine it in a block of its own.

        Raises:
            Rejected: it may not enter a block. (One that enters and fails has a receipt that says so.)
        """
        check_transaction(self.chain, transaction)
        try:
            return self.chain.mine([transaction])
        except ValidationError as error:  # what py-evm checks beyond `admission`
            raise Rejected(f"invalid transaction: {error}") from error

    def take_snapshot(self) -> int:
        """Remember this moment under a new id."""
        number = next(self._ids)
        self._snapshots[number] = self.chain.snapshot()
        return number

    def revert(self, number: int) -> bool:
        """Go back to a snapshot, which it uses up along with all later ones; False when there is none."""
        if number not in self._snapshots:
            return False
        self.chain.restore(self._snapshots[number])
        self._snapshots = {other: kept for other, kept in self._snapshots.items() if other < number}
        return True


def open_node(settings: Settings, state_file: Path | None = None) -> Node:
    """A node on a fresh chain, or on the one kept in `state_file`.

    Raises:
        DevnetError: the mnemonic is unusable, or the state file cannot be used with these settings.
    """
    accounts = derive_accounts(settings.mnemonic, settings.accounts)
    store = Store(state_file)
    try:
        chain = DevChain(settings, {account.raw_address: settings.balance for account in accounts}, store)
    except BaseException:
        store.close()
        raise
    return Node(chain, accounts)
