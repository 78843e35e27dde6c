"""All RPC methods; importing this package fills the table."""

from ..registry import METHODS
from . import (
    accounts,
    blocks,
    demands,
    execution,
    fees,
    filters,
    general,
    history,
    mining,
    pool,
    signing,
    subscriptions,
    time,
    transactions,
)

__all__ = [
    "METHODS",
    "accounts",
    "blocks",
    "demands",
    "execution",
    "fees",
    "filters",
    "general",
    "history",
    "mining",
    "pool",
    "signing",
    "subscriptions",
    "time",
    "transactions",
]
