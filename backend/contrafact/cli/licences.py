"""`contrafact licence`: what a piece may be used for, in plain language, from the chain alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import naming, options, output
from contrafact.cli.orders import read_quote
from contrafact.domain.digests import sha256, to_hex
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.licensing import InForce, licence_in_force, licence_offered


def licence(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order's id, or a quote's file before it is paid.")],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """What a piece may be used for, for the use that its order is paid for now, also after it was raised.

    The text is made again from the chain and the works' documents. Exit code 10: the one that the record names is
    another.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    if Path(order).is_file():
        found = licence_offered(site, read_quote(site, Path(order)))
    else:
        found = licence_in_force(site, naming.order_id(order))
    output.show(found.to_dict(), as_json, found.text.decode(), *_said(found))
    raise typer.Exit(10 if found.follows is False else 0)


def _said(found: InForce) -> list[str]:
    """How the text stands to the one that the order's record names."""
    if not found.committed:
        return ["Not in force: the order is not committed."]
    if found.recorded is None:
        return ["The order's record cannot be had here, so that the text it names cannot be compared."]
    if not found.follows:
        return [f"The record names another text, {to_hex(found.recorded)}: it does not follow from the pinned terms."]
    said = [f"The record names the text for {found.licence.quote.use.name.lower()} use, {to_hex(found.recorded)}."]
    said.append("It follows from the pinned terms on the chain.")
    if found.licence.use is not found.licence.quote.use:
        digest = to_hex(sha256(found.text))
        said.append(
            f"The order was raised since: the text above is for {found.licence.use.name.lower()} use, {digest}."
        )
    return said
