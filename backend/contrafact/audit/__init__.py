"""The audit: from a chain and a content store alone, rebuild every payment and replay every generation.

    report = audit(ledger, store, Tools(generator=…, renderer=…))
    report.verdict, report.findings, report.not_checked

It trusts no operator's database and no document: what is read is hashed again, what was computed is
computed again, and what cannot be checked is listed as such.
"""

from __future__ import annotations

from collections.abc import Callable

from contrafact.audit.checks import judge_all
from contrafact.audit.gather import gather
from contrafact.audit.html import to_html
from contrafact.audit.outcomes import Finding, Loss, NotChecked, Severity, Subject
from contrafact.audit.ports import (
    AudioDecoder,
    AuditedLedger,
    Decoded,
    DeployedContract,
    LicensorSince,
    Tools,
)
from contrafact.audit.report import AuditVerdict, Report, compile_report
from contrafact.audit.royalties_svg import royalties_svg
from contrafact.ports import ContentStore

__all__ = [
    "AudioDecoder",
    "AuditVerdict",
    "AuditedLedger",
    "Decoded",
    "DeployedContract",
    "Finding",
    "LicensorSince",
    "Loss",
    "NotChecked",
    "Report",
    "Severity",
    "Subject",
    "Tools",
    "audit",
    "royalties_svg",
    "to_html",
]


def audit(
    ledger: AuditedLedger,
    store: ContentStore,
    tools: Tools | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> Report:
    """Checks everything that the ledger names; `on_step` is told what is being read or replayed.

    Bad evidence is a finding, and a store out of reach makes the report incomplete. Raises ChainError when
    the chain cannot be reached.
    """
    evidence = gather(ledger, store, tools or Tools(), on_step)
    return compile_report(evidence, list(judge_all(evidence)))
