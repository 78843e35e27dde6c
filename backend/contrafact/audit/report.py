"""What an audit found, as one value, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from contrafact.audit.by_hand import reproduced
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Finding, NotChecked, Outcome, Passed, Severity
from contrafact.audit.rules import RULES
from contrafact.audit.summary import HolderPart, OrderSummary, Payment, summaries
from contrafact.audit.trust import Trust
from contrafact.domain.money import Currency

SCHEMA = "contrafact/audit/1"


class AuditVerdict(StrEnum):
    """`ok`: all was checked and holds. `failed`: something does not. `incomplete`: not all could be checked."""

    OK = "ok"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one check was done, how often it did not hold, and how often it could not be done."""

    done: int
    findings: int
    not_checked: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit. `scope` counts what was looked at; `tallies` has every check by its name.

    `trust` says what it rests on, where that is known.
    """

    chain_id: int
    block: int
    addresses: Mapping[str, str]
    scope: Mapping[str, int]
    tallies: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    orders: tuple[OrderSummary, ...]
    tokens: Mapping[str, Currency]
    trust: Trust | None = None

    @property
    def done(self) -> int:
        """Checks that were done."""
        return sum(tally.done for tally in self.tallies.values())

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def verdict(self) -> AuditVerdict:
        if self.errors:
            return AuditVerdict.FAILED
        return AuditVerdict.INCOMPLETE if any(not gap.excused for gap in self.not_checked) else AuditVerdict.OK

    def recipes(self) -> Callable[[Finding], str]:
        """How to reproduce a finding by hand, with its values."""
        orders = {order.order_id: order for order in self.orders}

        def recipe(finding: Finding) -> str:
            order = orders.get(finding.subject.id)
            known = {"OPERATOR": order.operator, "TOKEN": order.token} if order else {}
            return reproduced(finding, self.addresses, self.block, known)

        return recipe

    def to_dict(self) -> dict[str, object]:
        """The report for machines (`contrafact/audit/1`); amounts of money are decimal strings."""
        by_hand = self.recipes()
        return {
            "schema": SCHEMA,
            "verdict": self.verdict.value,
            "chain_id": self.chain_id,
            "block": self.block,
            "addresses": dict(self.addresses),
            "scope": dict(self.scope),
            "checks": {
                "done": self.done,
                "failed": len(self.errors),
                "warnings": len(self.warnings),
                "not_checked": len(self.not_checked),
            },
            "rules": {name: {"means": RULES[name].means, **asdict(tally)} for name, tally in self.tallies.items()},
            "trust": self.trust.to_dict() if self.trust else None,
            "findings": [{**_finding(finding), "by_hand": by_hand(finding)} for finding in self.findings],
            "not_checked": [_gap(gap) for gap in self.not_checked],
            "orders": [_order(order) for order in self.orders],
            "tokens": {address: asdict(info) for address, info in self.tokens.items()},
        }


def compile_report(evidence: Evidence, outcomes: Sequence[Outcome]) -> Report:
    """The report of all outcomes; errors come before warnings."""
    chain = evidence.chain
    findings = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    return Report(
        chain_id=chain.domain.chain_id,
        block=chain.block,
        addresses=chain.address,
        scope=_scope(evidence),
        tallies=_tallies(outcomes),
        findings=tuple(sorted(findings, key=lambda finding: finding.severity is Severity.WARNING)),
        not_checked=tuple(outcome for outcome in outcomes if isinstance(outcome, NotChecked)),
        orders=summaries(evidence, outcomes),
        tokens=evidence.storage.tokens,
    )


def _scope(evidence: Evidence) -> dict[str, int]:
    chain = evidence.chain
    return {
        "works": len(chain.works),
        "terms_versions": len(chain.terms),
        "models": len(chain.models),
        "orders": len(chain.funded),
        "committed": len(chain.committed),
        "refunded": len(chain.refunded),
        "operators": len({operator for operator, _ in evidence.storage.bond}),
        "credits": len(chain.credited),
        "payouts": len(chain.paid),
    }


def _tallies(outcomes: Sequence[Outcome]) -> dict[str, Tally]:
    counts = Counter((outcome.check, type(outcome)) for outcome in outcomes)
    return {name: _tally(counts[name, Passed], counts[name, Finding], counts[name, NotChecked]) for name in RULES}


def _tally(passed: int, found: int, not_checked: int) -> Tally:
    return Tally(passed + found, found, not_checked)


def _finding(finding: Finding) -> dict[str, object]:
    loss = finding.loss
    return {
        "check": finding.check,
        "subject": asdict(finding.subject),
        "severity": finding.severity.value,
        "message": finding.message,
        "evidence": dict(finding.evidence),
        "loss": {"token": loss.token, "amount": str(loss.amount), "bearer": loss.bearer} if loss else None,
    }


def _gap(gap: NotChecked) -> dict[str, object]:
    return {"check": gap.check, "subject": asdict(gap.subject), "reason": gap.reason, "excused": gap.excused}


def _order(order: OrderSummary) -> dict[str, object]:
    return {
        "id": order.order_id,
        "status": order.status.value,
        "verdict": order.verdict,
        "maker": order.maker,
        "operator": order.operator,
        "use": order.use,
        "seconds": order.seconds,
        "token": order.token,
        "escrowed": str(order.escrowed),
        "operator_fee": str(order.operator_fee),
        "returned": str(order.returned),
        "waiting": str(order.waiting),
        "replay": order.replay,
        "opinions": order.opinions.to_dict() if order.opinions else None,
        "payments": [_payment(payment) for payment in order.payments],
    }


def _payment(payment: Payment) -> dict[str, object]:
    return {
        "kind": payment.kind,
        "id": payment.id,
        "name": payment.name,
        "share": payment.share,
        "weight": payment.weight,
        "amount": str(payment.amount),
        "holders": [_part(part) for part in payment.holders],
        "rounding": str(payment.rounding),
    }


def _part(part: HolderPart) -> dict[str, object]:
    return {"holder": part.holder, "share": part.share, "amount": str(part.amount)}
