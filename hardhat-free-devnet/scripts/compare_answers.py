"""How two answers to one request differ: in codes, members and values, but for those of time and chance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

VOLATILE = {
    "hash", "blockHash", "parentHash", "stateRoot", "timestamp", "blockTimestamp", "mixHash", "size",
    "extraData", "message", "id", "accountProof", "reward", "receiptsRoot", "transactionsRoot", "miner",
}  # fmt: skip


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Where two answers differ, by path."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in ours or name not in theirs:
                yield f"{path}.{name} only {'ours' if name in ours else 'theirs'}"
            elif name not in VOLATILE:
                yield from differences(ours[name], theirs[name], f"{path}.{name}")
            elif (ours[name] is None) != (theirs[name] is None):
                yield f"{path}.{name}: {short(ours[name])} | {short(theirs[name])}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for position, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{path}[{position}]")
    elif ours != theirs:
        yield f"{path}: {short(ours)} | {short(theirs)}"


def short(value: object) -> str:
    return json.dumps(value)[:220]
