"""The journal: transactions under way, as files, so that a process that is started anew goes on with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout
from hexbytes import HexBytes
from web3.types import TxParams

from contrafact.errors import ChainError, InvalidInput
from contrafact.ledger.transactions import transaction_hash
from contrafact.whole import write_whole

TURN_SECONDS = 120.0


@dataclass(slots=True)
class Pending:
    """A transaction under way. All its signed versions have one nonce, so that no more than one of them is mined."""

    transaction: TxParams
    """What was signed last: sender, nonce, fees and all."""
    versions: list[bytes] = field(default_factory=list)
    """Signed bytes, oldest first."""

    @property
    def sender(self) -> str:
        return str(self.transaction["from"])

    @property
    def nonce(self) -> int:
        return int(self.transaction["nonce"])

    @property
    def hashes(self) -> list[bytes]:
        """By which the chain knows the versions, newest first."""
        return [transaction_hash(raw) for raw in reversed(self.versions)]

    @property
    def name(self) -> str:
        """The newest version's hash as `0x…`, for people."""
        return f"0x{self.hashes[0].hex()}"


class Journal:
    """A folder with a file for each transaction under way; without a folder, nothing is kept.

    `chain` tells chains apart, also two development chains of one chain id: it is part of the files' names.
    """

    def __init__(self, folder: Path | None, chain: str) -> None:
        self._folder, self._chain = folder, chain

    def save(self, pending: Pending) -> None:
        """Writes the file, whole or not at all; must be done before the newest version is sent."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path(pending), json.dumps(_to_json(pending), indent=2).encode())

    def forget(self, pending: Pending) -> None:
        """Removes the file of a transaction that has come to its end."""
        if self._folder is not None and pending.versions:
            self._path(pending).unlink(missing_ok=True)

    @contextmanager
    def turn(self, sender: str) -> Iterator[None]:
        """Alone among the processes that share the folder, for as long as a nonce is chosen and used.

        Raises ChainError where others do not let go.
        """
        if self._folder is None:
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self._folder / f"{self._chain}-{sender.lower()}.lock", timeout=TURN_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise ChainError(f"Another process keeps sending from {sender}.", "Look at what it does there.") from None
        try:
            yield
        finally:
            lock.release()

    def of(self, sender: str) -> Iterator[Pending]:
        """The transactions of `sender` that an earlier process left under way, in their order. Raises InvalidInput."""
        if self._folder is not None and self._folder.is_dir():
            found = [_read(path) for path in self._folder.glob(f"{self._chain}-{sender.lower()}-*.json")]
            yield from sorted(filter(None, found), key=lambda pending: pending.nonce)

    def _path(self, pending: Pending) -> Path:
        first = transaction_hash(pending.versions[0]).hex()[:8]
        name = f"{self._chain}-{pending.sender.lower()}-{pending.nonce}-{first}.json"
        return cast(Path, self._folder) / name


def _to_json(pending: Pending) -> dict[str, Any]:
    given = {name: value for name, value in pending.transaction.items() if value != b""}  # a created contract's `to`
    plain = {name: "0x" + value.hex() if isinstance(value, bytes) else value for name, value in given.items()}
    return {"transaction": plain, "versions": ["0x" + raw.hex() for raw in pending.versions]}


def _read(path: Path) -> Pending | None:
    """None where another process has meanwhile seen it come to its end."""
    try:
        found = json.loads(path.read_text())
        pending = Pending(found["transaction"], [bytes(HexBytes(raw)) for raw in found["versions"]])
        if not pending.versions or pending.nonce < 0 or not pending.sender:
            raise ValueError("no version")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = f"{path}, which remembers a transaction under way, cannot be read."
        raise InvalidInput(text, "Look the transaction up, and remove the file.") from error
    return pending
