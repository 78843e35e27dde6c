"""The report as SARIF 2.1.0 (OASIS), which code scanners and their viewers read.

A finding is a result of kind `fail`; a check that could not be done is one of kind `open`, or `informational` where the
contracts' own code has judged it. Checks that hold are counted, not listed. Places are logical: an order, a work, an
account has no file and no line.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from contrafact.audit.outcomes import Finding, Loss, NotChecked, Subject
from contrafact.audit.report import AuditVerdict, Report
from contrafact.audit.rules import RULES, Rule, group
from contrafact.domain.digests import canonical_json, sha256

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
EXIT_CODES = {AuditVerdict.OK: 0, AuditVerdict.FAILED: 10, AuditVerdict.INCOMPLETE: 11}
"""What `contrafact audit` exits with."""

_PLACES = {name: place for place, name in enumerate(RULES)}


def to_sarif(report: Report) -> dict[str, Any]:
    """The log, with one run. Amounts of money are decimal strings."""
    run = {
        "tool": {"driver": _driver()},
        "invocations": [_invocation(report)],
        "results": list(_results(report)),
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": report.verdict.value,
            "scope": dict(report.scope),
            "checksDone": report.done,
            "trust": report.rests_on(),
        },
    }
    return {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}


def _driver() -> dict[str, Any]:
    return {
        "name": "Contrafact audit",
        "semanticVersion": version("contrafact"),
        "rules": [_rule(rule) for rule in RULES.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    explained = f"Should hold: {rule.means}. It guards: {rule.guards.value}. A breach is: {rule.gravity}."
    return {
        "id": rule.name,
        "shortDescription": {"text": f"{rule.means}."},
        "fullDescription": {"text": explained},
        "help": {
            "text": f"{explained}\n\nBy hand:\n\n{rule.by_hand}",
            "markdown": f"{explained}\n\nBy hand:\n\n```\n{rule.by_hand}\n```",
        },
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"group": group(rule.name), "guards": rule.guards.name.lower()},
    }


def _invocation(report: Report) -> dict[str, Any]:
    """It succeeded: the audit came to its end, whatever it found."""
    return {"executionSuccessful": True, "exitCode": EXIT_CODES[report.verdict]}


def _results(report: Report) -> Iterator[dict[str, Any]]:
    by_hand = report.recipes()
    for finding in report.findings:
        properties = {"evidence": dict(finding.evidence), "loss": _loss(finding.loss), "byHand": by_hand(finding)}
        yield _result(finding, finding.message, "fail", finding.severity.value) | {"properties": properties}
    for gap in report.not_checked:
        yield _result(gap, f"Not checked: {gap.reason}", "informational" if gap.excused else "open", "none")


def _result(outcome: Finding | NotChecked, message: str, kind: str, level: str) -> dict[str, Any]:
    return {
        "ruleId": outcome.check,
        "ruleIndex": _PLACES[outcome.check],
        "kind": kind,
        "level": level,
        "message": {"text": message},
        "locations": [{"logicalLocations": [_location(outcome.subject)]}],
        "partialFingerprints": {"subjectAndMessage/v1": _fingerprint(outcome, message)},
    }


def _location(subject: Subject) -> dict[str, str]:
    return {"name": subject.id, "fullyQualifiedName": f"{subject.kind}/{subject.id}", "kind": subject.kind}


def _fingerprint(outcome: Finding | NotChecked, message: str) -> str:
    """Stays the same from one audit to the next, so that viewers tell what is new."""
    return sha256(canonical_json([outcome.check, outcome.subject.kind, outcome.subject.id, message])).hex()


def _loss(loss: Loss | None) -> dict[str, str] | None:
    return {"token": loss.token, "amount": str(loss.amount), "bearer": loss.bearer} if loss else None
