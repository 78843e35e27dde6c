"""The funded accounts of the node, derived from a mnemonic as Hardhat and Anvil derive theirs."""

from __future__ import annotations

from dataclasses import dataclass

from eth_account import Account
from eth_account.hdaccount import key_from_seed, seed_from_mnemonic
from eth_utils.exceptions import ValidationError

from .errors import DevnetError

DEFAULT_MNEMONIC = "test test test test test test test test test test test junk"
DERIVATION_PATH = "m/44'/60'/0'/0/{index}"


@dataclass(frozen=True)
class DevAccount:
    """One funded account. Its private key is public knowledge: never send real money to it."""

    index: int
    address: str  # EIP-55 checksummed
    key: str  # 0x-prefixed, 32 bytes

    @property
    def raw_address(self) -> bytes:
        return bytes.fromhex(self.address[2:])


def derive_accounts(mnemonic: str, count: int) -> tuple[DevAccount, ...]:
    """Accounts 0 to `count` - 1 at `m/44'/60'/0'/0/i` (BIP-39 seed without passphrase, BIP-32, BIP-44).

    Raises:
        DevnetError: the words are not a valid BIP-39 mnemonic.
    """
    try:
        seed = seed_from_mnemonic(mnemonic, "")
    except (ValidationError, ValueError) as error:
        raise DevnetError(f"not a usable mnemonic: {error}") from error
    return tuple(_account(seed, index) for index in range(count))


def _account(seed: bytes, index: int) -> DevAccount:
    key = key_from_seed(seed, DERIVATION_PATH.format(index=index))
    return DevAccount(index, Account.from_key(key).address, "0x" + key.hex())
