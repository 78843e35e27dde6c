"""One account as files: its key, and a keystore with a passphrase."""

from __future__ import annotations

from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

PASSPHRASE = "correct horse battery staple"
KEY: LocalAccount = Account.from_key("0x" + "5e" * 32)


def private(path: Path, content: str) -> Path:
    """The file, which only its owner can read."""
    path.write_text(content)
    path.chmod(0o600)
    return path
