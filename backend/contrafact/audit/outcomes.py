"""What a check says: it passed, it found something, or it could not be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from contrafact.audit.results import Done, Failed, Result, Skipped

T = TypeVar("T")
STORE = "store"  # as `Judge.had` names it
"""The evidence that says how the auditor's own copy of the content store fails: a `Lack`."""


class Severity(StrEnum):
    """An error makes the audit fail; a warning is for a reader to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check is about: its kind (`order`, `work`, `account`, …) and its id or address."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Loss:
    """Money that is missing, in units of `token`, and whose it is."""

    token: str
    amount: int
    bearer: str


@dataclass(frozen=True, slots=True)
class Passed:
    check: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold; `evidence` are the values that show it, as text."""

    check: str
    subject: Subject
    severity: Severity
    message: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    loss: Loss | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A check that could not be done, and why.

    `excused`: nobody could do it from here, and the code of the contracts, which is checked, did it when it counted.
    Such a gap does not make an audit incomplete.
    """

    check: str
    subject: Subject
    reason: str
    excused: bool = False


Outcome = Passed | Finding | NotChecked
Outcomes = Iterator[Outcome]


@dataclass(frozen=True, slots=True)
class Judge:
    """Words outcomes about one subject; `severity` is that of a finding which names no other."""

    subject: Subject
    severity: Severity = Severity.ERROR

    def that(
        self,
        check: str,
        holds: bool,
        message: str,
        *,
        severity: Severity | None = None,
        loss: Loss | None = None,
        **evidence: object,
    ) -> Outcome:
        """Passed where `holds`, else a finding with `message`."""
        if holds:
            return Passed(check, self.subject)
        shown = {name: show(value) for name, value in evidence.items()}
        return Finding(check, self.subject, severity or self.severity, _writable(message), shown, loss)

    def equal(self, check: str, found: object, expected: object, message: str, *, loss: Loss | None = None) -> Outcome:
        """Passed where `found == expected`, else a finding that shows both."""
        return self.that(check, found == expected, message, loss=loss, found=found, expected=expected)

    def paid(self, check: str, found: int, expected: int, message: str, token: str, bearer: str) -> Outcome:
        """Passed where the amounts are equal, to the unit; what is missing is the loss of `bearer`."""
        loss = missing(token, expected - found, bearer)
        return self.that(
            check, found == expected, message, loss=loss, found_units=found, expected_units=expected, token=token
        )

    def had(self, check: str, result: Result[T], message: str) -> Outcome:
        """Passed where the evidence is there, a finding where it should be, not checked where nobody could look.

        The finding's evidence names what the `store` did wrong, where that is all: `missing` or `damaged`.
        """
        if isinstance(result, Skipped):
            return self.skip(check, result.reason)
        reason = result.reason if isinstance(result, Failed) else ""
        if isinstance(result, Failed) and result.lack:
            return self.that(check, False, f"{message} {reason}", store=result.lack)
        return self.that(check, isinstance(result, Done), f"{message} {reason}")

    def skip(self, check: str, reason: str) -> Outcome:
        return NotChecked(check, self.subject, _writable(reason))

    def excused(self, check: str, reason: str) -> Outcome:
        return NotChecked(check, self.subject, _writable(reason), excused=True)


def missing(token: str, amount: int, bearer: str) -> Loss | None:
    """The loss of an amount, where it is above zero."""
    return Loss(token, amount, bearer) if amount > 0 else None


def show(value: object) -> str:
    """A value as a reader sees it: bytes in hex, a missing value as `nothing`."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(map(show, value)) or "nothing"
    return "nothing" if value is None else _writable(str(value))


def _writable(text: str) -> str:
    """What others have written may hold halves of characters, which no report can be written with."""
    return text.encode(errors="replace").decode()
