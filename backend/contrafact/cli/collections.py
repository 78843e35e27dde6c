"""`contrafact collections`: whole collections of works with their terms, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from contrafact import registration
from contrafact.cli import naming, options, output, terms_options
from contrafact.cli.terms import in_words
from contrafact.consent import read_collection
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.history import Anchored
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.errors import InvalidInput, NotFound, NotPermitted, StoreError
from contrafact.ledger.signer import Signer
from contrafact.settings import load
from contrafact.wiring import Site, collecting
from contrafact.wiring.access import signer

app = typer.Typer(
    help="Anchor whole collections of works with their terms, bring single works onto the chain.", no_args_is_help=True
)
Root = Annotated[str, typer.Argument(metavar="COLLECTION", help="The collection's root, or its first 8 hex digits.")]


@app.command()
def anchor(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Scores and recordings; or --packaged.", show_default=False)
    ] = None,
    packaged: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What the installed model learnt from: oneill, ryan or bach.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="TEXT", help="The collection's name.", show_default=False)] = "",
    holder: Annotated[
        list[str],
        typer.Option(
            metavar="ADDRESS=PART",
            help="A rights holder of every work and its share, 0xABC…=0.5; repeat. Default: you, all of it.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    credit: Annotated[list[str], typer.Option(metavar="TEXT", help="Whom to credit; repeat.")] = [],  # noqa: B006
    note: Annotated[str, typer.Option(metavar="TEXT", help="A note that everybody can read.")] = "",
    price: terms_options.Prices = [],  # noqa: B006
    token: options.Token = None,
    training: terms_options.Training = False,
    max_weight: terms_options.MaxWeight = "1",
    combinable: terms_options.Combinable = True,
    valid_from: terms_options.ValidFrom = "0",
    valid_until: terms_options.ValidUntil = "0",
    sunset: terms_options.Sunset = "0",
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Anchors a collection: one document of all its works goes to the content store, one root to the chain."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    account = signer(site.settings, "key_file")
    limits = (price, training, max_weight, combinable, valid_from, valid_until, sunset)
    terms = terms_options.built(site, *limits)
    split = Split.drafted([options.pair(text, "0xABC…=0.5") for text in holder] or [(account.address, PPM)])
    if (folder is None) == (packaged is None):
        raise InvalidInput("There is no collection, or two.", "Give a FOLDER of scores, or --packaged NAME.")
    if packaged:
        made = collecting.from_pack(packaged, split, terms, note)
    else:
        made = _read(folder or Path(), name, tuple(credit), split, terms, note)
    said = _anchor(site, account, made)
    data = made.to_bytes()
    found = _describe(Anchored(account.address, made.root, sha256(data), 0), made) | {"bytes": len(data)}
    title = f"{said} {made.name}, {output.counted(len(made.works), 'work')}, as {to_hex(made.root)}"
    output.show(found, as_json, title, output.details(in_words(site, terms)))


@app.command("list")
def list_collections(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Lists the collections that are anchored on the chain, and what their documents permit."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    pairs = [(anchor, _published(site, anchor)) for anchor in site.reader.collections()]
    rows = [_describe(anchor, found) for anchor, found in pairs]
    cells = [
        (r["name"], output.short(r["collection"]), r["works"] or "", output.short(r["licensor"]), _said(r))
        for r in rows
    ]
    title = output.counted(len(rows), "collection")
    output.show(rows, as_json, title, output.table(("name", "collection", "works", "licensor", "permitted"), cells))


@app.command()
def materialise(
    collection: Root,
    work: Annotated[
        str, typer.Argument(metavar="WORK", help="A work of it: its id, or its reference in the collection.")
    ],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Brings one work of a collection onto the chain, by proof, so that it can be ordered. Anybody may."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    account = signer(site.settings, "key_file")
    anchor_ = _named(site, collection)
    document = read_collection(anchor_, site.store)
    content = naming.in_collection(site, anchor_.licensor, document, work)
    given = (anchor_.licensor, document, content, site.store, site.writer(account))
    work_id = to_hex(registration.materialise(*given))
    title = document.work(content).metadata.title
    found = {"work": work_id, "title": title, "collection": to_hex(anchor_.root), "licensor": anchor_.licensor}
    output.show(found, as_json, f"{title} is on the chain as {work_id}, of {anchor_.licensor}")


@app.command()
def withdraw(
    collection: Root,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Withdraws your collection: no model may be registered with its works any more, none of them be brought onto the
    chain. What was brought stays as it is."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file))
    account = signer(site.settings, "key_file")
    anchor_ = _named(site, collection, account.address)
    site.writer(account).withdraw_collection(anchor_.root)
    found = {"collection": to_hex(anchor_.root), "licensor": anchor_.licensor}
    output.show(found, as_json, f"Withdrew the collection {to_hex(anchor_.root)}")


def _read(folder: Path, name: str, credits: tuple[str, ...], split: Split, terms: Terms, note: str) -> Collection:
    """The folder's works, read with a bar that moves."""
    columns = (TextColumn("reading"), BarColumn(24), MofNCompleteColumn())
    with Progress(*columns, console=output.aside, transient=True, disable=not output.aside.is_terminal) as bars:
        task = bars.add_task("", total=None)

        def on_work(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        return collecting.from_folder(folder, name or folder.resolve().name, credits, split, terms, note, on_work)


def _anchor(site: Site, account: Signer, made: Collection) -> str:
    """Anchors what is not anchored yet, so that a command that was interrupted can be given again."""
    for one in site.reader.collections():
        if (one.licensor, one.root, one.withdrawn) == (account.address, made.root, None):
            site.store.put(made.to_bytes())
            return "Had anchored"
    registration.anchor(made, site.store, site.writer(account))
    return "Anchored"


def _named(site: Site, text: str, licensor: str | None = None) -> Anchored:
    """The collection whose root is, or begins like, `text`. Raises NotFound, InvalidInput where several do, and
    NotPermitted where all that do are other licensors'."""
    wanted = text.lower()
    if len(wanted) < 10 or not wanted.startswith("0x"):
        raise InvalidInput(
            f"{text!r} is not the root of a collection.", "Write 0x and at least its first 8 hex digits."
        )
    every = [one for one in site.reader.collections() if to_hex(one.root).startswith(wanted)]
    found = [one for one in every if licensor in (None, one.licensor)]
    if every and not found:
        raise NotPermitted(
            f"The collection {to_hex(every[0].root)} is {every[0].licensor}'s, not {licensor}'s.",
            "Only its licensor withdraws it: sign with that key.",
        )
    if not found:
        raise NotFound(f"No collection's root begins like {text}.", "`contrafact collections list` shows them.")
    if len(found) > 1:
        raise InvalidInput(f"{len(found)} collections begin like {text}.", "Write the whole root.")
    return found[0]


def _published(site: Site, anchor: Anchored) -> Collection | None:
    """The collection's document; None where the store does not have it, or has something else in its place."""
    try:
        return read_collection(anchor, site.store)
    except (NotFound, StoreError, InvalidInput):
        return None


def _describe(anchor: Anchored, found: Collection | None) -> dict[str, Any]:
    permitted = dict.fromkeys(work.terms.summary() for work in found.works) if found else {}
    return {
        "collection": to_hex(anchor.root),
        "name": found.name if found else naming.UNKNOWN,
        "licensor": anchor.licensor,
        "works": len(found.works) if found else None,
        "document": cid(anchor.document),
        "withdrawn": anchor.withdrawn is not None,
        "terms": list(permitted),
    }


def _said(row: dict[str, Any]) -> str:
    return "withdrawn" if row["withdrawn"] else "\n".join(row["terms"])
