"""`contrafact operator certificate` and `export`: what signs delivered audio files, and such files in other formats."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import naming, options, output
from contrafact.order import certifying
from contrafact.order.folder import OrderFolder
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.certifying import DAYS, shown

app = typer.Typer(help="The certificate that signs the audio files which you deliver.", no_args_is_help=True)
_DAYS = typer.Option(metavar="DAYS", min=1, max=3650, help="How long it is valid.")


@app.command()
def new(
    days: Annotated[int, _DAYS] = DAYS,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes a certificate, and binds it to your account with your operator's key. It replaces the last one."""
    site = Site(load(deployment=deployment, operator_key_file=operator_key_file))
    certificate = site.certificate(signer(site.settings, "operator_key_file"))
    certificate.renew(days)
    _show(site, as_json)


@app.command()
def show(deployment: options.DeploymentFile = None, as_json: options.Json = False) -> None:
    """The certificate in use: whose it is, its key's digest, and until when."""
    _show(Site(load(deployment=deployment)), as_json)


def export(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The id of an order that you delivered.")],
    kind: Annotated[str, typer.Option("--as", metavar="FORMAT", help="flac, wav or mp3.")] = "wav",
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Writes the piece of a delivered order as WAV or MP3, with its certificate, beside the FLAC. Safe to repeat."""
    site = Site(load(deployment=deployment, store=store, operator_key_file=operator_key_file))
    folder = OrderFolder(site.settings.home, naming.order_id(order))
    with folder.held():
        certificate = site.certificate(signer(site.settings, "operator_key_file"))
        name = certifying.export(folder, kind, site.store, certificate)
    found = {"path": str(folder.path / name), **certifying.described(folder, kind)}
    said = "with its certificate" if found["certified"] else f"without a certificate: {found['reason']}"
    output.show(found, as_json, f"Wrote {found['path']}, {said}")


def _show(site: Site, as_json: bool) -> None:
    found = shown(site.settings)
    rows = [f"{name.replace('_', ' '):>12}  {value}" for name, value in found.items()]
    output.show(found, as_json, *rows)
