"""`contrafact keys`: the key that lets you read what is protected for you."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.errors import InvalidInput
from contrafact.records import sealing
from contrafact.wiring.protecting import read_secrets

app = typer.Typer(help="The key that opens what is protected for you.", no_args_is_help=True)
KeyPath = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the key.")]


@app.command("new-reader")
def new_reader(file: KeyPath = Path("reader.key"), as_json: options.Json = False) -> None:
    """Makes a reader's key (age, X25519) in a private file, and prints its public half, which others encrypt to."""
    secret = sealing.new_secret()
    public = sealing.public_half(secret)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InvalidInput(f"{file} is there already.", "Name another file; a key is never overwritten.") from None
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(b"# public key: " + public.encode() + b"\n" + secret + b"\n")
    said = f"Give others: {public}"
    kept = f"The key is in {file}. Without it, nothing that is encrypted to it can be read: keep a copy."
    output.show({"reader": public, "file": str(file)}, as_json, said, kept)


@app.command("show-reader")
def show_reader(file: KeyPath = Path("reader.key"), as_json: options.Json = False) -> None:
    """Prints the public half of a reader's key."""
    public = [sealing.public_half(secret) for secret in read_secrets(file)]
    output.show({"readers": public}, as_json, *public)
