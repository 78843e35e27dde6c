"""`contrafact pool`: what a model's training pool holds, closing its epochs, and claiming parts of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.cli.manifests import ModelId, model_named
from contrafact.cli.pool_view import pot_document, pot_tables
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.pool_history import EpochClosed
from contrafact.errors import ContrafactError, StoreError
from contrafact.pooling import Closed, Part, claimable
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.pools import epoch_closer, pool_reader, pool_writer

app = typer.Typer(
    help="Training pools: what models' bases earned for the works they learnt from.", no_args_is_help=True
)
BATCH = 40
"""Parts that one transaction claims; each takes about 100,000 gas."""
Holder = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Rights holder; default: your key's address.", show_default=False),
]


@app.command()
def show(
    model: Annotated[
        str | None,
        typer.Argument(metavar="[MODEL]", help="The model's id, or its first 8 hex digits; default: all models."),
    ] = None,
    holder: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Also show what this address can claim.", show_default=False),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Shows pots, rules and epochs of models, and what an address can claim."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    reader = pool_reader(site)
    history, rules = reader.pool_history(), reader.pool_rules()
    models = [model_named(site, model)] if model else [m for m in site.reader.models() if m.model_id in rules]
    documents = [pot_document(site, reader, history, rules, one) for one in models]
    found: dict[str, object] = {"models": documents}
    parts: list[Part] = []
    if holder is not None:
        whose = site.address(holder)
        parts = _parts(site, whose, {one.model_id for one in models})
        found |= {"holder": whose, "claimable": [_part_document(part) for part in parts]}
    tables = [table for document in documents for table in pot_tables(site, document)]
    said = [] if holder is None else [_claimable(site, site.address(holder), parts)]
    output.show(found, as_json, *(tables or ["No model of this chain has a training pool."]), *said)


@app.command()
def close(
    model: ModelId,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Closes an epoch: collects, shares among the training works, publishes the record, and closes. Safe to repeat.

    With the key that registered the model. Interrupted, give it again: the same epoch is closed, once.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    found = model_named(site, model)
    closed = epoch_closer(site, signer(site.settings, "key_file")).close(found, site.token())
    if closed.reason:
        output.warn(f"Shared equally, not by influence. {closed.reason}")
    output.show(_closed_document(closed), as_json, *_closed_words(site, closed))


@app.command()
def claim(
    holder: Holder = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Sends a rights holder its parts of all closed epochs. Anybody may; the money only goes to the holder.

    Exit code 7 where the record of an epoch cannot be had: what it holds for the holder, if anything, stays.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    account = signer(site.settings, "key_file")
    writer = pool_writer(site, account)
    whose = site.address(holder) if holder else str(account.address)
    rows, left_out = list[dict[str, str]](), list[EpochClosed]()
    for batch in _batches(_parts(site, whose, left_out=left_out)):
        transaction = writer.claim_epochs([part.claim for part in batch])
        rows += [{**_part_document(part), "tx": transaction} for part in batch]
    title = f"Paid to {whose}" if rows else f"There is nothing to claim for {whose} now."
    cells = [
        (output.short(row["model"]), row["epoch"], site.currency(row["token"]).format(int(row["amount"])))
        for row in rows
    ]
    output.show(rows, as_json, title, output.table(("model", "epoch", "amount"), cells))
    if left_out:
        raise typer.Exit(StoreError.exit_code)


def _parts(
    site: Site, holder: str, models: set[bytes] | None = None, left_out: list[EpochClosed] | None = None
) -> list[Part]:
    """What waits for a holder, of these models or of all; warns of epochs without a record, `left_out` lists them."""

    def unreadable(closed: EpochClosed, error: ContrafactError) -> None:
        if left_out is not None:
            left_out.append(closed)
        name = f"Epoch {closed.number} of model {output.short(to_hex(closed.pot[0]))}"
        output.warn(f"{name} is left out. {error.message} What it holds for {holder}, if anything, stays. {error.hint}")

    found = claimable(pool_reader(site), site.store, holder, unreadable)
    return [part for part in found if models is None or part.claim.model_id in models]


def _batches(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Parts of one token at a time: a holder that one of them cannot be sent to can still have the others."""
    for token in dict.fromkeys(part.token for part in parts):
        mine = [part for part in parts if part.token == token]
        yield from (mine[first : first + BATCH] for first in range(0, len(mine), BATCH))


def _part_document(part: Part) -> dict[str, str]:
    claim = part.claim
    return {
        "model": to_hex(claim.model_id),
        "token": claim.token,
        "epoch": str(claim.number),
        "amount": str(part.amount),
    }


def _claimable(site: Site, holder: str, parts: Sequence[Part]) -> str:
    if not parts:
        return f"There is nothing to claim for {holder} now."
    sums: dict[str, int] = {}
    for part in parts:
        sums[part.token] = sums.get(part.token, 0) + part.amount
    amounts = ", ".join(site.currency(token).format(amount) for token, amount in sums.items())
    return f"{holder} can claim {amounts}: contrafact pool claim --holder {holder}"


def _closed_document(closed: Closed) -> dict[str, object]:
    record = closed.record
    return {
        "model": to_hex(record.key.model_id),
        "token": record.key.token,
        "epoch": record.key.number,
        "rule": record.applied.value,
        "total": str(record.total),
        "credits": len(record.credits),
        "works": len(record.works),
        "families": len({work.family for work in record.works}),
        "holders": len(record.tree.leaves),
        "root": to_hex(record.tree.root),
        "record": cid(record.digest),
        "tx": closed.transaction,
    }


def _closed_words(site: Site, closed: Closed) -> list[str]:
    record = closed.record
    money = site.currency(record.key.token).format(record.total)
    done = "is closed" if closed.transaction else "was closed by an earlier run"
    families = len({work.family for work in record.works})
    return [
        f"Epoch {record.key.number} {done}: {money} of {output.counted(len(record.credits), 'credit')}.",
        f"It goes to {output.counted(len(record.tree.leaves), 'holder')} of {output.counted(len(record.works), 'work')}"
        f" in {families} tune families, by the rule `{record.applied}`.",
        f"Its record is published as {cid(record.digest)}.",
    ]
