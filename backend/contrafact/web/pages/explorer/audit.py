"""The page of the audit: what the service's own one said, and how anybody runs one that need believe nobody."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.errors import NotFound
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.audits import latest_audit
from contrafact.web.schemas.audits import OwnAudit
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_LOOKS = {"ok": "good", "failed": "bad", "incomplete": "warn"}
_ANY_NODE = "URL_OF_A_NODE_THAT_YOU_TRUST"


@router.get("/audit")
def audit(request: Request, services: Given) -> Response:
    """The newest report in words."""
    report = latest_audit(services)
    standing, newer = services.audits.standing() if services.audits else None, _newer(services, report)
    return page(
        request, "explorer/audit.html.j2", area="explorer", title="Audit",
        report=report, newer=newer, look=_LOOKS[report.verdict] if report else "",
        standing=standing, next_at=standing.next_at(report.finished_at, newer > 0) if standing and report else None,
        contracts=dict(services.preparer.deployment.contracts), chain_id=services.preparer.deployment.chain_id,
        node=services.settings.chain.rpc_url or _ANY_NODE,
    )  # fmt: skip


def _newer(services: Services, report: OwnAudit | None) -> int:
    """Orders that the index has and the report has not: that ends at a block that was final then."""
    try:
        return max(0, services.read_model.counts().orders - report.scope.get("orders", 0)) if report else 0
    except NotFound:  # nothing is indexed yet
        return 0


@router.get("/audit/deployment.json")
def deployment(services: Given) -> Response:
    """The addresses of the contracts as `contrafact audit --deployment` reads them."""
    found = services.preparer.deployment
    record = {"chain_id": found.chain_id, "block": found.block, "contracts": dict(found.contracts)}
    text = json.dumps(record, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{found.chain_id}.json"'}
    return Response(text, media_type="application/json", headers=headers)
