"""What a process is to do, out of API, indexer, jobs and audit."""

from __future__ import annotations

from enum import StrEnum

from contrafact.errors import InvalidInput


class Role(StrEnum):
    API = "api"
    INDEXER = "indexer"
    JOBS = "jobs"
    AUDIT = "audit"


def roles(only: str | None) -> frozenset[Role]:
    """`api,indexer` as roles; None is all of them. Raises InvalidInput."""
    if only is None:
        return frozenset(Role)
    names = [name.strip() for name in only.split(",") if name.strip()]
    known = {role.value for role in Role}
    if not names or not set(names) <= known:
        raise InvalidInput(f"{only!r} is nothing that can be run.", f"Choose of: {', '.join(Role)}; with commas.")
    return frozenset(Role(name) for name in names)
