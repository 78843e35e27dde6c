"""Keeps secrets out of logs: by the names of fields, by what stands around them in a text, and by value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

REDACTED = "[redacted]"
_NAMES = re.compile(
    r"passphrase|password|passwd|secret|private.?key|api.?key|^key$|_key$|mnemonic|authorization|cookie|credential|bearer"
    r"|session_?id|access.?token|csrf",
    re.IGNORECASE,
)
_HARMLESS = frozenset({"cache_key", "idempotency_key", "musical_key"})
_PATTERNS = (
    (re.compile(r"(?i)\b(authorization|cookie|set-cookie)(\W{1,4})[^\r\n]+"), r"\1\2" + REDACTED),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 " + REDACTED),
    (
        re.compile(
            r"(?i)\b(private[ _-]?key|secret|passphrase|password|mnemonic)([\"']?\s*(?:[:=]|\bis\b)\s*[bu]?)"
            r"(\"[^\"]*\"|'[^']*'|\S+)"
        ),
        r"\1\2" + REDACTED,
    ),
    (re.compile(r"(\w+://)[^\s/@:]+:[^\s/@]+@"), r"\1" + REDACTED + "@"),
    (re.compile(r"AGE-SECRET-KEY-1[0-9A-Za-z]+"), REDACTED),
)
_SHORTEST = 8
"""Characters: a known secret that is shorter is not looked for in texts, which would lose harmless words."""

EventDict = MutableMapping[str, Any]


def redactor(known: Iterable[str] = ()) -> Callable[[Any, str, EventDict], EventDict]:
    """A processor for structlog. `known` are secrets of this process, replaced wherever they stand.

    A hex key is known with and without `0x`, in either case.
    """
    values = {value.strip().removeprefix("0x") for value in known}
    kept = sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)
    by_value = re.compile("|".join(map(re.escape, kept)), re.IGNORECASE) if kept else None

    def text(value: str) -> str:
        if by_value is not None:
            value = by_value.sub(REDACTED, value)
        for pattern, put in _PATTERNS:
            value = pattern.sub(put, value)
        return value

    def clean(name: str, value: Any) -> Any:
        if _is_secret(name) and value is not None:
            return REDACTED
        if isinstance(value, Mapping):
            return {key: clean(str(key), inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [clean("", inner) for inner in value]
        if isinstance(value, bytes | bytearray):
            return text(f"0x{bytes(value).hex()}")
        return value if isinstance(value, int | float | bool) or value is None else text(str(value))

    def process(_: Any, __: str, event: EventDict) -> EventDict:
        for name in list(event):
            if not name.startswith("_"):  # those are structlog's own
                event[name] = clean(name, event[name])
        return event

    return process


def _is_secret(name: str) -> bool:
    return bool(_NAMES.search(name)) and name.lower() not in _HARMLESS
