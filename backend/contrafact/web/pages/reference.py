"""The OpenAPI document as people read it: operations by their tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contrafact.web.openapi import needs_session, operations


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its method in capitals, its path, what it does, and whether somebody must have signed in."""

    method: str
    path: str
    description: str
    needs_session: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Operations of one tag."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def reference(document: Mapping[str, Any]) -> list[Group]:
    """The groups in the document's order, without those that have no operation."""
    rows = [(one, _operation(path, method, one)) for path, method, one in operations(document)]
    groups = [
        Group(tag["name"], tag["description"], tuple(shown for one, shown in rows if tag["name"] in one["tags"]))
        for tag in document.get("tags", [])
    ]
    return [group for group in groups if group.operations]


def _operation(path: str, method: str, one: Mapping[str, Any]) -> Operation:
    return Operation(method.upper(), path, one.get("description", ""), needs_session(one))
