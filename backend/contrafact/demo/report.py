"""`report.json`: the demo's figures for machines, and a check that its parts sum."""

from __future__ import annotations

from contrafact.audit import Report
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed, Credited, Funded, Paid
from contrafact.domain.record import AttributionRecord
from contrafact.ports import LedgerReader


def report(
    reader: LedgerReader, order_id: bytes, record: AttributionRecord, audit: Report, seconds: dict[str, float]
) -> dict[str, object]:
    """The figures of one order, read back from the chain. Amounts are decimal strings in units of the token."""
    (funded,), (committed,) = reader.funded(order_id), reader.committed(order_id)
    works = [source.work_id for source in funded.quote.sources]
    credited = [event for event in reader.credited() if event.order_id == order_id]
    payments = [event for event in reader.paid() if event.beneficiary in works]
    spent = funded.escrowed - committed.refunded
    return {
        "chain_id": reader.domain.chain_id,
        "works": len(reader.works()),
        "order": {
            "id": to_hex(order_id),
            "escrowed": str(funded.escrowed),
            "spent": str(spent),
            "refunded": str(committed.refunded),
            "token": funded.quote.token,
        },
        "shares": {to_hex(source.work_id): source.share for source in record.sources},
        "base_share": record.base_share,
        "payments": [
            {"work": to_hex(event.beneficiary), "holder": event.holder, "amount": str(event.amount)}
            for event in payments
        ],
        "spent_on": _spent_on(funded, committed, credited, payments),
        "audit": {"verdict": audit.verdict.value, "checks": audit.done, "failed": len(audit.errors)},
        "seconds": {step: round(value, 2) for step, value in seconds.items()},
        "digests": {
            "record": to_hex(record.digest()),
            "output": to_hex(record.mix.pcm),
            "model": to_hex(record.model_weights),
        },
    }


def _spent_on(funded: Funded, committed: Committed, credited: list[Credited], payments: list[Paid]) -> dict[str, str]:
    """What was spent, in four parts that sum to it: rounding leaves less than a unit per holder in the accounts."""
    works = [source.work_id for source in funded.quote.sources]
    earned = sum(event.amount for event in credited if event.beneficiary in works)
    paid = sum(event.amount for event in payments)
    pool = sum(event.amount for event in credited if event.beneficiary == funded.quote.model_id)
    return {
        "rights_holders": str(paid),
        "still_in_their_accounts": str(earned - paid),
        "training_pool": str(pool),
        "operator_fee": str(committed.operator_fee),
    }
