"""`contrafact audit` and `replay`: nobody has to believe the operator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.audit import AuditVerdict
from contrafact.cli import options, output
from contrafact.domain.record import AttributionRecord
from contrafact.ports import Verdict
from contrafact.replaying import replay_record
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site, write_reports

EXIT = {AuditVerdict.OK: 0, AuditVerdict.FAILED: 10, AuditVerdict.INCOMPLETE: 11}


def audit(
    out: Annotated[Path | None, typer.Option(help="Folder for audit.html, audit.json and royalties.svg.")] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Audits all works, orders and payments from the chain and the content store alone.

    Exit code 0: all was checked and holds. 10: something does not hold. 11: not all could be checked.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    with output.console.status("reading the chain", spinner="dots") as status:
        report = audit_site(site, status.update)
    if out is not None:
        write_reports(report, out)
    rows = [("error" if f in report.errors else "warning", f.check, str(f.subject), f.message) for f in report.findings]
    counts = f"{report.done} checks, {len(report.errors)} failed, {len(report.not_checked)} not done"
    output.show(
        report.to_dict(),
        as_json,
        output.table(f"Verdict: {report.verdict.value} · {counts}", ("", "check", "subject", "finding"), rows),
    )
    raise typer.Exit(EXIT[report.verdict])


def replay(
    record: Annotated[str, typer.Argument(help="An attribution record: a file, or the CID it has in the store.")],
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Generates a recorded piece again and says: identical, numerically divergent, or contradicted."""
    site = Site(load(store=store))
    path = Path(record)
    data = path.read_bytes() if path.is_file() else site.store.get(record)
    result = replay_record(AttributionRecord.from_bytes(data), site.store, site.generator)
    found = {"verdict": result.verdict.value, "event": result.event, "detail": result.detail}
    output.show(found, as_json, f"{result.verdict.value}. {result.detail}".strip())
    raise typer.Exit(0 if result.verdict is Verdict.IDENTICAL else 12)
