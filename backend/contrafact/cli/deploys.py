"""`contrafact deploy`: the contracts, on any EVM network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import chains, options, output
from contrafact.cli.checks import CHECK_FAILED, table_of
from contrafact.domain.addresses import checksummed
from contrafact.errors import ChainError, ContrafactError, InvalidInput, Payment
from contrafact.ledger import preflight
from contrafact.ledger.checklist import Check, Verdict, failed
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import prepare
from contrafact.ledger.deployment_file import Record
from contrafact.ledger.fees import in_gwei
from contrafact.ledger.installing import Installation, install, require_admin
from contrafact.ledger.networks import Network
from contrafact.settings import load
from contrafact.wiring.access import signer

app = typer.Typer(help="Deploy the contracts; check and verify a deployment.")
_DEFAULT = "Default: the deployer."
Admin = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", show_default=False, help=f"Who changes roles, after two days. {_DEFAULT}"),
]
Arbiter = Annotated[
    str | None, typer.Option(metavar="ADDRESS", show_default=False, help=f"Who rules on disputes. {_DEFAULT}")
]
Guardian = Annotated[
    str | None, typer.Option(metavar="ADDRESS", show_default=False, help=f"Who may pause new orders. {_DEFAULT}")
]


@app.callback(invoke_without_command=True)
def deploy(
    context: typer.Context,
    network: chains.NetworkName = None,
    networks: chains.NetworksFile = None,
    admin: Admin = None,
    arbiter: Arbiter = None,
    guardian: Guardian = None,
    admin_is_a_key: Annotated[
        bool, typer.Option("--admin-is-a-key", help="The admin's address is no contract; somebody holds its key.")
    ] = False,
    test_dollar: Annotated[
        bool, typer.Option("--test-dollar/--no-test-dollar", help="Deploy a worthless token that anybody can mint.")
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it costs and what is missing; send nothing.")
    ] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Deploys the contracts and gives the roles; an interrupted deployment goes on where it stopped.

    Before anything is sent it is checked that nothing is missing. Exit code 13: the powers are not those asked for.
    """
    if context.invoked_subcommand:
        _refuse_options_before(context)
        return
    settings = load(rpc_url=rpc_url, deployment=deployment, key_file=key_file, networks_file=networks)
    account = signer(settings, "key_file")
    connection = chains.open_chain(settings, network)
    path = chains.deployment_file(settings, connection.chain_id)
    record = prepare(connection, account.address, path, test_dollar=test_dollar)
    asked = {"admin": admin, "arbiter": arbiter, "guardian": guardian}
    given = {name: checksummed(said or record["roles"].get(name) or account.address) for name, said in asked.items()}
    require_admin(connection, given["admin"], record["deployer"] or account.address, is_a_key=admin_is_a_key)
    made = preflight.plan(connection, record, account.address, test_dollar=test_dollar)
    checks = preflight.check(connection, record, made) if made.expenses or dry_run else []
    if dry_run:
        _show_plan(connection.network, record, made, checks, as_json)
        refusal = _refusal(checks)
        raise typer.Exit(refusal.exit_code if refusal else 0)
    if refusal := _refusal(checks):
        raise refusal
    for one in checks:
        if one.verdict is Verdict.WARN and not as_json:
            output.warn(f"{one.name}: {one.found}. {one.advice}")
    with _progress(as_json) as on_step:
        done = install(connection, account, path, given, test_dollar=test_dollar, on_step=on_step)
    _show(connection, done, account.address, path, as_json)
    raise typer.Exit(CHECK_FAILED if done.problems else 0)


@contextmanager
def _progress(as_json: bool) -> Iterator[Callable[[str], None]]:
    """Says which step is next: in place on a terminal, else a line each, and nothing beside JSON."""
    with output.aside.status("deploying", spinner="dots") as status:

        def on_step(step: str) -> None:
            if output.aside.is_terminal:
                status.update(f"{step} …")
            elif not as_json:
                output.aside.print(f"{step} …")

        yield on_step


def _refuse_options_before(context: typer.Context) -> None:
    """Raises InvalidInput: `deploy --network sepolia check` would check whatever is the default."""
    sources = (context.get_parameter_source(name) for name in context.params)
    if any(source is not None and source.name == "COMMANDLINE" for source in sources):
        text = f"Options of `deploy {context.invoked_subcommand}` stand behind it."
        raise InvalidInput(text, f"Write: contrafact deploy {context.invoked_subcommand} --network …")


def _refusal(checks: Sequence[Check]) -> ContrafactError | None:
    """Why nothing is sent: Payment where only money is missing, ChainError where more is; None where all is well."""
    problems = failed(checks)
    if not problems:
        return None
    text = "Nothing was sent. " + " ".join(f"{one.name}: {one.found}." for one in problems)
    kind = Payment if all(one.name == "balance" for one in problems) else ChainError
    return kind(text, " ".join(dict.fromkeys(one.advice for one in problems)))


def _show_plan(network: Network, record: Record, made: preflight.Plan, checks: Sequence[Check], as_json: bool) -> None:
    rows = [(one.what, f"{one.gas:,}", record["pending"].get(one.what, "")) for one in made.expenses]
    steps = output.table(("step", "gas amount", "address"), rows)
    costs = output.details(
        [
            ("gas in all", f"{made.gas:,}"),
            ("at present fees", f"{preflight.coins(made.cost_now)} ({in_gwei(made.fee_now)})"),
            ("if fees double", f"{preflight.coins(made.cost_offered)} ({in_gwei(made.fee_offered)})"),
            ("at the cap", f"{preflight.coins(made.cost_cap)} ({in_gwei(made.fee_cap)})"),
            ("balance", f"{preflight.coins(made.balance)} of {made.deployer}"),
        ]
    )
    title = f"Nothing was sent. On {network.name}, chain {network.chain_id}:"
    document = {"chain_id": network.chain_id, "network": network.name, **preflight.to_dict(made, checks)}
    output.show(document, as_json, title, steps, costs, table_of(checks))


def _show(connection: Connection, done: Installation, deployer: str, path: Path, as_json: bool) -> None:
    made, members = done.deployment, done.members
    found = {
        "chain_id": made.chain_id,
        "block": made.block,
        "contracts": dict(made.contracts),
        "roles": [{"role": one.role, "account": one.account, "delay": one.delay} for one in members],
        "problems": list(done.problems),
        "file": str(path),
    }
    table = output.table(("contract", "address"), made.contracts.items())
    who = output.table(("role", "account", "delay"), [(one.role, one.account, f"{one.delay} s") for one in members])
    said = list(done.problems)
    if {one.account for one in members} == {deployer}:
        said.append(f"The deployer {deployer} has every role: fit for trying out, not for other people's money.")
    title = f"The contracts are on chain {made.chain_id}"
    output.show(found, as_json, title, table, who, *said, f"Addresses written to {path}")
