"""All RPC methods; importing this package fills the table."""

from ..registry import METHODS
from . import accounts, blocks, execution, fees, general, time, transactions

__all__ = ["METHODS", "accounts", "blocks", "execution", "fees", "general", "time", "transactions"]
