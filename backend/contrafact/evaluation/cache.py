"""Results on disk by a digest of what they depend on, so that an evaluation that was interrupted goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from contrafact.domain.digests import canonical_json, sha256
from contrafact.whole import write_whole


class Cache:
    """JSON values by key, a file each; a file is there as a whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The value under `key`, made and kept if it is not there or cannot be read."""
        path = self._folder / f"{sha256(canonical_json(dict(key))).hex()}.json"
        try:
            return json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            value = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(value).encode())
        return value
