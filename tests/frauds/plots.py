"""The frauds as they are committed: each by name, with who must be accused, and which checks must accuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contrafact.audit import Finding, Report
from contrafact.domain.digests import to_hex
from tests.e2e.tampering.stage import Scene

Act = Callable[[Scene], "bytes | str"]


@dataclass(frozen=True)
class Plot:
    """`act` commits the fraud and returns the id or address that a finding of one of `checks` must be about."""

    act: Act
    checks: tuple[str, ...]
    missed: str = ""
    """Why the audit does not find it, where it does not."""

    def found(self, report: Report, accused: bytes | str) -> list[Finding]:
        """The errors that tell of it."""
        name = accused if isinstance(accused, str) else to_hex(accused)
        about = [finding for finding in report.errors if finding.subject.id.lower() == name.lower()]
        return [finding for finding in about if finding.check in self.checks]


PLOTS: dict[str, Plot] = {}


def plot(name: str, *checks: str, missed: str = "") -> Callable[[Act], Act]:
    """Enters the decorated act in `PLOTS`."""

    def enter(act: Act) -> Act:
        assert name not in PLOTS, name
        PLOTS[name] = Plot(act, checks, missed)
        return act

    return enter
