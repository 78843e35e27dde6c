"""`contrafact deploy`: the contracts, on any EVM network."""

from __future__ import annotations

from contrafact.cli import options, output
from contrafact.keys import load_key
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import deploy as deploy_contracts
from contrafact.settings import load


def deploy(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Deploys the contracts and writes their addresses; an interrupted deployment goes on where it stopped."""
    settings = load(rpc_url=rpc_url, deployment=deployment, key_file=key_file)
    account = load_key(settings.key_file, "key_file")
    made = deploy_contracts(Connection.open(settings.rpc_url), account, settings.deployment)
    found = {
        "chain_id": made.chain_id,
        "block": made.block,
        "contracts": made.contracts,
        "file": str(settings.deployment),
    }
    title = f"The contracts are on chain {made.chain_id}"
    table = output.table(("contract", "address"), made.contracts.items())
    output.show(found, as_json, title, table, f"Addresses written to {settings.deployment}")
