"""`contrafact statement`: months of holders, of operators and of everybody, as files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.cli.indexes import DatabaseUrl
from contrafact.domain.digests import to_hex
from contrafact.errors import ContrafactError, NotFound
from contrafact.settings import load
from contrafact.statements import AnyStatement, File, Month, forms_of, write
from contrafact.whole import write_whole
from contrafact.wiring import Site, require_service

app = typer.Typer(
    help="Statements of a month: what came in, for what, and where it went. They are read from the index.",
    no_args_is_help=True,
)


class Form(StrEnum):
    """What can be written; `dsr` is a flat file after DDEX DSR, for holders."""

    CSV = "csv"
    PDF = "pdf"
    DSR = "dsr"
    JSON = "json"
    ALL = "all"


MonthOption = Annotated[str, typer.Option("--month", metavar="2026-11", help="The month, in UTC.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")]
Forms = Annotated[Form, typer.Option("--format", help="What to write; dsr is there for holders.")]
Update = Annotated[bool, typer.Option("--index", help="Bring the index to the chain's head first.")]


@app.command()
def holder(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The rights holder's wallet.")],
    month: MonthOption,
    out: Out = Path("."),
    form: Forms = Form.ALL,
    index: Update = False,
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """A rights holder's month: balances, earnings by work, use and operator, payments, held money."""
    given = {"database": database, "rpc_url": rpc_url, "deployment": deployment, "store": store}
    stating, site = _stating(month, index, given)
    _write(stating.holder(address), form, out, site, as_json)


@app.command()
def operator(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The operator's address.")],
    month: MonthOption,
    out: Out = Path("."),
    form: Forms = Form.ALL,
    index: Update = False,
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """An operator's month: orders, seconds, fees, bond, penalties, refunds, open orders."""
    given = {"database": database, "rpc_url": rpc_url, "deployment": deployment, "store": store}
    stating, site = _stating(month, index, given)
    _write(stating.operator(address), form, out, site, as_json)


@app.command()
def public(
    month: MonthOption,
    out: Out = Path("."),
    form: Forms = Form.ALL,
    index: Update = False,
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Everybody's month: what was generated, and where the money of orders went. It names no person."""
    given = {"database": database, "rpc_url": rpc_url, "deployment": deployment, "store": store}
    stating, site = _stating(month, index, given)
    _write(stating.public(), form, out, site, as_json)


def _stating(month: str, index: bool, given: dict[str, Any]) -> tuple[Any, Site]:
    require_service()
    from contrafact.wiring.stating import Stating

    site = Site(load(**given))
    try:
        return Stating(site, Month.parse(month), index), site
    except NotFound as error:
        if "index" not in error.hint:
            raise
        hint = f"{error.hint.rstrip('.')}; --index does it, too." if "--index" not in error.hint else error.hint
        raise NotFound(error.message, hint) from error


def _write(statement: AnyStatement, form: Form, out: Path, site: Site, as_json: bool) -> None:
    forms = forms_of(statement) if form is Form.ALL else (form.value,)
    files = [(name, write(statement, name, site.currency)) for name in forms]
    for _, file in files:
        _save(file, out)
    frame = statement.frame
    rows = [(name, str(out / file.name), to_hex(file.digest)) for name, file in files]
    document = {
        "month": str(frame.month),
        "complete": frame.complete,
        "status": frame.status,
        "block": frame.point.number if frame.point else None,
        "block_hash": frame.block_hash,
        "files": [{"form": name, "file": path, "sha256": digest} for name, path, digest in rows],
    }
    if not frame.complete:
        output.warn(f"{frame.status}.")
    output.show(document, as_json, *(f"{path}  SHA-256 {digest}" for _, path, digest in rows))


def _save(file: File, out: Path) -> None:
    """Writes it whole, or not at all."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / file.name, file.data)
    except OSError as error:
        text = f"{out / file.name} cannot be written: {error.strerror}."
        raise ContrafactError(text, "Give another folder with --out, or make room.") from error
