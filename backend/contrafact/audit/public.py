"""A report for people who look at it elsewhere: everything in words, of bounded length, and orders one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from contrafact.audit.advice import advice
from contrafact.audit.html import Gaps, grouped_gaps, grouped_tallies, headline, verdict_sentence
from contrafact.audit.money_table import TokenMoney, money_by_token
from contrafact.audit.outcomes import Finding, NotChecked, Subject
from contrafact.audit.report import AuditVerdict, Report
from contrafact.audit.rules import RULES

SCHEMA = "contrafact/own-audit/1"
MOST = 100
"""Findings that the document has, errors first; it counts all of them."""
SHOWN_IDS = 5


def public_document(report: Report) -> dict[str, Any]:
    """`contrafact/own-audit/1`: verdict, checks by rule, findings, money, and what was not checked and why."""
    funds = money_by_token(report.orders)
    gaps, excused = grouped_gaps(report.not_checked)
    by_hand = report.recipes()
    return {
        "schema": SCHEMA,
        "verdict": report.verdict.value,
        "headline": headline(report),
        "sentence": _sentence(report, funds),
        "beside": list(report.beside),
        "chain_id": report.chain_id,
        "block": report.block,
        "scope": dict(report.scope),
        "checks": report.done,
        "failed": len(report.errors),
        "warnings": len(report.warnings),
        "not_done": sum(gap.count for gap in gaps.values()),
        "findings": [_finding(finding, report, by_hand(finding)) for finding in report.findings[:MOST]],
        "gaps": _gaps(gaps),
        "excused": _gaps(excused),
        "money": [_money(of, report) for of in funds],
        "rules": _rules(report),
        "trust": [list(pair) for pair in report.trust.in_words()] if report.trust else [],
    }


def _sentence(report: Report, funds: Sequence[TokenMoney]) -> str:
    """The verdict for readers who asked for nothing: it is of everything."""
    if not report.orders and report.verdict is not AuditVerdict.FAILED:
        return f"Nobody had ordered a piece by block {report.block:,}, so no order was checked."
    return verdict_sentence(report, funds, decimals=2)


def order_documents(report: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the audit said of each order, by its id."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[_order_of(finding.subject)].append(finding)
    gaps: dict[str, list[NotChecked]] = defaultdict(list)
    for gap in report.not_checked:
        gaps[_order_of(gap.subject)].append(gap)
    by_hand = report.recipes()
    for order in report.orders:
        id_ = order.order_id
        yield (
            id_,
            {
                "order": id_,
                "verdict": order.verdict,
                "replay": order.replay,
                "block": report.block,
                "findings": [_finding(finding, report, by_hand(finding)) for finding in findings[id_]],
                "not_checked": [_gap(gap) for gap in gaps[id_]],
            },
        )


def _order_of(subject: Subject) -> str:
    return subject.id if subject.kind == "order" else ""


def _finding(finding: Finding, report: Report, by_hand: str) -> dict[str, Any]:
    loss = finding.loss
    amount = _text(loss.amount, loss.token, report) if loss else None
    return {
        "rule": finding.check,
        "means": RULES[finding.check].means,
        "severity": finding.severity.value,
        "kind": finding.subject.kind,
        "id": finding.subject.id,
        "message": finding.message,
        "missing": f"{amount} is missing. It belongs to: {loss.bearer}" if loss else None,
        "advice": advice(finding),
        "evidence": dict(finding.evidence),
        "by_hand": by_hand,
    }


def _gap(gap: NotChecked) -> dict[str, Any]:
    return {"rule": gap.check, "means": RULES[gap.check].means, "reason": gap.reason, "excused": gap.excused}


def _gaps(gaps: Gaps) -> list[dict[str, Any]]:
    return [
        {"rule": check, "means": RULES[check].means, "reason": reason, "kind": gap.kind, "count": gap.count}
        | {"ids": gap.ids[:SHOWN_IDS]}
        for (check, reason), gap in gaps.items()
    ]


def _money(of: TokenMoney, report: Report) -> dict[str, Any]:
    rows = (
        ("In: makers paid", of.escrowed),
        ("In: penalties, from operators’ bonds", of.penalties),
        ("Out: to rights holders", of.to_holders),
        ("Out: to training pools", of.to_pools),
        ("Out: operators’ fees", of.to_operators),
        ("Out: back to makers", of.to_makers),
        ("Held in escrow", of.held),
        ("Missing", of.missing),
    )
    shown = [
        {"name": name, "units": str(units), "text": _text(units, of.token, report)} for name, units in rows if units
    ]
    return {"token": of.token, "orders": of.orders, "rows": shown}


def _text(units: int, token: str, report: Report) -> str:
    known = report.tokens.get(token)
    return known.format(units) if known else f"{units} units"


def _rules(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "heading": heading,
            "rules": [
                {
                    "rule": check,
                    "means": RULES[check].means,
                    "done": tally.done,
                    "findings": tally.findings,
                    "not_checked": tally.not_checked + tally.left_out,
                }
                for check, tally in tallies.items()
            ],
        }
        for heading, tallies in grouped_tallies(report.tallies).items()
    ]
