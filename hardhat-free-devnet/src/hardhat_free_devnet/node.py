"""The node that the RPC methods act on: a chain, its miner, its history, its accounts, and who listens."""

from __future__ import annotations

from pathlib import Path

from .accounts import DevAccount, derive_accounts
from .chain import DevChain, Moment
from .feed import Feed
from .filters import Filters
from .history import History
from .limits import Limits
from .mining import Miner
from .requests import BlockRef
from .settings import Settings
from .store import Store

DEFAULT_LIMITS = Limits()


class Node:
    """Not thread-safe: one thread at a time may use it."""

    def __init__(self, chain: DevChain, accounts: tuple[DevAccount, ...], limits: Limits) -> None:
        self.chain = chain
        self.accounts = accounts
        self.limits = limits
        self.feed = Feed()
        self.miner = Miner(chain, self.feed)
        self.history = History(self.miner)
        self.filters = Filters(self.feed, self.limits.filters)
        self.impersonated: set[bytes] = set()
        self.impersonates_all = False

    def account(self, address: bytes) -> DevAccount | None:
        """The funded account with this address, whose key the node holds."""
        return next((account for account in self.accounts if account.raw_address == address), None)

    def may_impersonate(self, address: bytes) -> bool:
        return self.impersonates_all or address in self.impersonated

    def moment(self, ref: BlockRef) -> Moment:
        """The block that a client means, as context of execution; `pending` holds what waits in the pool.

        Raises:
            Rejected: there is no such block.
        """
        return self.miner.pending() if ref == "pending" else self.chain.moment(ref)


def open_node(settings: Settings, state_file: Path | None = None, limits: Limits = DEFAULT_LIMITS) -> Node:
    """A node on a fresh chain, or on the one kept in `state_file`.

    Raises:
        DevnetError: the mnemonic is unusable, or the state file cannot be used with these settings.
    """
    accounts = derive_accounts(settings.mnemonic, settings.accounts)
    store = Store(state_file)
    try:
        balances = {account.raw_address: settings.balance for account in accounts}
        return Node(DevChain(settings, balances, store), accounts, limits)
    except BaseException:
        store.close()
        raise
