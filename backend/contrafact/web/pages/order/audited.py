"""What the service's own audit says of an order; of a new one nothing yet, and then when the next audit is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contrafact.web.reads.audits import latest_audit, order_audit
from contrafact.web.services import Services

_SAID = {
    "ok": "It found nothing wrong with this order.",
    "failed": "It found that something of this order does not hold.",
    "incomplete": "It could not check everything of this order.",
}


@dataclass(frozen=True, slots=True)
class Audited:
    """`url` is that of the order's part of the report, where there is one; `next_at` is None where nobody knows."""

    sentence: str
    url: str = ""
    next_at: datetime | None = None


def audited(order: str, services: Services) -> Audited:
    if (found := order_audit(services, order)) is not None:
        gaps = len(found.not_checked)
        left = f" It left {gaps} kind{'' if gaps == 1 else 's'} of checks out." if gaps else ""
        return Audited(f"{_SAID[found.verdict]}{left}", f"/v1/orders/{order}/audit")
    standing, latest = services.audits.standing() if services.audits else None, latest_audit(services)
    if standing is not None and standing.step:
        return Audited("This order is not in it yet. A new audit is under way.")
    if standing is None or not standing.every:
        return Audited("This order is not in one, and this service makes no new ones.")
    if latest is None:
        return Audited("The first one begins about a minute after the service starts.")
    return Audited("This order is newer.", next_at=standing.next_at(latest.finished_at, newer=True))
