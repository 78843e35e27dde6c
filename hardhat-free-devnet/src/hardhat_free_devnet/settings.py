"""What a chain is made from. Fixed for its lifetime, and kept in the state file to recognise it again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .accounts import DEFAULT_MNEMONIC
from .errors import DevnetError

ETHER = 10**18
MAX_CHAIN_ID = 2**63 - 1  # EIP-155 puts 2 × id + 36 into v; clients hold it in 64 bits
MAX_ACCOUNTS = 1000


@dataclass(frozen=True)
class Settings:
    """Chain id, how many accounts, what each holds at the start (wei), and the mnemonic of their keys."""

    chain_id: int = 31337
    accounts: int = 20
    balance: int = 10_000 * ETHER
    mnemonic: str = DEFAULT_MNEMONIC
    gas_limit: int = 30_000_000

    def __post_init__(self) -> None:
        _check("chain id", self.chain_id, 1, MAX_CHAIN_ID)
        _check("number of accounts", self.accounts, 1, MAX_ACCOUNTS)
        _check("balance in wei", self.balance, 0, 2**128)
        _check("block gas limit", self.gas_limit, 5_000_000, 2**40)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def _check(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise DevnetError(f"{what} must lie between {low} and {high}, not {value}")
