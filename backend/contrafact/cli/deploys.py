"""`contrafact deploy`: the contracts, on any EVM network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.addresses import checksummed
from contrafact.ledger import roles
from contrafact.ledger.deployment import deploy as deploy_contracts
from contrafact.settings import load
from contrafact.wiring.access import open_connection, signer

_DEFAULT = "Default: the deployer."


def deploy(
    admin: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", show_default=False, help=f"Who changes roles, after two days. {_DEFAULT}"),
    ] = None,
    arbiter: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help=f"Who rules on disputes. {_DEFAULT}")
    ] = None,
    guardian: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help=f"Who may pause new orders. {_DEFAULT}")
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Deploys the contracts and gives the roles; an interrupted deployment goes on where it stopped."""
    settings = load(rpc_url=rpc_url, deployment=deployment, key_file=key_file)
    account, asked = signer(settings, "key_file"), {"admin": admin, "arbiter": arbiter, "guardian": guardian}
    given = {name: checksummed(address or account.address) for name, address in asked.items()}
    connection = open_connection(settings)
    made = deploy_contracts(connection, account, settings.deployment)
    members = roles.set_up(connection, made, account, **given)
    found = {
        "chain_id": made.chain_id,
        "block": made.block,
        "contracts": dict(made.contracts),
        "roles": [{"role": one.role, "account": one.account, "delay": one.delay} for one in members],
        "file": str(settings.deployment),
    }
    title = f"The contracts are on chain {made.chain_id}"
    table = output.table(("contract", "address"), made.contracts.items())
    rows = [(one.role, one.account, f"{one.delay} s") for one in members]
    who, said = output.table(("role", "account", "delay"), rows), _warnings(members, account.address, given)
    output.show(found, as_json, title, table, who, *said, f"Addresses written to {settings.deployment}")


def _warnings(members: Sequence[roles.Member], deployer: str, asked: dict[str, str]) -> list[str]:
    """What a reader must know of the roles: that one account has them all, or that they are not what was asked for."""
    has = {(one.role, one.account) for one in members}
    wanted = {("admin", asked["admin"]), ("arbiter", asked["arbiter"]), ("pause", asked["guardian"])}
    warnings = [f"{account} was asked to have the role {role}, and has not." for role, account in sorted(wanted - has)]
    if {account for _, account in has} == {deployer}:
        warnings.append(f"The deployer {deployer} has every role: fit for trying out, not for other people's money.")
    return warnings
