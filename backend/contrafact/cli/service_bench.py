"""`contrafact bench service`: how much one machine serves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module
from contrafact.cli.chain_bench import machine

Row = dict[str, Any]


def service(
    works: Annotated[int, typer.Option(min=1, help="Made-up works in the index, beside the demo's.")] = 10_000,
    orders: Annotated[int, typer.Option(min=0, help="Orders that are funded before the service starts.")] = 50,
    seconds: Annotated[int, typer.Option(min=4, help="Length of their pieces.")] = 8,
    compute: Annotated[str, typer.Option(help="Where pieces are generated: inline or processes.")] = "processes",
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    at_once: Annotated[int, typer.Option(min=1, help="Orders worked on at once.")] = 6,
    as_json: options.Json = False,
) -> None:
    """Measures requests over HTTP, orders at once, indexing and memory, on a development chain with the demo's works.

    Figures depend on the machine and on what else it does; compare those of one run.
    """
    bench = tests_module("operations.bench")
    with bench.place() as found:
        changes = {"compute": compute, "workers": workers, "jobs_at_once": at_once}
        done = [bench.orders(found, orders, seconds, **changes)] if orders else []
    with bench.place() as found:
        index, rows = bench.requests(found, works)
    document = {
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "index": index,
        "requests": rows,
        "orders": done,
    }
    output.show(document, as_json, _table(rows), output.details(index.items()), *map(_details, done))


def _table(rows: list[Row]) -> Any:
    columns = ("request", "connections", "requests/s", "p50 ms amount", "p99 ms amount", "failed amount")
    cells = [
        (row["of"], row["concurrency"], row["per_second"], row["p50_ms"], row["p99_ms"], row["failed"]) for row in rows
    ]
    return output.table(columns, cells)


def _details(row: Row) -> Any:
    return output.details(row.items())
