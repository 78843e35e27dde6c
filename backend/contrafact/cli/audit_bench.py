"""`contrafact bench audit`: how quickly orders are audited and replayed, and whether memory and time grow with them."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module
from contrafact.cli.chain_bench import machine

_COLUMNS = ("orders amount", "orders/s", "ms per order amount", "× ratio", "peak MB amount", "× ratio")
_GROWTH = ("orders", "orders_per_second", "ms_per_order", "per_order_ratio", "peak_mb", "memory_ratio")


def audit(
    orders: Annotated[
        list[int], typer.Option(min=10, help="Made-up honest orders of one audit; repeat, the smallest first.")
    ] = [100, 1_000, 10_000],  # noqa: B006
    replays: Annotated[int, typer.Option(min=0, help="Pieces of 8 seconds that are generated again.")] = 10,
    as_json: options.Json = False,
) -> None:
    """Audits made-up histories without replays, each in a fresh process, and replays real pieces.

    Rates are by processor time. The histories lie on disk, so the memory is the audit's own, with Python and libraries.
    """
    bench = tests_module("audit.bench")
    grown = bench.growth(orders)
    replayed = bench.replays(replays) if replays else None
    document = {"machine": machine(), "growth": grown, "replays": replayed}
    table = output.table(_COLUMNS, [tuple(row[name] for name in _GROWTH) for row in grown])
    said = f"Replays: {replayed['per_second']} a second of processor time." if replayed else "Nothing was replayed."
    output.show(document, as_json, table, f"{said} On {machine()}.")
