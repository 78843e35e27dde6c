"""`contrafact deploy check` and `verify-input`: that the chain holds what was meant, for you and for explorers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import chains, options, output
from contrafact.cli.checks import document_of, exit_code, show_checks
from contrafact.domain.addresses import checksummed
from contrafact.errors import InvalidInput
from contrafact.ledger.clear_signing import descriptors, file_name, to_text
from contrafact.ledger.deployment_check import check_deployment
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.verification import verify_inputs
from contrafact.settings import Settings, load
from contrafact.wiring.access import open_connection

_ASKED = "Default: what the deployment's file says."
Address = Annotated[str | None, typer.Option(metavar="ADDRESS", show_default=False, help=_ASKED)]


def check(
    network: chains.NetworkName = None,
    networks: chains.NetworksFile = None,
    admin: Address = None,
    arbiter: Address = None,
    guardian: Address = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Checks code, wiring, creation and powers of a deployment on the chain. Exit code 13: something is not as said."""
    settings = load(rpc_url=rpc_url, deployment=deployment, networks_file=networks)
    made = _deployment(settings, network)
    connection = open_connection(settings, made.chain_id)
    said = {"admin": admin, "arbiter": arbiter, "guardian": guardian}
    asked = {**made.roles, **{name: checksummed(address) for name, address in said.items() if address}}
    checks = check_deployment(connection, made, asked)
    if as_json:
        output.show({"chain_id": made.chain_id, **document_of(checks)}, as_json)
    else:
        show_checks(f"The deployment on chain {made.chain_id} at block {connection.head()}", checks)
    raise typer.Exit(exit_code(checks))


def verify_input(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the files.", show_default=False)],
    network: chains.NetworkName = None,
    networks: chains.NetworksFile = None,
    deployer: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help="Who deployed, if the file does not say.")
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Writes what Etherscan and Sourcify need to verify each contract.

    No chain is asked where --network or --deployment says which one it is.
    """
    made = _deployment(load(rpc_url=rpc_url, deployment=deployment, networks_file=networks), network)
    by = deployer or made.deployer
    if not by:
        raise InvalidInput("The deployment's file does not say who deployed.", "Say it: --deployer ADDRESS.")
    out.mkdir(parents=True, exist_ok=True)
    inputs = verify_inputs(made, checksummed(by))
    for name, text in (entry for one in inputs for entry in one.files().items()):
        (out / name).write_text(text)
    rows = [(one.name, one.address, one.identifier) for one in inputs]
    document = {"chain_id": made.chain_id, "folder": str(out), "contracts": [one.name for one in inputs]}
    table = output.table(("contract", "address", "identifier"), rows)
    said = f"Written to {out}, for each contract: .input.json, .etherscan.curl, .sourcify.json, .sourcify.curl"
    output.show(
        document, as_json, table, said, f"Compiler {inputs[0].compiler}; docs/deploying.md says how to send them."
    )


def clear_signing(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the files.", show_default=False)],
    network: chains.NetworkName = None,
    networks: chains.NetworksFile = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Writes what wallets need to show calls and messages in words (ERC-7730), for each contract of a deployment.

    No chain is asked where --network or --deployment says which one it is.
    """
    made = _deployment(load(rpc_url=rpc_url, deployment=deployment, networks_file=networks), network)
    found = descriptors(made.chain_id, made.contracts)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (out / file_name(name)).write_text(to_text(text))
    document = {"chain_id": made.chain_id, "folder": str(out), "files": sorted(map(file_name, found))}
    output.show(document, as_json, f"Written to {out}: {', '.join(sorted(map(file_name, found)))}.")


def _deployment(settings: Settings, network: str | None) -> Deployment:
    """The deployment in the file that is set, of the network that is named, or of the chain behind the RPC URL."""
    wanted = chains.named(settings, network)
    if wanted is None and "deployment" in settings.model_fields_set:
        return Deployment.load(settings.deployment)
    chain_id = wanted.chain_id if wanted else open_connection(settings).chain_id
    made = Deployment.load(chains.deployment_file(settings, chain_id))
    if made.chain_id != chain_id:
        text = f"The deployment's file is of chain {made.chain_id}, not of {chain_id}."
        raise InvalidInput(text, "Give the file of that network: --deployment FILE.")
    return made
