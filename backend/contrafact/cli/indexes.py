"""`contrafact index`: the database that searches and statements are read from, made from the chain's events."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.errors import ContrafactError
from contrafact.settings import Settings, load
from contrafact.wiring import Site, require_service

app = typer.Typer(help="Keep a database that is searched quickly, from the chain's events.", no_args_is_help=True)
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///PATH or postgresql://…", show_default=False),
]
_MOST = 20  # differences that are printed


@app.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="End at the chain's head instead of following it.")] = False,
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Brings the index to the chain's head, and keeps it there until Ctrl-C. It goes on where it stopped."""
    site, indexing = _open(database=database, rpc_url=rpc_url, deployment=deployment, store=store)
    opened = indexing.open_database(site.settings)
    if once:
        indexing.indexer(site, opened).catch_up()
        while indexing.describer(site, opened).step():
            pass
    else:
        _follow(site, indexing, opened)
    _show(indexing.read_model(opened).status(), as_json)


@app.command()
def status(database: DatabaseUrl = None, as_json: options.Json = False) -> None:
    """Says how far the index is. Asks the database alone, not the chain."""
    site, indexing = _open(database=database)
    _show(indexing.read_model(indexing.open_database(site.settings)).status(), as_json)


@app.command()
def rebuild(
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Empties the index and makes it anew from the chain. Nothing is lost: all of it comes from chain and store."""
    site, indexing = _open(database=database, rpc_url=rpc_url, deployment=deployment)
    opened = indexing.open_database(site.settings)
    indexing.empty(opened)
    indexing.indexer(site, opened).catch_up()
    _show(indexing.read_model(opened).status(), as_json)


@app.command()
def check(
    database: DatabaseUrl = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes the index anew beside the one that is there, and compares all rows. Exit code 1: they differ."""
    site, indexing = _open(database=database, rpc_url=rpc_url, deployment=deployment)
    opened = indexing.open_database(site.settings)
    with output.aside.status("making it anew from the chain", spinner="dots"):
        found = [str(difference) for difference in indexing.differences(site, opened)]
    lines = found[:_MOST] + ([f"… and {len(found) - _MOST} more"] if len(found) > _MOST else [])
    output.show({"differences": found}, as_json, *lines, "" if found else "The index is what the chain says.")
    if found:
        text = f"The index differs from the chain in {output.counted(len(found), 'row')}."
        raise ContrafactError(text, "Make it anew: contrafact index rebuild")


def _open(**given: Any) -> tuple[Site, Any]:
    """The site, and what makes its index. Raises NotFound where the extra `service` is not installed."""
    require_service()
    from contrafact.wiring import indexing

    settings: Settings = load(**given)
    return Site(settings), indexing


def _follow(site: Site, indexing: Any, opened: Any) -> None:
    """Until the process is told to end; the step that is under way comes to its end."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    seen = 0

    def on_progress(progress: Any) -> None:
        nonlocal seen
        if progress.events != seen:
            seen = progress.events
            output.aside.print(f"block {progress.block} of {progress.head}, {progress.events} events")

    def on_error(error: ContrafactError) -> None:
        output.warn(f"{error} It is tried again.")

    indexing.follower(site, opened, on_progress, on_error).run(stop)


def _show(status: Any, as_json: bool) -> None:
    document = asdict(status) | {"block_hash": f"0x{status.block_hash.hex()}", "lag": status.lag}
    rows = [(name.replace("_", " "), value) for name, value in document.items()]
    output.show(document, as_json, output.details(rows))
