"""`contrafact claim`: money that lies on royalty accounts reaches its holder's wallet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Claim
from contrafact.order.payouts import Waiting, confirmed, waiting
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.crediting import claims_on_works


def claim(
    holder: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Rights holder; default: your key's address.", show_default=False),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Sends a rights holder all that is claimable. With the holder's own key this confirms its places, too.

    Anybody may call it for a holder that has confirmed; the money only goes to the holder.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    account = signer(site.settings, "key_file")
    whose = site.address(holder) if holder else account.address
    claims = list(_claims_of(site, whose))
    rows = list(_paid(site, claims, site.writer(account).claim, own=account.address == whose))
    left = [_left(site, one) for one in waiting(claims, site.reader)]
    cells = [(output.short(r["beneficiary"]), site.currency(r["token"]).format(int(r["amount"]))) for r in rows]
    title = f"Paid to {whose}" if rows else f"There is nothing to claim for {whose} now."
    output.show(rows, as_json, title, output.table(("work", "amount"), cells), *left)


def _paid(site: Site, claims: Sequence[Claim], send: Callable[[Claim], str], own: bool) -> Iterator[dict[str, str]]:
    for one in claims:
        if (amount := site.reader.claimable(one)) > 0 and (own or confirmed(one, site.reader)):
            tx = send(one)
            yield {"beneficiary": to_hex(one.beneficiary), "amount": str(amount), "token": one.token, "tx": tx}


def _left(site: Site, left: Waiting) -> str:
    amount = site.currency(left.claim.token).format(left.amount)
    return f"{amount} of {output.short(to_hex(left.claim.beneficiary))} wait: {left.reason}."


def _claims_of(site: Site, holder: str) -> Iterator[Claim]:
    """Every claim of `holder` on the account of a work; warns of splits that cannot be had."""
    found, missing = claims_on_works(site)
    if missing:
        output.warn(f"The splits of {missing} accounts are not in this content store; they are left out.")
    return (claim for claim in found if claim.leaf.holder.lower() == holder.lower())
