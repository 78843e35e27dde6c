"""`contrafact network`: the networks that are known, and whether a node of one is good enough."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import chains, options, output
from contrafact.cli.checks import show_checks
from contrafact.ledger.probing import Probe
from contrafact.ledger.node_check import check_node
from contrafact.ledger.networks import read_networks
from contrafact.settings import load

app = typer.Typer(help="Look at networks, and at whether a node will do.", no_args_is_help=True)


@app.command("list")
def list_networks(networks: chains.NetworksFile = None, as_json: options.Json = False) -> None:
    """Lists the networks that can be named, those of a file included."""
    known = read_networks(networks)
    rows = [(one.name, one.chain_id, one.fees.value, one.confirmations, one.explorer or "") for one in known]
    table = output.table(("network", "chain id", "fees", "confirmations", "explorer"), rows)
    output.show([one.model_dump(mode="json") for one in known], as_json, table)


@app.command()
def check(
    url: Annotated[
        str | None,
        typer.Argument(metavar="[URL]", show_default=False, help="Default: CONTRAFACT_RPC_URL, which may hold a key."),
    ] = None,
    network: chains.NetworkName = None,
    networks: chains.NetworksFile = None,
    wait: Annotated[
        float, typer.Option(min=0, max=600, metavar="SECONDS", help="How long to wait for a new block.")
    ] = 15,
    as_json: options.Json = False,
) -> None:
    """Says whether a node's JSON-RPC endpoint is good enough, and what to do. Exit code 13: it is not."""
    settings = load(rpc_url=url)
    wanted = chains.named(network, networks)
    if wanted is not None:
        chains.require_url(settings, wanted)
    node = Probe(settings.rpc_url)
    with output.aside.status("asking the node", spinner="dots"):
        checks = check_node(node, wanted, wait_seconds=wait)
    raise typer.Exit(show_checks(node.place, checks, as_json, endpoint=node.place))
