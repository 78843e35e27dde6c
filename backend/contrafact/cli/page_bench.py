"""`contrafact bench pages`: what the web pages weigh, and how soon they paint."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module
from contrafact.cli.chain_bench import machine


def pages(
    rounds: Annotated[int, typer.Option(min=1, help="How often each page is opened cold, and again warm.")] = 5,
    as_json: options.Json = False,
) -> None:
    """Measures each page in a browser on a development chain: first contentful paint, and bytes without sound.

    Times depend on the machine and on what else it does; bytes do not.
    """
    rows = tests_module("web.bench").measure(rounds)
    document = {"machine": machine(), "date": datetime.now(UTC).date().isoformat(), "rounds": rounds, "pages": rows}
    columns = ("page", "cold ms amount", "warm ms amount", "cold bytes amount", "warm bytes amount", "requests amount")
    cells = [tuple(str(value) if i == 0 else f"{value:,}" for i, value in enumerate(row.values())) for row in rows]
    output.show(document, as_json, output.table(columns, cells))
