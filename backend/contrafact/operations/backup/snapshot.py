"""What a backup consists of: the files of one moment, by their place, digest, size and mode."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from contrafact.errors import InvalidInput

FORMAT = "contrafact/backup/1"
_LEFT_OUT = re.compile(r"\.part$|\.lock$|\.(db|sqlite3?)(-wal|-shm|-journal)?$")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts lie on this machine. `store` is None where the content lies in an IPFS node."""

    home: Path
    deployment: Path
    store: Path | None

    def roots(self) -> Mapping[str, Path]:
        found = {"home": self.home, "deployment": self.deployment}
        return found | ({"store": self.store} if self.store else {})

    def of(self, file: Entry) -> Path:
        """Where a file belongs. Raises InvalidInput for a path that leads elsewhere, or a part that has no place."""
        root, path = self.roots().get(file.part), PurePosixPath(file.path)
        if root is None:
            text = "This backup holds a content store, and the settings name an IPFS node."
            raise InvalidInput(text, "Restore it into a folder first: --store folder:PATH.")
        if path.is_absolute() or ".." in path.parts:
            raise InvalidInput(f"The backup names the path {file.path}.", "It is not one of this program's.")
        return root if file.part == "deployment" else root / path


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its part, its path below that part, the SHA-256 of its bytes in hex, their number, and its mode."""

    part: str
    path: str
    sha256: str
    size: int
    mode: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one moment; `taken_at` in UTC, as `20260131T235959Z`."""

    taken_at: str
    files: tuple[Entry, ...]

    def to_bytes(self) -> bytes:
        document = {"format": FORMAT, "taken_at": self.taken_at, "files": [asdict(file) for file in self.files]}
        return json.dumps(document, indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises InvalidInput for what is no snapshot."""
        try:
            document = json.loads(data)
            if document["format"] != FORMAT:
                raise ValueError(document["format"])
            return cls(str(document["taken_at"]), tuple(Entry(**file) for file in document["files"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("This is no snapshot of a backup.", "Name the folder of a backup.") from error


def files_of(places: Places) -> Iterator[tuple[str, str, Path]]:
    """Part, path and place of every whole file but databases, which are made anew.

    What is being written has a hidden name, or ends with `.part`.
    """
    for part, root in places.roots().items():
        if root.is_file():
            yield part, root.name, root
            continue
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and not _LEFT_OUT.search(path.name):
                yield part, path.relative_to(root).as_posix(), path
