"""`contrafact works`: register works, list the catalogue, look at one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import collected, confirming, learning, naming, options, output, recognised
from contrafact.cli.terms import prices
from contrafact.contents import work_document
from contrafact.domain.catalogue import Catalogue, Entry
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.protection import recipient
from contrafact.domain.quotes import terms_to_dict
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.signer import Signer
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

app = typer.Typer(help="Register works, list the catalogue, look at one work.", no_args_is_help=True)


@app.command()
def register(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The score (MIDI, ABC, MusicXML) or a recording (WAV, FLAC, OGG, MP3)."),
    ],
    title: Annotated[str, typer.Option(metavar="TEXT", help="The work's title.")],
    holder: Annotated[
        list[str],
        typer.Option(
            metavar="ADDRESS=PART", help="A rights holder and its share, 0xABC…=0.5; repeat. Default: you, all of it."
        ),
    ] = [],  # noqa: B006 - typer copies it
    credit: Annotated[list[str], typer.Option(metavar="TEXT", help="Whom to credit; repeat.")] = [],  # noqa: B006
    collection: Annotated[str, typer.Option(metavar="TEXT", help="The collection it comes from.")] = "",
    catalogue_id: Annotated[str, typer.Option(metavar="TEXT", help="Your own reference for the work.")] = "",
    version_of: recognised.VersionOf = [],  # noqa: B006
    not_a_version: recognised.NotAVersion = [],  # noqa: B006
    contest: recognised.Contest = [],  # noqa: B006
    protected: Annotated[
        bool, typer.Option("--protected", help="Publish file and source form as ciphertext only, for your readers.")
    ] = False,
    reader: options.Readers = [],  # noqa: B006
    reader_key: options.ReaderKey = None,
    holder_key: confirming.HolderKeys = [],  # noqa: B006
    confirmation: confirming.Signatures = [],  # noqa: B006
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Registers a composition: its file and source form go to the content store, its digests to the chain.

    A copy of somebody else's work is refused unless you contest that; of a version of one you say whether it is one.
    With --protected they lie there as ciphertext only, and you decide who may read them: contrafact content release.
    """
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store}
    site = Site(load(key_file=key_file, reader_key_file=reader_key, **places))
    account = signer(site.settings, "key_file")
    data = options.read_file(file)
    split = Split.drafted([options.pair(text, "0xABC…=0.5") for text in holder] or [(account.address, PPM)])
    expected = site.reader.work_id_of(account.address, sha256(data))
    confirmed = confirming.gather(site, expected, split, account, holder_key, confirmation)
    media_type = registration.media_type(file.name)
    site.derive(data, media_type)  # what is no score is refused before the catalogue is looked through
    said = recognised.statement(site, version_of, not_a_version, contest)
    note = recognised.require_new(site, data, media_type, account.address, said)
    names = (title, catalogue_id, collection, tuple(credit), media_type)
    draft = registration.Draft(*names, split, note, confirmed)
    guard = _guard(site, account, expected, protected, reader)
    work_id = to_hex(registration.register(draft, data, site.derive, site.kept_store, site.writer(account), guard))
    found = {"work": work_id, "title": title, "confirmed": sorted(confirmed), "note": note}
    next_step = f"Nobody may use it yet. Next: contrafact terms set {work_id} --price private=0.20"
    told = (note, recognised.how_to_contest(site, said), confirming.missing(split, confirmed), next_step)
    output.show(found, as_json, f"Registered {title} as {work_id}", *filter(None, told))


