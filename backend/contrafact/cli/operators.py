"""`contrafact operator`: the key that signs for an operator, and the bond by which it answers for its orders."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output, repeating
from contrafact.cli.bonds import show_bond
from contrafact.errors import NotPermitted
from contrafact.ledger.signer import Signer
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

app = typer.Typer(help="An operator's keys, bond, open orders and what is due.", no_args_is_help=True)


@app.command()
def register(
    signer_address: Annotated[
        str | None,
        typer.Option("--signer", metavar="ADDRESS", show_default=False, help="Who signs; without it: only you."),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Names the key that signs quotes and commits for you, so that yours can be kept away. It replaces the last one."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, operator_key_file=operator_key_file))
    account = _own_key(site)
    named = site.address(signer_address) if signer_address else None
    tx = site.writer(account).register_operator(named)
    said = f"{named or 'No other key'} signs for the operator {account.address}."
    output.show({"operator": account.address, "signer": named, "tx": tx}, as_json, said)


@app.command()
def deposit(
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much to add, for example 20.")],
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Adds to your bond. It must cover the escrow of your open orders; not delivering one costs a tenth of it."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, token=token, operator_key_file=operator_key_file))
    account = signer(site.settings, "operator_key_file")
    units = options.price(site.currency(site.token()), amount, options.AMOUNT_BITS)
    operator = site.operator_of(account)
    repeating.writer(site, account).deposit_bond(site.token(), units, operator)
    show_bond(site, operator, as_json)


@app.command()
def withdraw(
    amount: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", show_default=False, help="How much to start withdrawing; without it: send it."),
    ] = None,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Starts to withdraw a free part of your bond, or sends what you have asked for 21 days ago."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, token=token, operator_key_file=operator_key_file))
    account = _own_key(site)
    writer, paid_in = repeating.writer(site, account), site.token()
    if amount is None:
        writer.withdraw_bond(paid_in)
    else:
        units = options.price(site.currency(paid_in), amount, options.AMOUNT_BITS)
        writer.request_withdrawal(paid_in, units)
    show_bond(site, account.address, as_json)


def _own_key(site: Site) -> Signer:
    """The operator's own key. Raises NotPermitted for one that it has only named to sign."""
    account = signer(site.settings, "operator_key_file")
    if (operator := site.operator_of(account)).lower() != account.address.lower():
        text = f"Only the operator's own key, of {operator}, can do this; yours is of {account.address}."
        raise NotPermitted(text, "Name its file with --operator-key-file.")
    return account
