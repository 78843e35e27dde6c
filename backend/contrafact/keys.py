"""Keys come from files that only their owner can read, never from a command line.

Such a file holds one of:
- a private key, 64 hex digits;
- a keystore (Web3 Secret Storage, version 3, as geth, Clef, foundry and wallets write it), with a passphrase;
- the address of a signer that keeps the key itself, in TOML:

      signer = "http://127.0.0.1:8550"
      address = "0x…"
"""

from __future__ import annotations

import getpass
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from eth_account import Account
from eth_utils.address import is_address
from pydantic import SecretStr

from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.signer import ExternalSigner, Signer


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Where a keystore's passphrase comes from: given, else the first line of a file, else somebody is asked."""

    given: SecretStr | None = None
    file: Path | None = None

    def read(self, keystore: Path, setting: str) -> str:
        """Raises NotFound where there is none and nobody to ask, InvalidInput for a file that others can read."""
        if self.given is not None:
            return self.given.get_secret_value()
        if self.file is not None:
            return private_text(self.file, "passphrase").split("\n", 1)[0].removesuffix("\r")
        if sys.stdin is not None and sys.stdin.isatty():
            return getpass.getpass(f"Passphrase of {keystore}: ")
        name = f"CONTRAFACT_{setting.upper().removesuffix('_FILE')}_PASSPHRASE_FILE"
        raise NotFound(f"The keystore {keystore} needs a passphrase.", f"Set {name} to a file that holds it.")


def load_key(path: Path | None, setting: str, passphrase: Passphrase | None = None) -> Signer:
    """The account whose key, keystore or signer is in `path`.

    Raises NotFound when no file is set or there, InvalidInput when it is readable by others or holds no key, or
    when the passphrase is another's.
    """
    if path is None:
        raise NotFound("No key is set for this.", f"Set CONTRAFACT_{setting.upper()} to a file with the key.")
    content = private_text(path, "key").strip()
    if content.startswith("{"):
        return _from_keystore(path, content, (passphrase or Passphrase()).read(path, setting))
    if "=" in content:
        return _external(path, content)
    return _from_key(path, content)


def private_text(path: Path, what: str) -> str:
    """What a file holds that only its owner can read. Raises NotFound and InvalidInput."""
    try:
        mode, content = path.stat().st_mode, path.read_text(errors="replace")
    except OSError as error:
        raise NotFound(f"The {what} file {path} cannot be read: {error.strerror}.", "Check the path.") from error
    if mode & 0o077:
        raise InvalidInput(f"The {what} file {path} can be read by others.", f"Run: chmod 600 {path}")
    return content


def _from_key(path: Path, content: str) -> Signer:
    try:
        account: Signer = Account.from_key(content)
    except Exception:
        hint = "Expected 64 hex digits, a keystore, or the address of a signer."
        raise InvalidInput(f"The file {path} does not hold a private key.", hint) from None
    return account


def _from_keystore(path: Path, content: str, passphrase: str) -> Signer:
    try:
        store = json.loads(content)
        account: Signer = Account.from_key(Account.decrypt(store, passphrase))
        said = str(store.get("address") or account.address).lower().removeprefix("0x")
    except Exception as error:  # its text may repeat what is in the file
        if "MAC mismatch" in str(error):
            raise InvalidInput(f"The passphrase does not open the keystore {path}.", "Give its own one.") from None
        text = f"The file {path} is not a keystore."
        raise InvalidInput(text, "Expected Web3 Secret Storage, version 3.") from None
    if said != account.address.lower().removeprefix("0x"):
        text = f"The keystore {path} holds another key than that of its address: it is damaged."
        raise InvalidInput(text, "Restore it from a copy.")
    return account


def _external(path: Path, content: str) -> Signer:
    try:
        found = tomllib.loads(content)
        url, address = str(found["signer"]), str(found["address"])
        urlsplit(url).port  # noqa: B018 - it raises for what is no host or port
    except (ValueError, KeyError):
        url, address = "", ""
    if not url.startswith(("http://", "https://")) or not is_address(address):
        text = f"The file {path} names no signer."
        raise InvalidInput(text, 'Expected two lines: signer = "http://…" and address = "0x…".') from None
    return ExternalSigner(url, address)
