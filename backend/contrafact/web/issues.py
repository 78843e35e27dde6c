"""What hindered a job, as everybody may read it."""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.web.schemas.fields import Issue


def issue(error: Mapping[str, str] | None) -> Issue | None:
    if not error:
        return None
    return Issue(code=error.get("code", "error"), message=error.get("message", ""), hint=error.get("hint", ""))
