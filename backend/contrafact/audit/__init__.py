"""The audit: from a chain and a content store alone, rebuild every payment and replay every generation.

    report = audit(ledger, store, Tools(generator=…, renderer=…))
    report.verdict, report.findings, report.not_checked

It trusts no operator's database and no document: what is read is hashed again, what was computed is
computed again, and what cannot be checked is listed as such.
"""

from __future__ import annotations

from collections.abc import Callable

from contrafact.audit.html import to_html
from contrafact.audit.journal import Journal, pinned_block
from contrafact.audit.outcomes import Finding, Loss, NotChecked, Severity, Subject
from contrafact.audit.parallel import Opened, Opener
from contrafact.audit.ports import (
    AudioDecoder,
    AuditedLedger,
    Decoded,
    DeployedContract,
    LicensorSince,
    Tools,
)
from contrafact.audit.report import AuditVerdict, Report
from contrafact.audit.report_json import write_json
from contrafact.audit.royalties_svg import royalties_svg
from contrafact.audit.running import Audit, Plan
from contrafact.audit.scope import Replays, Scope
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
    "Opened",
    "Opener",
    "Plan",
    "Replays",
    "Report",
    "Scope",
    "Severity",
    "Subject",
    "Tools",
    "audit",
    "pinned_block",
    "royalties_svg",
    "to_html",
    "write_json",
]


def audit(
    ledger: AuditedLedger,
    store: ContentStore,
    tools: Tools | None = None,
    on_step: Callable[[str], None] = lambda step: None,
    plan: Plan | None = None,
) -> Report:
    """Checks everything that the ledger names, or what the plan's scope says; `on_step` is told what is being done.

    Bad evidence is a finding, and a store out of reach makes the report incomplete. Raises ChainError when the chain
    cannot be reached, NotFound for a scope that is not there, InvalidInput for the journal of another audit, Busy for
    one that another process writes, ComputeError when a worker is lost.
    """
    plan = plan or Plan()
    return Audit(ledger, store, tools or Tools(), on_step, plan, Journal(plan.journal)).run()
