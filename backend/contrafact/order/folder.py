"""Where an order's work in progress lies: one folder per order, each file written once and whole."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from contrafact.domain.digests import to_hex
from contrafact.errors import Busy, NotFound


class OrderFolder:
    """Files of one order. A file is there completely or not at all, so a crash between two files resumes."""

    def __init__(self, home: Path, order_id: bytes) -> None:
        self.order_id = order_id
        self.path = home / "orders" / to_hex(order_id)

    def once(self, name: str, make: Callable[[], bytes], mode: int = 0o644) -> bytes:
        """The bytes of `name`, made by `make` the first time."""
        target = self.path / name
        if not target.exists():
            self._write(target, make(), mode)
        return target.read_bytes()

    def has(self, name: str) -> bool:
        return (self.path / name).exists()

    @property
    def is_quoted(self) -> bool:
        """Whether the order was quoted here: its offer and its secret are at hand."""
        return self.has("secret") and self.has("quote.json")

    def set_aside(self) -> None:
        """Puts all that was made for the order, but not what it was quoted with, into a folder of its own there.

        `attempt.json` goes last: where it still is, this is done again.
        """
        aside = self.path / f"set-aside-{len(list(self.path.glob('set-aside-*')))}"
        kept = ("secret", "quote.json", "readers.json", ".lock")
        made = [path for path in self.path.iterdir() if path.name not in kept and "set-aside-" not in path.name]
        aside.mkdir()
        for path in sorted(made, key=lambda path: path.name == "attempt.json"):
            path.rename(aside / path.name)

    def read(self, name: str) -> bytes:
        """The bytes of `name`. Raises NotFound for an order that this operator never quoted."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            text = f"Order {to_hex(self.order_id)} has no {name} in {self.path}."
            raise NotFound(text, "Was it quoted by this operator, with the same home folder?") from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Alone with the order: no other thread or process of this machine holds its folder meanwhile.

        Raises Busy where one does. A process that is killed holds nothing any more.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            text = f"Another process works on order {to_hex(self.order_id)}."
            raise Busy(text, "Let it finish; `contrafact jobs show` says how far it is.") from None
        try:
            yield
        finally:
            lock.release()

    def _write(self, target: Path, data: bytes, mode: int) -> None:
        """Writes beside the order's files, never into `delivery/`, and under a name of its own for each writer."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path / f".partial-{uuid.uuid4().hex}"
        try:
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _place(partial, target)
        finally:
            partial.unlink(missing_ok=True)  # each try on a full disk would leave another one


def _place(partial: Path, target: Path) -> None:
    """Gives the file its name, unless another process did meanwhile: the first stays, since a signature may differ."""
    try:
        os.link(partial, target)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        partial.replace(target)
