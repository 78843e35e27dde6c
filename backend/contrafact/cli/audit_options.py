"""The options of `contrafact audit` that say what is audited, and how; and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from contrafact.audit import Scope
from contrafact.cli import naming
from contrafact.domain.digests import from_hex, to_hex
from contrafact.wiring import Site

_SCOPE, _HOW = "What is audited (default: everything)", "How"


def _scope_option(name: str, metavar: str, text: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        name, metavar=metavar, show_default=False, help=text, rich_help_panel=_SCOPE
    )
    return found


Orders = Annotated[list[str], _scope_option("--order", "ORDER", "An order, by its id; repeat.")]
Works = Annotated[
    list[str], _scope_option("--work", "WORK", "Orders that name this work, by its id or the beginning of it; repeat.")
]
Holders = Annotated[list[str], _scope_option("--holder", "ADDRESS", "Orders of works that this holder has a part of.")]
Models = Annotated[list[str], _scope_option("--model", "MODEL", "Orders of this model, and its epochs; repeat.")]
Operators = Annotated[list[str], _scope_option("--operator", "ADDRESS", "Orders of this operator; repeat.")]
FromBlock = Annotated[int | None, _scope_option("--from-block", "N", "Orders that were funded in this block or later.")]
ToBlock = Annotated[int | None, _scope_option("--to-block", "N", "Orders that were funded in this block or before.")]
Replay = Annotated[
    str,
    typer.Option(
        "--replay",
        metavar="all|none|N|N%",
        rich_help_panel=_HOW,
        help="How many delivered orders are generated and rendered again. Of N or N% everybody chooses the same ones.",
    ),
]
Files = Annotated[
    bool, typer.Option("--files/--no-files", rich_help_panel=_HOW, help="Whether sound files are read and decoded.")
]
JournalFile = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        metavar="FILE",
        show_default=False,
        rich_help_panel=_HOW,
        help="Keep what was read and judged here: the same command goes on where it was interrupted, or begins anew.",
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", min=1, max=256, rich_help_panel=_HOW, help="Processes that judge orders.")
]


def scope(
    site: Site,
    orders: Sequence[str],
    works: Sequence[str],
    holders: Sequence[str],
    models: Sequence[str],
    operators: Sequence[str],
    first_block: int | None,
    last_block: int | None,
) -> Scope:
    """What the options say. Raises InvalidInput for what is no id or address, and NotFound for the beginning of an id
    that no work has; whole ids are not looked up.
    """
    named_orders = tuple(to_hex(naming.order_id(name)) for name in orders)
    named_works = tuple(to_hex(naming.work_id(site, name)) for name in works)
    named_models = tuple(to_hex(from_hex(name.lower())) for name in models)
    addresses = [tuple(map(Site.address, names)) for names in (holders, operators)]
    return Scope(named_orders, named_works, addresses[0], named_models, addresses[1], first_block, last_block)
