"""Certificates: what a delivered audio file carries, signed by its operator (C2PA). Speaks to no chain.

signed = signing.sign(audio, "audio/flac", claims, credential)
found = reading.read(signed, "audio/flac")     # claims, whether the bytes are untouched, who signed, for which operator

The packages that this needs are in the extra `certificates`; `is_installed()` says whether they are there.
"""

from __future__ import annotations

from importlib.util import find_spec

from contrafact.errors import NotFound

MEDIA_TYPES = {"flac": "audio/flac", "wav": "audio/wav", "mp3": "audio/mpeg"}
"""The files that can carry a certificate, by their names' ends."""


def is_installed() -> bool:
    """Whether the packages of the extra `certificates` are there."""
    return all(find_spec(name) is not None for name in ("c2pa", "cryptography", "cbor2"))


def require_installed() -> None:
    """Raises NotFound where they are not."""
    if not is_installed():
        text = "This needs what signs and reads certificates, which is not installed."
        raise NotFound(text, "Run: pip install 'contrafact[certificates]'")
