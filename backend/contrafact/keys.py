"""Private keys come from files that only their owner can read, never from a command line."""

from __future__ import annotations

from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from contrafact.errors import InvalidInput, NotFound


def load_key(path: Path | None, setting: str) -> LocalAccount:
    """The account whose private key (64 hex digits) is in `path`.

    Raises NotFound when no file is set or there, InvalidInput when it is readable by others or holds no key.
    """
    if path is None:
        raise NotFound("No key is set for this.", f"Set CONTRAFACT_{setting.upper()} to a file with the key.")
    try:
        mode, content = path.stat().st_mode, path.read_text(errors="replace")
    except OSError as error:
        raise NotFound(f"The key file {path} cannot be read: {error.strerror}.", "Check the path.") from error
    if mode & 0o077:
        raise InvalidInput(f"The key file {path} can be read by others.", f"Run: chmod 600 {path}")
    try:
        account: LocalAccount = Account.from_key(content.strip())
    except Exception:
        raise InvalidInput(f"The file {path} does not hold a private key.", "Expected 64 hex digits.") from None
    return account
