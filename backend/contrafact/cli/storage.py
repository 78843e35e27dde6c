"""`contrafact content withdraw`, `check`, `pin` and `export`: care for a content store."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import naming, options, output
from contrafact.cli.checks import CHECK_FAILED
from contrafact.domain.catalogue import Catalogue
from contrafact.errors import ContrafactError
from contrafact.ledger.signer import Signer
from contrafact.records.fallback import FallbackStore
from contrafact.records.opening import open_store
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.storekeeping import State, examine, export_order, files_of_work, referenced
from contrafact.wiring.storekeeping import withdraw as withdraw_contents

_GOOD = (State.HERE, State.MENDED, State.WITHDRAWN)


def withdraw(
    what: Annotated[
        str, typer.Argument(metavar="CID|WORK", help="A content, or a work: then its file and source form.")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stands in the notice, for everybody to read.")],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Takes content down in this store and leaves a notice in its place. Ledger and payments stay as they are."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    made = withdraw_contents(site.kept_store, _cids(site, what), reason, _account(site))
    found = [{"cid": one.cid, "reason": one.reason, "date": one.day, "by": one.by} for one in made]
    said = f"Withdrew {output.counted(len(made), 'content')}; who reads it finds your reason."
    note = "Other stores that hold it are not reached by this. What was delivered stays delivered."
    output.show(found, as_json, said, *(one.cid for one in made), note)


def check(
    repair: Annotated[
        str | None,
        typer.Option(metavar="STORE", show_default=False, help="Put what is missing or damaged again, from there."),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Reads everything that the ledger refers to, in each store, and holds it against its CID.

    Exit code 13: something is missing, damaged or out of reach.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    seconds = site.settings.store_seconds
    source = open_store(repair, seconds) if repair else None
    found = []
    with output.aside.status("reading", spinner="dots"):
        references = referenced(site, FallbackStore([site.kept_store, source]) if source else site.kept_store)
        for place in site.settings.store.split(","):
            kept = open_store(place.strip(), seconds)
            for reference in references:
                state, why = examine(kept, reference, source)
                found.append((place.strip(), reference, state, why))
    counts = Counter(state for _, _, state, _ in found)
    rows = [(r.what, r.cid, place, state.value, why) for place, r, state, why in found if state is not State.HERE]
    document = {
        "counts": {state.value: counts[state] for state in State},
        "contents": [{"what": w, "cid": c, "store": p, "state": s, "reason": y} for w, c, p, s, y in rows],
    }
    title = (
        ", ".join(f"{count} {state.value}" for state, count in counts.items()) or "The ledger refers to nothing yet."
    )
    output.show(document, as_json, title, output.table(("what", "cid", "store", "", "reason"), rows))
    if any(state not in _GOOD for state in counts):
        raise typer.Exit(CHECK_FAILED)


def pin(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Pins everything that the ledger refers to, so that an IPFS node's garbage collection keeps it.

    Exit code 13: something could not be pinned.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    pinned, failed = 0, []
    with output.aside.status("pinning", spinner="dots"):
        for reference in referenced(site, site.kept_store):
            try:
                pinned += site.kept_store.pin(reference.cid)
            except ContrafactError as error:
                failed.append((reference.what, reference.cid, error.message))
    document = {"pinned": pinned, "failed": [{"what": w, "cid": c, "reason": r} for w, c, r in failed]}
    title = f"Pinned {output.counted(pinned, 'content')}; a folder needs no pins. {len(failed)} could not be had."
    output.show(document, as_json, title, output.table(("what", "cid", "reason"), failed))
    if failed:
        raise typer.Exit(CHECK_FAILED)


def export(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    car: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Writes all that an audit of one order reads as a CAR file, whose root is the order's attribution record."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    partial = car.with_name(f".{car.name}.partial")
    try:
        with partial.open("wb") as file:
            count = export_order(site, naming.order_id(order), file)
        partial.replace(car)
    finally:
        partial.unlink(missing_ok=True)
    output.show({"file": str(car), "contents": count}, as_json, f"{output.counted(count, 'content')} in {car}")


def _cids(site: Site, what: str) -> list[str]:
    """The content itself, or a work's two files as they lie in the store."""
    if what.startswith("bafkrei"):
        return [what]
    entry = Catalogue.of(site.reader.works(), ()).entry(naming.work_id(site, what))
    return [reference.cid for reference in files_of_work(site.kept_store, entry.work)]


def _account(site: Site) -> Signer | None:
    return signer(site.settings, "key_file") if site.settings.key_file else None
