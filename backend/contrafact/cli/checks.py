"""Checks as a table or as JSON, and the exit code that they end with."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from contrafact.cli import output
from contrafact.ledger.checklist import Check, failed

CHECK_FAILED = 13


def table_of(checks: Sequence[Check]) -> Table:
    """A line for each check."""
    rows = [(check.name, check.verdict.value, check.found, check.advice) for check in checks]
    return output.table(("check", "", "found", "what to do"), rows)


def show_checks(title: str, checks: Sequence[Check], as_json: bool, **about: object) -> int:
    """Prints the checks. Returns the exit code: 0, or 13 when one failed."""
    bad = failed(checks)
    document = {**about, "ok": not bad, "checks": [check.to_dict() for check in checks]}
    verdict = f"{output.counted(len(bad), 'check')} failed" if bad else "no check failed"
    output.show(document, as_json, title, table_of(checks), verdict)
    return CHECK_FAILED if bad else 0