@app.command()
def confirm(
    work: options.WorkId,
    sign: confirming.SignOnly = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Confirms that your places in a work's rights split are yours, so that payouts reach you."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    entry = Catalogue.of(site.reader.works(), site.reader.terms_history()).entry(naming.work_id(site, work))
    metadata = work_document(site.store, entry.work.metadata)
    confirming.command(site, entry.work.work_id, metadata.split, _tokens(site, entry, metadata.split), sign, as_json)


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
    rows = [_describe(entry, naming.metadata(site, entry.work)) for entry in catalogue.entries.values()]
    offers = [_offer(site, entry) for entry in catalogue.entries.values()]
    cells = [(row["title"], output.short(row["work"]), offer) for row, offer in zip(rows, offers, strict=True)]
    title = f"{output.counted(len(rows), 'work')}; prices per started 30 s"
    output.show(rows, as_json, title, output.table(("title", "work", "permitted"), cells))


@app.command()
def show(
    work: options.WorkId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Shows one work: metadata, rights holders, digests, all versions of its terms, and which models learnt from it."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    history = site.reader.terms_history()
    try:
        entry = Catalogue.of(site.reader.works(), history).entry(naming.work_id(site, work))
    except NotFound:
        if (in_collection := collected.describe(site, work)) is None:
            raise
        output.show(in_collection[0], as_json, output.details(in_collection[1]))
        return
    metadata = work_document(site.store, entry.work.metadata)
    versions = [v for v in history if v.work_id == entry.work.work_id]
    tokens = _tokens(site, entry, metadata.split)
    learnt, unknown = learning.models_of(site, entry.work.work_id)
    confirmed = confirming.known(site, entry.work.work_id, metadata.split, tokens, metadata.confirmations)
    found = {
        **_describe(entry, metadata),
        "credits": list(metadata.credits),
        "content": to_hex(entry.work.content),
        "source_form": to_hex(entry.work.source_form),
        "rights_holders": [
            row | {"confirmed": index in confirmed} for index, row in enumerate(metadata.split.to_list())
        ],
        "note": metadata.note,
        "protected": metadata.protection is not None,
        "terms_versions": [{"version": v.version, **terms_to_dict(v.terms)} for v in versions],
        "learnt_by": [learning.describe(one) for one in learnt],
        "manifests_unknown": [to_hex(model.model_id) for model in unknown],
    }
    names = ("work", "title", "collection", "catalogue_id", "licensor", "content", "source_form", "note")
    rows = [(name.replace("_", " "), found[name]) for name in names if found[name]]
    rows += [("protected", "yes: its files are ciphertext; ask its licensor for a key")] * bool(metadata.protection)
    rows += [("credit", text) for text in metadata.credits]
    rows += [
        ("holder", f"{leaf.holder}  {leaf.share / 10_000:g}%{_confirmed(leaf.index in confirmed)}")
        for leaf in metadata.split.leaves
    ]
    rows += [(f"terms v{v.version}", v.terms.summary()) for v in versions] or [("terms", "none set")]
    rows += learning.in_words(learnt, unknown)
    output.show(found, as_json, output.details(rows))


def _guard(
    site: Site, account: Signer, work_id: bytes, protected: bool, readers: list[str]
) -> registration.Guard | None:
    """How the work is protected, if it is to be. Raises InvalidInput for readers of what everybody can read."""
    if readers and not protected:
        raise InvalidInput("Readers are of a protected work.", "Add --protected, or leave --reader out.")
    named = tuple(recipient(reader) for reader in readers)
    return registration.Guard(site.sealing(account), work_id, named) if protected else None


def _offer(site: Site, entry: Entry) -> str:
    """The permitted uses with their prices."""
    if entry.work.barred or entry.work.contested:
        return "barred" if entry.work.barred else "contested"
    if entry.current is None:
        return "no terms yet"
    if not entry.current.terms.inference:
        return "opted out"
    return "\n".join(prices(site, row, entry.current.terms.uses) for row in entry.current.terms.prices)


def _tokens(site: Site, entry: Entry, split: Split) -> list[str]:
    """What the work is paid in: tokens that have a price, or in which its holders have accounts."""
    priced = [row.token for row in entry.current.terms.prices] if entry.current else []
    opened = [of.token for of in site.reader.accounts().values() if of.split_root == split.root]
    return list(dict.fromkeys([*priced, *opened]))


def _confirmed(is_known: bool) -> str:
    return "" if is_known else "  (did not confirm yet: until it does, its money waits)"


def _describe(entry: Entry, metadata: WorkMetadata | None) -> dict[str, str]:
    return {
        "work": to_hex(entry.work.work_id),
        "title": metadata.title if metadata else naming.UNKNOWN,
        "collection": metadata.collection if metadata else "",
        "catalogue_id": metadata.catalogue_id if metadata else "",
        "licensor": entry.work.licensor,
        "terms": entry.current.terms.summary() if entry.current else "none set",
    }
