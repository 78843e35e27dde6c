"""`contrafact bench pool`: an epoch of the training pool at full size, closed, claimed and computed again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module
from contrafact.cli.chain_bench import machine
from contrafact.errors import ContrafactError

TARGET = 60.0
"""Seconds in which an epoch of 200 orders and all training works should be computed and closed."""


def pool(
    orders: Annotated[int, typer.Option(min=1, help="Orders of an epoch, paid and committed on chain.")] = 200,
    holders: Annotated[int, typer.Option(min=1, help="Holders of the works, each claims.")] = 300,
    as_json: options.Json = False,
) -> None:
    """Measures closing, claiming and auditing an epoch of all works that the packaged model learnt from, by each rule.

    The orders go through the contracts with made-up shares; no music is generated.
    """
    bench = tests_module("pooling.bench")
    rows = [asdict(figures) for figures in bench.measure(orders, holders, output.aside.print)]
    columns = (
        "rule",
        "orders",
        "works",
        "holders",
        "closed in s amount",
        "gas close amount",
        "gas claim amount",
        "exact",
    )
    document = {"machine": machine(), "target_seconds": TARGET, "epochs": rows}
    output.show(document, as_json, output.table(columns, map(_cells, rows)), *map(_more, rows), f"On {machine()}.")
    if not all(row["exact"] for row in rows):
        raise ContrafactError("An epoch is not exact.", "Look at its findings: --json shows them.")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    gas = row["gas"]
    return (
        row["rule"],
        f"{row['orders']:,}",
        f"{row['works']:,}",
        f"{row['holders']:,}",
        f"{row['seconds']['total']:.1f}",
        f"{row['cpu']['total']:.1f}",
        f"{gas['close']:,}",
        f"{gas['claim_median']:,}",
        "yes" if row["exact"] else "no",
    )


def _more(row: dict[str, Any]) -> str:
    cpu = row["cpu"]
    steps = ", ".join(f"{step} {cpu[step]:.1f}" for step in ("collect", "share", "publish", "close", "claims", "audit"))
    sizes = f"record {row['record_bytes'] / 1e6:.2f} MB, scores {row['scores_bytes'] / 1e6:.2f} MB"
    return f"{row['rule']}: seconds of CPU: {steps}; {sizes}."
