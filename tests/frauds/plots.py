"""The frauds as they are committed: each by name, with who must be accused, and which checks must accuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contrafact.audit import Finding, Report
from contrafact.domain.digests import to_hex
from tests.e2e.tampering.stage import Scene

from .nodes import Logs

Act = Callable[[Scene], "bytes | str"]


@dataclass(frozen=True)
class Plot:
    """`act` commits the fraud and returns the id or address that a finding of one of `checks` must be about."""

    act: Act
    checks: tuple[str, ...]
    missed: str = ""
    """Why the audit does not find it, where it does not."""
    logs: Logs | None = None
    """How the auditor's node changes the events that it gives out, if it lies."""

    def found(self, report: Report, accused: bytes | str) -> list[Finding]:
        """The findings that tell of it, warnings included."""
        name = (accused if isinstance(accused, str) else to_hex(accused)).lower()
        about = [finding for finding in report.findings if name in finding.subject.id.lower()]
        return [finding for finding in about if finding.check in self.checks]


PLOTS: dict[str, Plot] = {}


def plot(name: str, *checks: str, missed: str = "", logs: Logs | None = None) -> Callable[[Act], Act]:
    """Enters the decorated act in `PLOTS`."""

    def enter(act: Act) -> Act:
        assert name not in PLOTS, name
        PLOTS[name] = Plot(act, checks, missed, logs)
        return act

    return enter
