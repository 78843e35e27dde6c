"""An order on another project's node, where blocks come by the clock, one URL is moody, and history is reorganised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict
from contrafact.order.job import OrderJob
from contrafact.wiring.auditing import audit_site
from tests.clients.anvil import Anvil
from tests.ledger.proxy import Request, Status, every, limit_logs, proxy

from .town import found, operator, settings_in

pytestmark = pytest.mark.slow


def as_public_nodes_do(request: Request) -> str | bytes | Status | None:
    """Few blocks of logs at once, and every eleventh request one too many."""
    return LIMITED(request) or FEW_BLOCKS(request)


LIMITED, FEW_BLOCKS = every(11, Status(429, {"Retry-After": "1"})), limit_logs(10)


def test_order_settles_and_its_audit_holds(start_anvil: Callable[..., Anvil], tmp_path: Path) -> None:
    node = start_anvil("--accounts", "20")
    town = found(settings_in(tmp_path, node.url))
    node.rpc("evm_setAutomine", [False])
    node.rpc("evm_setIntervalMining", [1])
    with proxy(node.url, as_public_nodes_do) as public:
        site = town.site(rpc_url=f"{public},{node.ws_url}", confirmations=2, poll_seconds=0.2, rpc_agreement=True)
        order_id = town.funded(site)
        steps: list[str] = []
        OrderJob.of(site.workshop(operator()), order_id, steps.append, lambda bar, bars: None).run()
        node.rpc("anvil_reorg", [1, []])
        report = audit_site(site, confirmed=True)
        site.connection.close()
    assert report.verdict is AuditVerdict.OK, report.findings
    assert len(report.orders) == 1
    assert list((town.settings.home / "transactions").glob("*.json")) == []
