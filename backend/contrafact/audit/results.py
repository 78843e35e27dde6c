"""A piece of evidence that was looked for: had, missing or wrong, or out of reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from contrafact.errors import ContrafactError

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """Evidence that could be had."""

    value: T


class Lack(StrEnum):
    """What is wrong with a store that was asked, of which whoever signed the digest need not know."""

    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Failed:
    """Evidence that should be there and is not, or is not what it should be.

    `lack` is what the store that was asked did wrong; None where the evidence itself is wrong.
    """

    reason: str
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Evidence that could not be looked for: no tool, no store, or nothing to start from."""

    reason: str


Result = Done[T] | Failed | Skipped


def then(result: Result[T], step: Callable[[T], U]) -> Result[U]:
    """`step` of the evidence, where there is any; Failed where it raises an error of the project."""
    if not isinstance(result, Done):
        return result
    try:
        return Done(step(result.value))
    except ContrafactError as error:
        return Failed(str(error))


def presence(result: Result[T]) -> Result[None]:
    """The result without its value, for what is too large to keep."""
    return Done(None) if isinstance(result, Done) else result


NOT_SAMPLED = "Not generated again, as you asked."
NO_FILES = "Not read: this audit was asked to leave sound files out."
LEFT_OUT = frozenset({NOT_SAMPLED, NO_FILES})
"""Reasons of what the auditor asked to leave out. It is counted apart from what could not be checked."""
