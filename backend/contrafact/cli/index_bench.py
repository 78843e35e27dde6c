"""`contrafact bench index`: how quickly the index catches up with a chain, and how quickly it is searched."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module
from contrafact.cli.chain_bench import machine

TARGET = 1_000
"""Events a second that catching up on SQLite should take in."""
_FIGURES = ("events", "blocks", "bytes_per_event", "seconds", "cpu_seconds")


def index(
    events: Annotated[int, typer.Option(min=1_000, help="Made-up events, shaped as the contracts' are.")] = 100_000,
    orders: Annotated[int, typer.Option(min=0, help="Orders on a real development chain.")] = 150,
    works: Annotated[int, typer.Option(min=1_000, help="Works that are searched.")] = 10_000,
    as_json: options.Json = False,
) -> None:
    """Measures catching up on SQLite, from a chain in memory and from a development node, and searching the works."""
    bench = tests_module("store.bench")
    caught_up = [bench.from_memory(events)] + ([bench.from_node(orders)] if orders else [])
    searches = bench.searches(works)
    document = {"machine": machine(), "target_per_second": TARGET, "catching_up": caught_up, "searches": searches}
    first = output.table(
        ("events from", *(f"{name} amount" for name in _FIGURES), "events/s"),
        [(row["of"], *(row[name] for name in _FIGURES), row["per_second"]) for row in caught_up],
    )
    second = output.table(
        ("search", "ms amount", "ms of processor amount", "rows amount"),
        [(row["of"], row["milliseconds"], row["cpu_milliseconds"], row["rows"]) for row in searches],
    )
    output.show(document, as_json, first, second, f"Target: {TARGET:,} events/s. On {machine()}.")
