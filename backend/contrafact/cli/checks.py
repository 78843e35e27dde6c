"""Checks as a table or as JSON, and the exit code that they end with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from contrafact.cli import output
from contrafact.ledger.checklist import Check, failed

CHECK_FAILED = 13


def table_of(checks: Sequence[Check]) -> Table:
    """A line for each check, with addresses in full: people copy them."""
    rows = [(check.name, check.verdict.value, check.found, check.advice) for check in checks]
    made = output.table(("check", "", "found", "what to do"), rows)
    for column in made.columns:
        column.overflow = "fold"
    return made


def document_of(checks: Sequence[Check]) -> dict[str, object]:
    """The checks for a machine: whether none failed, and each."""
    return {"ok": not failed(checks), "checks": [check.to_dict() for check in checks]}


def show_checks(title: str, checks: Sequence[Check]) -> None:
    """Prints the checks for a person."""
    bad = len(failed(checks))
    verdict = f"{output.counted(bad, 'check')} failed" if bad else "no check failed"
    output.show({}, False, title, table_of(checks), verdict)


def exit_code(checks: Iterable[Check]) -> int:
    """0, or 13 when one failed."""
    return CHECK_FAILED if failed(checks) else 0
