"""`contrafact works`: register works, list the catalogue, look at one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import options, output
from contrafact.domain.catalogue import Catalogue, Entry
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.quotes import terms_to_dict
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.keys import load_key
from contrafact.settings import load
from contrafact.wiring import Site

app = typer.Typer(help="Works of the catalogue.", no_args_is_help=True)


@app.command()
def register(
    file: Annotated[Path, typer.Argument(help="The score: MIDI, ABC or MusicXML.")],
    title: Annotated[str, typer.Option(help="The work's title.")],
    holder: Annotated[
        list[str], typer.Option(help="A rights holder and its share, ADDRESS=0.5; repeat. Default: you, all of it.")
    ] = [],  # noqa: B006 - typer copies it
    credit: Annotated[list[str], typer.Option(help="Whom to credit; repeat.")] = [],  # noqa: B006
    collection: Annotated[str, typer.Option(help="The collection it comes from.")] = "",
    catalogue_id: Annotated[str, typer.Option(help="Your own reference for the work.")] = "",
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Registers a composition: its file and source form go to the content store, its digests to the chain."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    account = load_key(site.settings.key_file, "key_file")
    data = options.read_file(file)
    split = Split.of([options.pair(text, "0xABC…=0.5") for text in holder] or [(account.address, 1_000_000)])
    draft = registration.Draft(
        title, catalogue_id, collection, tuple(credit), registration.media_type(file.name), split
    )
    work_id = registration.register(draft, data, site.derive, site.store, site.writer(account))
    found = {"work": to_hex(work_id), "title": title}
    output.show(found, as_json, f"Registered {title} as {to_hex(work_id)}\nNow set its terms: contrafact terms set")


@app.command("list")
def list_works(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Lists all works with what their licensors permit."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    catalogue = Catalogue.of(site.reader.works(), site.reader.terms_history())
    rows = [_describe(site, entry) for entry in catalogue.entries.values()]
    columns = ("work", "title", "collection", "licensor", "terms")
    cells = [
        (output.short(r["work"]), r["title"], r["collection"], output.short(r["licensor"]), r["terms"]) for r in rows
    ]
    output.show(rows, as_json, output.table(f"{len(rows)} works", columns, cells))


@app.command()
def show(
    work: options.WorkId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Shows one work: metadata, rights holders, digests, and all versions of its terms."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    history = site.reader.terms_history()
    entry = Catalogue.of(site.reader.works(), history).entry(options.identifier(work))
    metadata = _metadata(site, entry)
    versions = [{"version": v.version, **terms_to_dict(v.terms)} for v in history if v.work_id == entry.work.work_id]
    holders = metadata.split.to_list()
    found = {
        **_describe(site, entry),
        "credits": list(metadata.credits),
        "content": to_hex(entry.work.content),
        "source_form": to_hex(entry.work.source_form),
        "rights_holders": holders,
        "note": metadata.note,
        "terms_versions": versions,
    }
    rows = [(name, value) for name, value in found.items() if isinstance(value, str) and value]
    rows += [("credit", text) for text in metadata.credits]
    rows += [("rights holder", f"{row['holder']}  {row['share']} ppm") for row in holders]
    output.show(found, as_json, output.table(metadata.title, ("field", "value"), rows))


def _describe(site: Site, entry: Entry) -> dict[str, str]:
    metadata = _metadata(site, entry)
    terms = entry.current.terms.summary() if entry.current else "none set"
    return {
        "work": to_hex(entry.work.work_id),
        "title": metadata.title,
        "collection": metadata.collection,
        "catalogue_id": metadata.catalogue_id,
        "licensor": entry.work.licensor,
        "terms": terms,
    }


def _metadata(site: Site, entry: Entry) -> WorkMetadata:
    return WorkMetadata.from_bytes(site.store.get(cid(entry.work.metadata)))
