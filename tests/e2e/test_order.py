"""An order from quote to audit, on a real chain with the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict
from contrafact.order.job import OrderJob
from contrafact.wiring.auditing import audit_site

from .town import Town, operator

pytestmark = pytest.mark.slow


def test_order_settles_to_the_unit_and_the_audit_finds_nothing(a_town: Town, tmp_path: Path) -> None:
    site = a_town.site(home=tmp_path)
    order_id = a_town.funded(site)
    finished = OrderJob.of(site.workshop(operator()), order_id, lambda step: None, lambda bar, bars: None).run()
    record = finished.record
    (funded,), (committed,) = site.reader.funded(order_id), site.reader.committed(order_id)
    due = funded.quote.settle(record.base_share, [source.share for source in record.sources])
    credited = {event.beneficiary: event.amount for event in site.reader.credited(order_id)}
    assert credited == dict(zip([*sorted(a_town.works), a_town.model_id], [*due.sources, due.pool], strict=True))
    assert (committed.operator_fee, committed.refunded) == (due.operator_fee, due.refunded)
    assert due.total == funded.escrowed
    assert finished.waiting == ()
    left = [site.reader.received(account) for account in site.reader.accounts()]
    assert 0 <= sum(left) - sum(event.amount for event in site.reader.paid()) < 2 * len(left)
    report = audit_site(site)
    assert report.verdict is AuditVerdict.OK, report.findings
