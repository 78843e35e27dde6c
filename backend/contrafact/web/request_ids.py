"""The id of the request that is being answered, for logs."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-ID"
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The current request's id; empty outside of one."""
_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def id_for(given: str | None) -> str:
    """The id that the client gave, where it can be used, else a new one."""
    return given if given and _USABLE.fullmatch(given) else secrets.token_hex(8)
