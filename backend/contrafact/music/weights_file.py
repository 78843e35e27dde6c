"""Weights files as bytes: each has its SHA-256 in a file beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from contrafact.errors import NotFound, StoreError


def read(path: Path, hint: str) -> bytes:
    """Raises NotFound without the file; `hint` says where to get one."""
    if not path.is_file():
        raise NotFound(f"There is no file {path.name}.", hint)
    return path.read_bytes()


def read_checked(path: Path, hint: str) -> tuple[bytes, bytes]:
    """The file and its SHA-256. Raises NotFound without the file or its digest, StoreError where the two disagree."""
    data = read(path, hint)
    digest = hashlib.sha256(data)
    expected = read(path.with_suffix(".sha256"), hint).decode().split()[0]
    if digest.hexdigest() != expected:
        raise StoreError(f"{path.name} has SHA-256 {digest.hexdigest()}, expected {expected}.", hint)
    return data, digest.digest()
