"""Options and arguments that several commands share, and how their texts are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import naming
from contrafact.contents import record_document
from contrafact.domain import instruments
from contrafact.domain.generation import Voice
from contrafact.domain.money import Currency
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput, NotFound
from contrafact.wiring import Site

PRICE_BITS, AMOUNT_BITS = 80, 96
"""What the contracts hold of a work's price, and of a base rate or a bond, in bits; see Types.sol."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
RpcUrl = Annotated[
    str | None,
    typer.Option(
        "--rpc-url", metavar="URL", help="JSON-RPC URL of the chain; several with commas.", show_default=False
    ),
]
DeploymentFile = Annotated[
    Path | None,
    typer.Option("--deployment", metavar="FILE", help="File with the contracts' addresses.", show_default=False),
]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="STORE", help="Content store: folder:PATH or an IPFS RPC.", show_default=False),
]
ReaderKey = Annotated[
    Path | None,
    typer.Option(
        "--reader-key",
        metavar="FILE",
        help="File with the key that opens what is protected for you.",
        show_default=False,
    ),
]
Readers = Annotated[
    list[str],
    typer.Option("--reader", metavar="AGE1…", show_default=False, help="Who may read it: a reader's key; repeat."),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", metavar="FILE", help="File with your key, keystore or signer.", show_default=False),
]
OperatorKeyFile = Annotated[
    Path | None,
    typer.Option(
        "--operator-key-file",
        metavar="FILE",
        help="File with the operator's key, keystore or signer.",
        show_default=False,
    ),
]
Token = Annotated[
    str | None,
    typer.Option("--token", metavar="TOKEN", help="usd, native, or a token's address.", show_default=False),
]
Operator = Annotated[
    str | None,
    typer.Option("--operator", metavar="ADDRESS", show_default=False, help="Default: the operator of your key."),
]
Parts = Annotated[
    list[str],
    typer.Option(
        "--part",
        metavar="PART=INSTRUMENT",
        show_default=False,
        help="A part and its instrument: melody=violin, harmony=piano, bass, drums; repeat."
        " Default: melody=flute harmony=guitar bass=bass. Naming any leaves the others but the melody out.",
    ),
]
WorkId = Annotated[str, typer.Argument(metavar="WORK", help="The work's id, or its first 8 hex digits: 0x1234abcd.")]


def band(parts: Sequence[str]) -> tuple[Voice, ...]:
    """The parts that were asked for, or the usual ones. Raises InvalidInput."""
    return instruments.voices(parts) if parts else instruments.BAND


def read_file(path: Path) -> bytes:
    """The bytes of a file that somebody named. Raises NotFound."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error


def record_bytes(record: str, site: Site) -> bytes:
    """An attribution record by its CID in the store, or in a file. Raises NotFound, and StoreError."""
    if record.startswith("0x") and not Path(record).exists():
        raise NotFound(
            f"There is no file {record}.", "Name a record by its file or CID; an order's id has 64 hex digits."
        )
    return site.store.get(record) if record.startswith("bafkrei") else read_file(Path(record))


def record_of(order: str, site: Site) -> AttributionRecord:
    """The record of an order by its id on the chain, or a record by its CID or in a file.

    Raises NotFound, and InvalidInput for what is no id.
    """
    if not order.startswith("0x"):
        return AttributionRecord.from_bytes(record_bytes(order, site))
    committed = next(iter(site.reader.committed(naming.order_id(order))), None)
    if committed is None:
        raise NotFound(f"No commit of an order {order} is on the chain.", "Check the id, and the chain.")
    return record_document(site.store, committed.commit.record_digest)


def fraction(text: str) -> int:
    """`0.25` as parts per million, exactly. Raises InvalidInput above 1 and for what is no such number."""
    whole, _, part = text.strip().partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20) or len(part.rstrip("0")) > 6:
        raise InvalidInput(f"{text!r} is not a part of one.", "Write for example 0.25, with up to six decimals.")
    parts = int(whole or "0") * PPM + int(part.rstrip("0").ljust(6, "0") or "0")
    if parts > PPM:
        raise InvalidInput(f"{text!r} is more than the whole.", "Write a part of one, for example 0.25.")
    return parts


def pair(text: str, example: str) -> tuple[str, int]:
    """`NAME=0.5` as (name, ppm). Raises InvalidInput."""
    name, separator, part = text.rpartition("=")
    if not separator:
        raise InvalidInput(f"{text!r} has no '='.", f"Write for example {example}.")
    return name, fraction(part)


def price(currency: Currency, text: str, bits: int = PRICE_BITS) -> int:
    """An amount of the currency, in units. Raises InvalidInput, also above what the contracts hold: `bits` of it."""
    units = currency.parse(text)
    if units >= 2**bits:
        raise InvalidInput(f"{text} {currency.symbol} is more than a contract can hold.", "Write a lower amount.")
    return units


def hex_bytes(text: str) -> bytes:
    """The bytes of `0x…`. Raises InvalidInput."""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise InvalidInput(f"{text!r} is not hex.", "Write 0x and hex digits.") from None


def moment(text: str) -> int:
    """A date (`2030-12-31`, from midnight), a date with a time, or seconds since the epoch, in UTC; as seconds.

    Raises InvalidInput.
    """
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    try:
        when = datetime.fromisoformat(text)
        seconds = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        seconds = -1
    if seconds < 0:
        raise InvalidInput(f"{text!r} is not a time.", "Write for example 2030-12-31, or seconds since the epoch.")
    return seconds


def written_moment(seconds: int) -> str:
    """`2030-12-31 00:00 UTC`; a time beyond the calendar as its seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s since the epoch"
