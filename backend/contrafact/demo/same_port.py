"""A port that stays the same from start to start, as long as nothing else has it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from contrafact.errors import ChainError

Start = Callable[[int], AbstractContextManager[str]]
"""Starts something on a port (0: a free one), and gives its URL. Raises ChainError."""


@contextmanager
def same_port(kept: Path, tell: Callable[[str], None], start: Start) -> Iterator[str]:
    """Starts on the port in the file `kept`, which is written the first time; on a free one where that is taken.

    What is kept then stays, for the next time. Raises ChainError.
    """
    port = _read(kept)
    with ExitStack() as running:
        try:
            url = running.enter_context(start(port))
        except ChainError:
            if not port or not _is_taken(port):
                raise
            tell(f"Port {port}, which the development chain had before, is taken: until the next start it has another.")
            tell("A wallet that keeps the chain's network must be told the new address.")
            url = running.enter_context(start(0))
        if not port:
            kept.write_text(f"{urlsplit(url).port}\n", "utf-8")
        yield url


def _read(kept: Path) -> int:
    """The port that is kept; 0 for none, and for what is none."""
    text = kept.read_text("utf-8").strip() if kept.exists() else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 65_536 else 0


def _is_taken(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
