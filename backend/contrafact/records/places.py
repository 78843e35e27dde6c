"""Where on this machine's disks a content store lies, by what a person writes for it."""

from __future__ import annotations

from pathlib import Path

_ELSEWHERE = ("/ip4/", "/ip6/", "/dns/", "/dns4/", "/dns6/", "http://", "https://")


def folder_of(spec: str) -> Path | None:
    """The folder that `spec` names, the first of several with commas; None where all of them are IPFS nodes."""
    parts = [part.strip() for part in spec.split(",")]
    folders = [part.removeprefix("folder:") for part in parts if not part.startswith(_ELSEWHERE)]
    return Path(folders[0]).expanduser() if folders else None
