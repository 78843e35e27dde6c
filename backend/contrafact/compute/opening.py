"""Which workers the settings name."""

from __future__ import annotations

import re

from contrafact.compute.cluster import RayPool
from contrafact.compute.pool import Pool, Workers
from contrafact.compute.processes import PIECE_SECONDS, ProcessPool
from contrafact.compute.tasks import Recipe
from contrafact.errors import InvalidInput

INLINE = "inline"
_HINT = "Write inline, processes, ray, or ray://HOST:PORT."


def open_workers(
    compute: str, workers: int, threads: int, recipe: Recipe, seconds: float = PIECE_SECONDS
) -> Workers | None:
    """The pool that `compute` names, None for `inline`: in this process, without one. A process has so many
    `seconds` for a piece.

    Raises InvalidInput for another word, NotFound and ComputeError as `RayPool` does.
    """
    if compute == INLINE:
        return None
    return Workers(_pool(compute, workers, threads, recipe, seconds), recipe)


def _pool(compute: str, workers: int, threads: int, recipe: Recipe, seconds: float) -> Pool:
    if compute == "processes":
        return ProcessPool(recipe, workers, threads, seconds=seconds)
    if compute == "ray":
        return RayPool(recipe, workers)
    if re.fullmatch(r"ray://\S+:\d+", compute):
        return RayPool(recipe, workers, compute)
    raise InvalidInput(f"{compute!r} is no place to generate in.", _HINT)
