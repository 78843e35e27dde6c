"""`contrafact shares`: who wrote what of a recorded piece, note by note if need be."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.contents import content
from contrafact.domain import breakdown, events
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM
from contrafact.settings import load
from contrafact.wiring import Site


def shares(
    record: Annotated[
        str, typer.Argument(metavar="RECORD", help="An attribution record: a file, or the CID it has in the store.")
    ],
    by: Annotated[str, typer.Option(metavar="WHAT", help="piece, part, bar, second or note.")] = "piece",
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Shows the shares of a recorded piece as a whole, or by part, bar, second or note, from its event ledger."""
    site = Site(load(store=store))
    found = AttributionRecord.from_bytes(options.record_bytes(record, site))
    ledger = events.from_bytes(content(site.store, found.events, found.protection))
    slices = breakdown.breakdown(ledger, by, found.request.tempo)
    names = ["base", *(output.short(name) for name in ledger.components[1:])]
    rows = [(one.name, *(f"{share / PPM:.2%}" for share in one.shares)) for one in slices]
    document = {
        "components": list(ledger.components),
        "by": by,
        "slices": [{"name": one.name, "shares": list(one.shares), "ticks": one.time} for one in slices],
    }
    output.show(document, as_json, output.table([by, *(f"{name} %" for name in names)], rows))
