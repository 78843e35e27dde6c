"""`contrafact operator`: the bond by which an operator answers for its orders."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

app = typer.Typer(help="Deposit, look at and withdraw the bond that covers an operator's orders.", no_args_is_help=True)

Operator = Annotated[
    str | None,
    typer.Option("--operator", metavar="ADDRESS", show_default=False, help="Default: your operator key's address."),
]


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
    site.writer(account).deposit_bond(site.token(), units)
    _show(site, account.address, as_json)


@app.command()
def status(
    operator: Operator = None,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows an operator's bond: how much covers open orders, what is free, what is being withdrawn."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, token=token, operator_key_file=operator_key_file))
    whose = site.address(operator) if operator else signer(site.settings, "operator_key_file").address
    _show(site, whose, as_json)


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
    account = signer(site.settings, "operator_key_file")
    writer, paid_in = site.writer(account), site.token()
    if amount is None:
        writer.withdraw_bond(paid_in)
    else:
        units = options.price(site.currency(paid_in), amount, options.AMOUNT_BITS)
        writer.request_withdrawal(paid_in, units)
    _show(site, account.address, as_json)


def _show(site: Site, operator: str, as_json: bool) -> None:
    token = site.token()
    bond, (leaving, ready) = site.reader.bond(operator, token), site.reader.withdrawal(operator, token)
    found = {
        "operator": operator,
        "token": token,
        "bond": str(bond.amount),
        "locked": str(bond.locked),
        "free": str(bond.free),
        "withdrawing": str(leaving),
        "withdrawable_from": ready,
    }
    money = site.currency(token).format
    rows = [
        ("operator", operator),
        ("bond", money(bond.amount)),
        ("covers open orders", money(bond.locked)),
        ("free", money(bond.free)),
    ]
    if leaving:
        rows.append(("being withdrawn", f"{money(leaving)}, from {options.written_moment(ready)}"))
    output.show(found, as_json, output.details(rows))
