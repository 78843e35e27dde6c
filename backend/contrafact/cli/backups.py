"""`contrafact backup` and `contrafact restore`: what neither the chain nor the database can give back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.errors import NotFound
from contrafact.operations.backup import Places, Vault
from contrafact.operations.backup import restore as restore_backup
from contrafact.operations.backup import take as take_backup
from contrafact.records.places import folder_of
from contrafact.settings import Settings, load

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the backup; it may hold earlier ones.")]
_Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", show_default=False, help="The operator's folder; default: CONTRAFACT_HOME."),
]


def backup(
    folder: _Folder,
    recipient: Annotated[
        list[str] | None,
        typer.Option(
            "--recipient", metavar="age1…", show_default=False, help="Encrypt with age for this recipient; repeat."
        ),
    ] = None,
    home: _Home = None,
    store: options.StoreOption = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Adds a snapshot of home, content store and deployment file to a backup. Safe while the service runs.

    The keys are left out, and the database: it is rebuilt from chain and content store.
    """
    places = _places(load(home=home, store=store, deployment=deployment))
    with output.aside.status("copying", spinner="dots") as status:
        taken = take_backup(places, Vault(folder, recipient or ()), lambda number: status.update(f"file {number}"))
    snapshot, encrypted = taken.snapshot, bool(recipient)
    if places.store is None:
        output.warn("The content store is an IPFS node: pin its content on a second node, this backup has none of it.")
    if not encrypted:
        output.warn("The secrets of open quotes lie in this backup unencrypted; --recipient encrypts it.")
    document = {
        "snapshot": snapshot.taken_at,
        "files": len(snapshot.files),
        "bytes": sum(file.size for file in snapshot.files),
        "new_bytes": taken.new_bytes,
        "encrypted": encrypted,
        "store": places.store is not None,
    }
    said = (
        f"Snapshot {snapshot.taken_at}: {output.counted(len(snapshot.files), 'file')}, {taken.new_bytes:,} bytes new."
    )
    output.show(document, as_json, said)


def restore(
    folder: _Folder,
    identity: Annotated[
        Path | None,
        typer.Option("--identity", metavar="FILE", show_default=False, help="File with the identity of age."),
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", metavar="TIME", show_default=False, help="Default: the newest.")
    ] = None,
    home: _Home = None,
    store: options.StoreOption = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Puts a backup back into home, content store and deployment file. Overwrites nothing; run it again to go on."""
    places = _places(load(home=home, store=store, deployment=deployment))
    vault = Vault(folder, identities=_identities(identity))
    restored = restore_backup(vault, places, snapshot)
    said = f"Snapshot {restored.taken_at} is back: {output.counted(len(restored.files), 'file')}."
    output.show({"snapshot": restored.taken_at, "files": len(restored.files)}, as_json, said)


def _places(settings: Settings) -> Places:
    return Places(settings.home, settings.deployment, folder_of(settings.store))


def _identities(path: Path | None) -> list[str]:
    """The identities of a file as age-keygen writes it."""
    if path is None:
        return []
    lines = options.read_file(path).decode(errors="replace").splitlines()
    found = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if not found:
        raise NotFound(f"{path} holds no identity.", "Expected a line AGE-SECRET-KEY-1…, as age-keygen writes it.")
    return found
