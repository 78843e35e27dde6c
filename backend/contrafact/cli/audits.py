"""`contrafact audit` and `replay`: nobody has to believe the operator."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from contrafact.audit import Plan, Replays, Report, write_json
from contrafact.audit.sarif import EXIT_CODES
from contrafact.cli import audit_options, audit_progress, audit_words, options, output
from contrafact.domain.record import AttributionRecord
from contrafact.ports import Verdict
from contrafact.replaying import replay_record
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site, require_folders, require_other_nodes, write_reports, write_sarif


def audit(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", show_default=False, help="Folder for audit.html, audit.json and royalties.svg."),
    ] = None,
    order: audit_options.Orders = [],  # noqa: B006
    work: audit_options.Works = [],  # noqa: B006
    holder: audit_options.Holders = [],  # noqa: B006
    model: audit_options.Models = [],  # noqa: B006
    operator: audit_options.Operators = [],  # noqa: B006
    from_block: audit_options.FromBlock = None,
    to_block: audit_options.ToBlock = None,
    replays: audit_options.Replay = "all",
    sounds: audit_options.Files = True,
    journal: audit_options.JournalFile = None,
    jobs: audit_options.Jobs = 1,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Audit up to the newest block that has the network's confirmations.")
    ] = False,
    agree: Annotated[
        bool, typer.Option("--agree", help="Refuse to start unless all RPC URLs serve the same chain.")
    ] = False,
    opinions: Annotated[
        bool,
        typer.Option("--opinions", help="Show beside the shares of each piece what sound and gradients say of it."),
    ] = False,
    sarif: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Write the report as SARIF 2.1.0, too."),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Only show the rules, and how to check each by hand.")] = False,
    reader_key: options.ReaderKey = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Audits all works, orders and payments from the chain and the content store alone, or those that you name.

    Of one kind, each that you name widens what is audited; several kinds narrow it. Exit code 0: all that was asked
    for was checked and holds. 10: something does not hold. 11: not all could be checked.
    """
    if rules:
        audit_words.show_rules(as_json)
        return
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store, "reader_key_file": reader_key}
    site = Site(load(**places, rpc_agreement=agree or None))
    scope = audit_options.scope(site, order, work, holder, model, operator, from_block, to_block)
    plan = Plan(scope, Replays.parse(replays), sounds, journal, jobs)
    require_folders(site.settings.store)
    if site.settings.rpc_agreement:
        require_other_nodes(site.settings.rpc_url)
    with audit_progress.shown(quiet=as_json) as progress:
        plan = replace(plan, on_order=progress.order)
        report = audit_site(site, progress.step, confirmed=confirmed, opinions=opinions, plan=plan)
    if out is not None:
        write_reports(report, out)
    if sarif is not None:
        write_sarif(report, sarif)
    if as_json:
        write_json(report, sys.stdout, ascii_only=False)
    else:
        _show(report, out)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _show(report: Report, out: Path | None) -> None:
    """The report in words, a line each, and where its files are."""
    for line in audit_words.lines(report):
        output.show(None, False, line)
    if out is not None:
        output.show(None, False, f"Reports: {out / 'audit.html'}, {out / 'audit.json'}")


def replay(
    record: Annotated[
        str, typer.Argument(metavar="RECORD", help="An attribution record: a file, or the CID it has in the store.")
    ],
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", show_default=False, help="CPU threads; the verdict does not depend on it."),
    ] = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Generates a recorded piece again and says: identical, numerically divergent, or contradicted."""
    site = Site(load(store=store, threads=threads))
    data = options.record_bytes(record, site)
    with output.aside.status("generating the piece again", spinner="dots"):
        result = replay_record(AttributionRecord.from_bytes(data), site.store, site.generator)
    found = {"verdict": result.verdict.value, "event": result.event, "detail": result.detail}
    follows = "every draw and every note follows (sound, payments and terms are the audit's to check)"
    output.show(found, as_json, f"{result.verdict.value}: {result.detail or follows}")
    raise typer.Exit(0 if result.verdict is Verdict.IDENTICAL else 12)
