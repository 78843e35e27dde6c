"""`contrafact verify`: whose piece is this file, of what was it made, and who was paid for it?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from contrafact import verifying
from contrafact.cli import naming, options, output
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput
from contrafact.settings import load
from contrafact.verifying import Report, Verdict
from contrafact.wiring import Site
from contrafact.wiring.verifying import verification

EXIT = {
    Verdict.CERTIFIED: 0,
    Verdict.ALTERED: 20,
    Verdict.RE_ENCODED: 21,
    Verdict.TRANSPLANTED: 22,
    Verdict.STRIPPED: 23,
    Verdict.FORGED: 24,
    Verdict.UNKNOWN: 25,
    Verdict.UNCHECKED: 26,
}
MAX_BYTES = 256 * 1024 * 1024


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An audio file: FLAC, WAV, MP3 or Ogg.")],
    reader_key: options.ReaderKey = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Leads from an audio file to its order: its record, its sources with their shares, and what each was paid.

    Uses the file's certificate, the chain and the content store; a file without a certificate is found by its sound.
    Exit code 0: certified. 20: altered. 21: re-encoded. 22: transplanted. 23: stripped. 24: forged. 25: unknown.
    26: it could not be decided.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, reader_key_file=reader_key))
    data = _read(file)
    with (
        output.aside.status("reading the file", spinner="dots") as status,
        verification(site, site.store, told=status.update) as tools,
    ):
        report = verifying.verify(data, tools)
    output.show(report.to_dict(), as_json, *_parts(file.name, report))
    raise typer.Exit(EXIT[report.verdict])


def _read(file: Path) -> bytes:
    if file.is_file() and file.stat().st_size > MAX_BYTES:
        raise InvalidInput(f"{file} has more than {MAX_BYTES} bytes.", "Cut a part of it out, or save it as FLAC.")
    return options.read_file(file)


def _parts(name: str, report: Report) -> Iterator[Table | str]:
    found = report.to_dict()
    yield f"{name}: {found['verdict']}. {found['meaning']}"
    yield from (f"  · {reason}" for reason in found["reasons"])
    yield f"→ {found['advice']}"
    if order := found["order"]:
        yield ""
        yield output.details(_details(order))
        yield output.table(("source", "credits", "work", "share %", "paid amount"), _rows(order))
        yield from _waiting(order)
    if found["certificate"]:
        yield ""
        yield output.details(_certificate(found["certificate"]))
    yield from (f"Rests on: {line}" for line in found["trust"])
    yield from (f"Not checked: {gap['what']}: {gap['why']} {gap['hint']}".rstrip() for gap in found["not_checked"])


def _details(order: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "order", order["id"]
    yield "made for", f"{order['use']} use, {order['seconds']} s, by {order['operator']} for {order['maker']}"
    yield "paid in", f"{options.written_moment(order['paid_at'])}, transaction {order['paid_in']}"
    yield "settled", f"{options.written_moment(order['committed_at'])}, transaction {order['committed_in']}"
    yield "record", order["record_cid"]
    yield "licence", order["licence_cid"] or "no licence text is named"
    yield "model", f"{order['model_name'] or naming.UNKNOWN} ({output.short(order['model'])})"


def _rows(order: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in order["sources"]:
        credits = "; ".join(row["credits"])
        title = row["title"] or naming.UNKNOWN
        yield title, credits, output.short(row["work"]), _percent(row["share"]), row["paid"]["text"]
    yield "the model itself → training pool", "", "", _percent(order["base_share"]), order["training_pool"]["text"]
    yield "operator's fee", "", "", "", order["operator_fee"]["text"]
    yield "back to the maker", "", "", "", order["returned"]["text"]
    yield "paid in", "", "", "", order["escrowed"]["text"]


def _waiting(order: dict[str, Any]) -> Iterator[str]:
    if not order["is_settled"]:
        yield "The chain credits less than the settlement gives: run contrafact audit."
    for row in order["sources"]:
        for one in row["waiting"]:
            name = output.line(row["title"] or output.short(row["work"]))
            yield f"{name}: {one['amount']['text']} of {output.short(one['holder'])}, {one['reason']}."


def _certificate(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "certificate", found["problem"] or ("of this project" if found["claims"] else "of somebody else")
    yield "bytes", "as they were signed" if found["bytes_untouched"] else "not as they were signed"
    yield "signature", "holds" if found["signature_holds"] else "does not hold"
    yield "signed by", f"{found['subject'] or 'nobody named'}; {found['account'] or 'no account'} vouches for it"


def _percent(share: int) -> str:
    return f"{share / PPM:.2%}"
