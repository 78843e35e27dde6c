"""`contrafact content`: protected content and its keys."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import naming, options, output
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.releases import Release
from contrafact.errors import InvalidInput
from contrafact.ledger.signer import Signer
from contrafact.settings import load
from contrafact.whole import write_whole
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.releasing import protected_works, release_order, release_work, take_in
from contrafact.wiring.storekeeping import import_car

app = typer.Typer(help="Protected content, takedown, and care for the content store.", no_args_is_help=True)


@app.command()
def release(
    what: Annotated[str, typer.Argument(metavar="WORK|ORDER", help="A work of yours, or an order of yours by its id.")],
    to: Annotated[list[str], typer.Option(metavar="AGE1…", help="A reader's public key; repeat.")],
    operator: Annotated[
        str | None, typer.Option(metavar="ADDRESS", show_default=False, help="The operator that the readers are of.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the release.")] = Path("release.json"),
    reader_key: options.ReaderKey = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Lets readers open a protected work, or a private piece, of yours. What was released cannot be taken back."""
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store}
    site = Site(load(key_file=key_file, reader_key_file=reader_key, **places))
    account = signer(site.settings, "key_file")
    documents = _released(site, what, to, account, operator)
    files = [out, *(out.with_stem(f"{out.stem}-{i}") for i in range(2, len(documents) + 1))]
    for file, data in zip(files, documents, strict=True):
        write_whole(file.absolute(), data)
    found = [{"release": cid(sha256(data)), "file": str(file)} for file, data in zip(files, documents, strict=True)]
    said = f"Released to {output.counted(len(to), 'reader')}; also in the content store. They run:"
    output.show(found, as_json, said, *(f"contrafact content import {file}" for file in files))


@app.command("list")
def list_contents(
    reader_key: options.ReaderKey = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Lists protected works, and which of them you can open; and the releases on your keyring."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, reader_key_file=reader_key))
    works = list(protected_works(site))
    kept = list(site.keyring.releases())
    releases = [_describe(one, site.keyring.readers) for one in kept]
    rows = [(one.title, output.short(to_hex(one.work.work_id)), "yes" if one.is_open else "no key") for one in works]
    found = {
        "works": [{"work": to_hex(w.work.work_id), "title": w.title, "can_open": w.is_open} for w in works],
        "releases": releases,
    }
    held = [(one.kind, output.short(to_hex(one.subject)), one.releaser, len(one.readers)) for one in kept]
    title = f"{output.counted(len(works), 'protected work')}, {output.counted(len(releases), 'release')}"
    tables = (output.table(("title", "work", "can open"), rows), output.table(("of", "id", "by", "readers"), held))
    output.show(found, as_json, title, *tables)


@app.command("open")
def open_content(
    name: Annotated[str, typer.Argument(metavar="CID", help="The CID of the plain content: bafkrei….")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it, for nobody else to read.")],
    reader_key: options.ReaderKey = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Writes a content of the store in plain, where your reader's key opens it."""
    site = Site(load(store=store, reader_key_file=reader_key))
    data = site.store.get(name)
    out.touch(mode=0o600)
    out.write_bytes(data)
    output.show({"cid": name, "bytes": len(data), "file": str(out)}, as_json, f"{len(data)} bytes in {out}")


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A release (file or CID), or a CAR file of contents.")],
    restore: Annotated[bool, typer.Option("--restore", help="Store it even where it was taken down here.")] = False,
    reader_key: options.ReaderKey = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Takes in a release that was given to you, or the contents of a CAR file; with --restore also a single content."""
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store}
    site = Site(load(reader_key_file=reader_key, **places))
    data = site.kept_store.get(source) if source.startswith("bafkrei") else options.read_file(Path(source))
    if data.startswith(b"{") and not restore:
        given = _describe(take_in(site, data), site.keyring.readers)
        output.show(given, as_json, f"{given['kind']} {given['id']} can be read here now.")
        return
    stored = _stored(site, data, restore)
    output.show({"stored": stored}, as_json, f"Stored {output.counted(len(stored), 'content')}.")


def _released(site: Site, what: str, to: list[str], account: Signer, operator: str | None) -> list[bytes]:
    """Of a work where one has that id, else of an order."""
    if len(what) == 66 and all(to_hex(work.work_id) != what.lower() for work in site.reader.works()):
        if operator:
            raise InvalidInput("An order is released to readers alone.", "Leave --operator out.")
        return release_order(site, naming.order_id(what), to, account)
    return release_work(site, naming.work_id(site, what), to, account, operator)


def _stored(site: Site, data: bytes, restore: bool) -> list[str]:
    try:
        return import_car(site.kept_store, BytesIO(data), restore)
    except InvalidInput:
        if not restore or site.kept_store.notice(cid(sha256(data))) is None:
            raise
    return [site.kept_store.restore(data)]


def _describe(one: Release, readers: tuple[str, ...]) -> dict[str, object]:
    return {
        "kind": one.kind,
        "id": to_hex(one.subject),
        "releaser": one.releaser,
        "operator": one.operator,
        "readers": list(one.readers),
        "mine": bool(set(readers) & set(one.readers)),
        "contents": [cid(sealed.plain) for sealed in one.contents],
    }
