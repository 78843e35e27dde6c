"""`contrafact bench`: what the ledger costs, measured anew on the EVM that the contracts' tests use."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from contrafact.cli import options, output
from contrafact.errors import ContrafactError, NotFound

app = typer.Typer(help="Measurements, in gas or as ratios. They need the checkout, with its tests' environment.")
_CHECKOUT = Path(__file__).parents[3]

Row = dict[str, Any]


@app.command()
def gas(
    check: Annotated[bool, typer.Option("--check", help="Fail where an action misses its target.")] = False,
    as_json: options.Json = False,
) -> None:
    """Measures the gas of every action, beside the committed snapshot, targets and peers."""
    measured = tests_module("contracts.gas").measure()  # about half a minute
    rows = _rows(measured, _document("gas.json"), _document("gas_targets.json")["actions"])
    floor = _document("gas_targets.json")["floor"]
    missed = [row["action"] for row in rows if row["met"] is False]
    document = {"floor": floor, "actions": rows, "missed": missed}
    table = output.table(
        ["action", "gas amount", "snapshot amount", "target amount", "peer amount", "peer"], map(_cells, rows)
    )
    output.show(document, as_json, table, f"Floor: {floor['gas']:,} ({floor['what']}).", _verdict(missed))
    if check and missed:
        raise ContrafactError(_verdict(missed), "Compare with contracts/gas.json what made it rise.")


def tests_module(name: str) -> ModuleType:
    """A module of the checkout's tests, by its name below `tests`. Raises NotFound where it is not there."""
    if not (_CHECKOUT / "tests" / f"{name.replace('.', '/')}.py").is_file():
        raise NotFound("The benchmarks are not installed with the package.", "Run this in a checkout of the project.")
    sys.path.insert(0, str(_CHECKOUT))
    try:
        return importlib.import_module(f"tests.{name}")
    except ModuleNotFoundError as error:
        raise NotFound(f"{error.name} is missing.", "Run ./scripts/test once: it makes the environment.") from error


def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_CHECKOUT / "contracts" / name).read_text())
    return document


def _rows(measured: dict[str, int], committed: dict[str, int], targets: dict[str, Row]) -> list[Row]:
    return [_row(action, used, committed.get(action), targets.get(action, {})) for action, used in measured.items()]


def _row(action: str, used: int, committed: int | None, aim: Row) -> Row:
    target = aim.get("target")
    met = None if target is None else used <= target
    peer = {"peer": aim.get("peer"), "peer_gas": aim.get("peer_gas")}
    return {"action": action, "gas": used, "snapshot": committed, "target": target, "met": met, **peer}


def _cells(row: Row) -> tuple[str, ...]:
    numbers = [row["gas"], row["snapshot"], row["target"], row["peer_gas"]]
    shown = ["" if number is None else f"{number:,}" for number in numbers]
    if row["met"] is False:
        shown[2] += " missed"
    return row["action"], *shown, row["peer"] or ""


def _verdict(missed: list[str]) -> str:
    return f"Above their targets: {', '.join(missed)}." if missed else "Every target is met."
