"""Where epochs in progress lie: one folder per pot, each file written once and whole."""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contrafact.domain.digests import to_hex
from contrafact.domain.epochs import EpochKey
from contrafact.errors import NotPermitted
from contrafact.whole import write_whole


class PotFolder:
    """Records of a pot's epochs, `epoch-N.json`, and what became of them: `epoch-N.closed` holds the transaction."""

    def __init__(self, home: Path, key: EpochKey) -> None:
        """`key` is that of any epoch of the pot."""
        place = f"{key.chain_id}-{key.pool[2:10].lower()}-{to_hex(key.model_id)[2:]}-{key.token[2:10].lower()}"
        self.path = home / "pools" / place

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process closes an epoch of this pot meanwhile. Raises NotPermitted where one does."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                text = "Another process is closing an epoch of this pot."
                raise NotPermitted(text, "Wait for its end, then look: contrafact pool show") from None
            yield

    def unfinished(self) -> bytes | None:
        """The record that was made last, unless its epoch is known to be closed."""
        made = sorted(self.path.glob("epoch-*.json"), key=_number)
        return made[-1].read_bytes() if made and not made[-1].with_suffix(".closed").exists() else None

    def keep(self, number: int, record: bytes) -> None:
        """Keeps a record that was made; from now on it is the one that the epoch is closed with."""
        (self.path / f"epoch-{number}.closed").unlink(missing_ok=True)  # of a development chain that is no more
        write_whole(self.path / f"epoch-{number}.json", record)

    def finish(self, number: int, transaction: str) -> None:
        """The epoch is closed."""
        write_whole(self.path / f"epoch-{number}.closed", f"{transaction}\n".encode())

    def set_aside(self, number: int) -> None:
        """The record does not fit the chain (any more): it is kept under another name."""
        made = self.path / f"epoch-{number}.json"
        made.replace(made.with_suffix(f".{uuid.uuid4().hex[:8]}.unused"))


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("epoch-"))
