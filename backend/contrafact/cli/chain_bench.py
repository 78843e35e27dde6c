"""`contrafact bench chain`: how many transactions and orders a second the nodes of the tests take."""

from __future__ import annotations

import os
import platform
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.cli.benches import tests_module

_WHAT = ("transfers", "settlements")


def chain(
    transfers: Annotated[int, typer.Option(min=1, help="Plain transfers in a round.")] = 100,
    orders: Annotated[int, typer.Option(min=1, help="Orders in a round, each paid in and committed.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the best of each node counts.")] = 3,
    as_json: options.Json = False,
) -> None:
    """Measures transactions and settled orders a second on eth-tester, the devnet and Anvil, side by side.

    Rates depend on the machine and on what else it does; the ratios to eth-tester, taken in one run, much less.
    """
    rates_module = tests_module("clients.rates")
    measured, left_out = rates_module.measure(transfers, orders, rounds)
    reference = measured[rates_module.REFERENCE]
    rows = [_row(node, rates, reference) for node, rates in measured.items()]
    document = {"machine": machine(), "reference": rates_module.REFERENCE, "nodes": rows, "left_out": left_out}
    columns = ["node", "transfers/s", "ratio", "orders/s", "ratio"]
    skipped = [f"Left out: {node} ({why})." for node, why in left_out.items()]
    output.show(document, as_json, output.table(columns, map(_cells, rows)), *skipped, f"On {machine()}.")


def _row(node: str, rates: dict[str, float], reference: dict[str, float]) -> dict[str, Any]:
    found = {f"{what}_per_second": round(rates[what], 2) for what in _WHAT}
    ratios = {f"{what}_ratio": round(rates[what] / reference[what], 2) for what in _WHAT}
    return {"node": node, **found, **ratios}


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["node"], *(f"{row[f'{what}_{kind}']:.1f}" for what in _WHAT for kind in ("per_second", "ratio")))


def machine() -> str:
    """What it was measured on, in a few words."""
    return f"{os.cpu_count()} CPUs ({platform.machine()}), Python {platform.python_version()}"
