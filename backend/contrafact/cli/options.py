"""Options and arguments that several commands share, and how their texts are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.domain.digests import from_hex
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput, NotFound

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
RpcUrl = Annotated[str | None, typer.Option("--rpc-url", help="JSON-RPC URL of the chain.", show_default=False)]
DeploymentFile = Annotated[
    Path | None, typer.Option("--deployment", help="File with the contracts' addresses.", show_default=False)
]
StoreOption = Annotated[
    str | None, typer.Option("--store", help="Content store: folder:PATH or an IPFS RPC.", show_default=False)
]
KeyFile = Annotated[Path | None, typer.Option("--key-file", help="File with your private key.", show_default=False)]
OperatorKeyFile = Annotated[
    Path | None, typer.Option("--operator-key-file", help="File with the operator's private key.", show_default=False)
]
WorkId = Annotated[str, typer.Argument(help="The work's id: 0x and 64 hex digits.")]


def identifier(text: str) -> bytes:
    """A 32-byte id, in any case. Raises InvalidInput."""
    return from_hex(text.lower())


def read_file(path: Path) -> bytes:
    """The bytes of a file that somebody named. Raises NotFound."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error


def fraction(text: str) -> int:
    """`0.25` as parts per million, exactly. Raises InvalidInput."""
    whole, _, part = text.strip().partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or len(part.rstrip("0")) > 6:
        raise InvalidInput(f"{text!r} is not a part of one.", "Write for example 0.25, with up to six decimals.")
    return int(whole or "0") * PPM + int(part.rstrip("0").ljust(6, "0") or "0")


def pair(text: str, example: str) -> tuple[str, int]:
    """`NAME=0.5` as (name, ppm). Raises InvalidInput."""
    name, separator, part = text.rpartition("=")
    if not separator:
        raise InvalidInput(f"{text!r} has no '='.", f"Write for example {example}.")
    return name, fraction(part)
