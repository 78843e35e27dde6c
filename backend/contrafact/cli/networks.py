"""`contrafact network`: the networks that are known, and whether a node of one is good enough."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import chains, options, output
from contrafact.cli.checks import document_of, exit_code, show_checks
from contrafact.ledger.endpoints import open_endpoints
from contrafact.ledger.networks import read_networks
from contrafact.ledger.node_check import check_node
from contrafact.ledger.probing import Probe
from contrafact.settings import load

app = typer.Typer(help="Look at networks, and at whether a node will do.", no_args_is_help=True)


@app.command("list")
def list_networks(networks: chains.NetworksFile = None, as_json: options.Json = False) -> None:
    """Lists the networks that can be named, those of a file included."""
    known = read_networks(load(networks_file=networks).networks_file)
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
    wait: Annotated[float, typer.Option(min=0, max=600, metavar="SECONDS", help="How long to wait for a block.")] = 15,
    as_json: options.Json = False,
) -> None:
    """Says whether a node's endpoint is good enough, and what to do. Exit code 13: it is not.

    Of several URLs with commas between, each is looked at.
    """
    settings = load(rpc_url=url, networks_file=networks)
    wanted = chains.named(settings, network)
    if wanted is not None:
        chains.require_url(settings, wanted)
    nodes = [Probe(endpoint) for endpoint in open_endpoints(settings.rpc_url, settings.request_seconds)]
    with output.aside.status("asking the node", spinner="dots"):
        found = {node.place: check_node(node, wanted, wait_seconds=wait) for node in nodes}
    if as_json:
        document = [{"endpoint": place, **document_of(checks)} for place, checks in found.items()]
        output.show(document if len(document) > 1 else document[0], as_json)
    else:
        for place, checks in found.items():
            show_checks(place, checks)
    raise typer.Exit(exit_code(check for checks in found.values() for check in checks))
