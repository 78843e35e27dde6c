"""What `contrafact audit` says in the terminal: the verdict, what does not hold, what could not be checked, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from contrafact.audit import AuditVerdict, Finding, NotChecked, Report, Subject
from contrafact.audit.advice import OTHER_COPY
from contrafact.audit.amounts import amount
from contrafact.audit.by_hand import page
from contrafact.audit.outcomes import STORE
from contrafact.audit.rules import RULES
from contrafact.cli import output

SHOWN = 20
"""Findings, and ids of a gap, that are shown; the reports have all of them."""

_VERDICTS = {
    AuditVerdict.OK: "All was checked, and holds",
    AuditVerdict.FAILED: "Not everything holds",
    AuditVerdict.INCOMPLETE: "All that could be checked holds; not all could be",
}


def show_rules(as_json: bool) -> None:
    """Prints all rules: as the page `docs/audit-rules.md`, or as JSON."""
    output.show({"rules": [rule.to_dict() for rule in RULES.values()]}, as_json, page().rstrip("\n"))


def lines(report: Report) -> Iterator[str]:
    """The report in lines for a person, the verdict first."""
    yield f"{report.verdict.value}: {counted(report)}"
    sampled = report.verdict is AuditVerdict.OK and report.replays.is_sample
    yield f"{report.replays.verdict if sampled else _VERDICTS[report.verdict]}."
    if not report.orders:
        yield report.no_order
    yield from report.beside
    yield from _findings(report)
    yield from _gaps(report.not_checked)
    if report.trust is not None:
        yield "It rests on:"
        yield from (f"  {what}: {which}" for what, which in report.trust.in_words())


def counted(report: Report) -> str:
    """How much was checked."""
    gaps = Counter(gap.excused for gap in report.not_checked)
    parts = [f"{report.done} checks done, {len(report.errors)} failed, {gaps[False]} could not be done"]
    if report.warnings:
        parts.append(output.counted(len(report.warnings), "warning"))
    if gaps[True]:
        parts.append(f"{gaps[True]} left to the contracts' code")
    return ", ".join(parts)


def _findings(report: Report) -> Iterator[str]:
    for found in report.findings[:SHOWN]:
        what = f"{found.severity.value:<8}  {found.check:<16}  {_short(found.subject)}"
        yield f"{what}: {found.message}{_lost(report, found)}"
        if STORE in found.evidence:
            yield f"          {OTHER_COPY}"
    if len(report.findings) > SHOWN:
        yield f"… and {len(report.findings) - SHOWN} more: see the reports (--out, --json, --sarif)"


def _lost(report: Report, found: Finding) -> str:
    if found.loss is None:
        return ""
    return f" Missing: {amount(found.loss.amount, found.loss.token, report.tokens)}, of {found.loss.bearer}."


def _gaps(gaps: Sequence[NotChecked]) -> Iterator[str]:
    """One line for each check and reason, with whom it concerns."""
    groups = defaultdict(list)
    for gap in gaps:
        groups[gap.check, gap.reason, gap.excused].append(gap.subject)
    for (check, reason, excused), subjects in groups.items():
        what = "unseen" if excused else "not done"
        yield f"{what:<8}  {check:<16}  {_several(subjects)}: {reason}"


def _several(subjects: Sequence[Subject]) -> str:
    """One subject by its name, more of them by their number."""
    if len(subjects) == 1:
        return _short(subjects[0])
    return output.counted(len(subjects), subjects[0].kind)


def _short(subject: Subject) -> str:
    return f"{subject.kind} {output.short(subject.id)}".strip()
