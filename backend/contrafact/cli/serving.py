"""`contrafact serve`: API, indexer, order jobs and the audit, until told to end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.errors import NotFound
from contrafact.settings import Settings, load

DEVNET = Path("contrafact-devnet")


def serve(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help="Address to listen at.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", min=0, max=65535, show_default=False, help="0 takes a free one.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="PARTS", show_default=False, help="Of api,indexer,jobs,audit; by default all."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say what would run, and whether it can; start nothing.")
    ] = False,
    devnet: Annotated[
        bool, typer.Option("--devnet", help="On a development chain with the demo's catalogue, in contrafact-devnet.")
    ] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Runs the service until SIGTERM or SIGINT. Exit code 17: something did not end in time, and resumes."""
    _require_service()
    given: dict[str, Any] = {"rpc_url": rpc_url, "deployment": deployment, "store": store}
    settings = load(host=host, port=port, operator_key_file=operator_key_file, **given)
    if not check:
        settings = _with_port(settings)
    with _on_devnet(settings) if devnet else _as_is(settings) as used:
        code = _check(used, only, as_json) if check else _serve(used, only)
    if check:
        raise typer.Exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # threads may still compute; the interpreter must not be taken down under them


def _serve(settings: Settings, only: str | None) -> int:
    from contrafact.operations import assembling, logs, service
    from contrafact.operations.metrics import Metrics
    from contrafact.operations.roles import roles

    wanted = roles(only)
    key = assembling.operator_key(settings, wanted)
    logs.configure(settings, assembling.known_secrets(settings, key))
    with assembling.planned(settings, wanted) as plan:
        running = service.Service(settings, plan, Metrics())
        return running.run(lambda listeners: _announce([listener.url for listener in listeners]))


def _announce(urls: list[str]) -> None:
    """On standard output, a line each: whoever started this may wait for it."""
    for url in urls:
        print(f"Listening on {url}", flush=True)


def _check(settings: Settings, only: str | None, as_json: bool) -> int:
    from contrafact.cli.checks import document_of, exit_code, table_of
    from contrafact.operations.checking import described, preflight
    from contrafact.operations.roles import roles

    wanted = roles(only)
    plan, made = described(settings, wanted), preflight(settings, wanted)
    output.show({"plan": plan, **document_of(made)}, as_json, output.details(plan.items()), table_of(made))
    return exit_code(made)


def _require_service() -> None:
    if any(find_spec(name) is None for name in ("sqlalchemy", "fastapi", "structlog", "prometheus_client")):
        raise NotFound("The service is not installed.", "Run: pip install 'contrafact[service]'")


def _with_port(settings: Settings) -> Settings:
    """With the port that it will have: a page's origin, which sign-in messages name, has it.

    Raises InvalidInput where the service could not listen: before a catalogue is founded for it.
    """
    from contrafact.operations.serving import free_port

    return settings.model_copy(update={"port": free_port(settings.host, settings.port)})


@contextmanager
def _on_devnet(settings: Settings) -> Iterator[Settings]:
    if find_spec("hardhat_free_devnet") is None:
        raise NotFound("The development chain is not installed.", "Run: pip install ./hardhat-free-devnet")
    from contrafact.demo.founding import devnet

    with devnet(DEVNET, settings, lambda said: output.aside.print(said)) as changed:
        output.aside.print("For the command line, and for a wallet (its accounts are those of docs/guide.md):")
        for name in ("rpc_url", "deployment", "store", "home"):
            output.aside.print(f"export CONTRAFACT_{name.upper()}={getattr(changed, name)}", soft_wrap=True)
        yield changed


@contextmanager
def _as_is(settings: Settings) -> Iterator[Settings]:
    yield settings
