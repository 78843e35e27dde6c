"""`contrafact challenge`: an operator answers with its bond for a commit that a replay contradicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from contrafact.challenging import Case, file_challenge, open_case, open_challenge, take_back
from contrafact.cli import naming, options, output
from contrafact.domain.challenges import ChallengeEvidence
from contrafact.domain.digests import cid, to_hex
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.challenging import (
    audited_order,
    challenge_reader,
    challenge_writer,
    evidence_of,
    found_in,
    read_report,
)
from contrafact.wiring.site import require_generation


class _FileByDefault(TyperGroup):
    """`contrafact challenge ORDER` is `contrafact challenge file ORDER`."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        named = args and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named or not args else ["file", *args])


app = typer.Typer(
    help="Challenge a commit that a replay contradicts, with a bond: contrafact challenge ORDER.",
    no_args_is_help=True,
    cls=_FileByDefault,
)
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")]


@app.command("file")
def file(
    order: OrderId,
    report: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="AUDIT.JSON", show_default=False, help="An audit that was made; default: audit it now."
        ),
    ] = None,
    withheld: Annotated[
        bool,
        typer.Option("--withheld", help="You asked other copies of the content store for what is missing, in vain."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say all of it, and send nothing.")] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    reader_key: options.ReaderKey = None,
    as_json: options.Json = False,
) -> None:
    """Challenges what an operator signed, with the evidence, if the audit finds that it does not hold. Safe to repeat.

    Costs a bond, which goes back where the arbiter upholds the challenge and to the operator where it rejects it.
    """
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store, "reader_key_file": reader_key}
    site, identifier = Site(load(key_file=key_file, **places)), naming.order_id(order)
    require_generation()
    desk = challenge_writer(site, signer(site.settings, "key_file"))
    case = open_case(challenge_reader(site), identifier, desk.address)
    if case.own is not None:
        found = {**_costs(case), "evidence": cid(case.own.evidence), "tx": case.own.transaction, "filed": "before"}
        output.show(found, as_json, f"You have challenged this order already: evidence {cid(case.own.evidence)}.")
        return
    with output.aside.status("auditing the order", spinner="dots") as status:
        if report is None:
            wrong = audited_order(site, identifier, status.update, withheld)
        else:
            wrong = found_in(read_report(options.read_file(report), site), identifier, withheld)
        evidence, notes = evidence_of(site, case, wrong)
    output.tell("\n".join(_announced(site, case, evidence)))
    tx = None if dry_run else file_challenge(case, evidence, notes, site.store, desk)
    found = {**_costs(case), **_evidence(evidence), "tx": tx, "filed": "now" if tx else "not"}
    said = f"Challenged; evidence {cid(evidence.digest())}, transaction {tx}." if tx else "Nothing was sent."
    output.show(found, as_json, said)


@app.command("take-back")
def take_back_(
    order: OrderId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Takes back the bond with which you joined a challenge that was upheld, or not ruled on."""
    site, identifier = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file)), naming.order_id(order)
    desk = challenge_writer(site, signer(site.settings, "key_file"))
    sent = take_back(challenge_reader(site), identifier, desk.address, desk)
    found = {"order": to_hex(identifier), "to": desk.address, "tx": sent}
    output.show(found, as_json, f"{output.counted(len(sent), 'bond')} sent to {desk.address}.")


@app.command("lapse")
def lapse(
    order: OrderId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Ends a challenge that the arbiter did not rule on in time: every bond goes back."""
    site, identifier = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file)), naming.order_id(order)
    reader, desk = challenge_reader(site), challenge_writer(site, signer(site.settings, "key_file"))
    open_challenge(reader, identifier)
    tx = desk.lapse(reader.funded(identifier)[0].quote)
    said = "The challenge lapsed. Who joined takes its bond back: contrafact challenge take-back"
    output.show({"order": to_hex(identifier), "tx": tx}, as_json, said)


def _announced(site: Site, case: Case, evidence: ChallengeEvidence) -> list[str]:
    """What does not hold, what it costs, and what then follows."""
    quote = case.order.funded.quote
    money = site.currency(quote.token).format
    count = len(evidence.findings)
    fails = "does not hold" if count == 1 else "do not hold"
    return [
        f"{output.counted(count, 'thing')} that operator {quote.operator} signed {fails}:",
        *(f"  {output.line(one.check)}: {output.line(one.message)}" for one in evidence.findings),
        f"Bond: {money(case.bond)}. It can be challenged until {options.written_moment(case.until)}.",
        "If the arbiter upholds the challenge, your bond comes back, and the operator's bond pays holders and maker.",
        f"If it rejects the challenge, the operator gets your {money(case.bond)}.",
        "If it does not rule within its time, anybody can let the challenge lapse, and your bond comes back.",
    ]


def _costs(case: Case) -> dict[str, object]:
    quote = case.order.funded.quote
    identifier = to_hex(case.order.funded.order_id)
    return {"order": identifier, "token": quote.token, "bond": str(case.bond), "until": case.until}


def _evidence(evidence: ChallengeEvidence) -> dict[str, object]:
    return {
        "evidence": cid(evidence.digest()),
        "notes": cid(evidence.notes) if evidence.notes else None,
        "findings": [one.to_dict() for one in evidence.findings],
    }
