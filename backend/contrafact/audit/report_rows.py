"""The entries of `audit.json`; amounts of money are decimal strings."""

from __future__ import annotations

from dataclasses import asdict

from contrafact.audit.outcomes import Finding, NotChecked
from contrafact.audit.summary import HolderPart, OrderSummary, Payment


def finding_row(finding: Finding) -> dict[str, object]:
    loss = finding.loss
    return {
        "check": finding.check,
        "subject": asdict(finding.subject),
        "severity": finding.severity.value,
        "message": finding.message,
        "evidence": dict(finding.evidence),
        "loss": {"token": loss.token, "amount": str(loss.amount), "bearer": loss.bearer} if loss else None,
    }


def gap_row(gap: NotChecked) -> dict[str, object]:
    return {"check": gap.check, "subject": asdict(gap.subject), "reason": gap.reason, "excused": gap.excused}


def order_row(order: OrderSummary) -> dict[str, object]:
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
