"""Options of `contrafact models register` that say how the model's training pool is shared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import options
from contrafact.domain.pool_rule import Rule

PoolRule = Annotated[
    Rule, typer.Option("--pool-rule", help="How epochs are shared among the training works.", show_default=True)
]
OwnerCap = Annotated[
    str,
    typer.Option("--owner-cap", metavar="PART", help="The most of an epoch for works of one owner, 0.2; 1: no cap."),
]
Evidence = Annotated[
    Path | None,
    typer.Option(
        "--pool-evidence",
        metavar="FILE",
        help="The evaluation that licenses the rule `influence` for this model.",
        show_default=False,
    ),
]


def evaluation(file: Path | None) -> bytes | None:
    """The document that was named, if any. Raises NotFound."""
    return None if file is None else options.read_file(file)
