"""`contrafact mint`: test dollars, for trying out."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output, repeating
from contrafact.errors import NotFound
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer


def mint(
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much, for example 20.")],
    to: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Who gets it; default: your key's address.", show_default=False),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes test dollars, which are worth nothing: to try out orders and bonds that are paid in them."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file))
    account = signer(site.settings, "key_file")
    token, whose = site.deployment.test_dollar, site.address(to) if to else account.address
    if token is None:
        raise NotFound("This deployment has no test dollar.", "Pay in the chain's coin: CONTRAFACT_TOKEN=native.")
    units = options.price(site.currency(token), amount, options.AMOUNT_BITS)
    tx = repeating.writer(site, account).mint_dollars(whose, units)
    held = site.reader.balance(whose, token)
    found = {"to": whose, "amount": str(units), "token": token, "balance": str(held), "tx": tx}
    output.show(found, as_json, f"{whose} holds {site.currency(token).format(held)} now.")
