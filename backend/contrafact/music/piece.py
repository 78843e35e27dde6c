"""From a request to a finished piece, with a drawer that samples or one that follows a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch

from contrafact.domain.generation import GenerationRequest, WeightChange
from contrafact.music.checkpoint import Model
from contrafact.music.composition import Drawer
from contrafact.music.performance import Performance


def compose(
    model: Model, request: GenerationRequest, drawer: Drawer, changes: Sequence[WeightChange] = ()
) -> Performance:
    """A performance to its end, steered as recorded. Raises as `Performance` and its `steer` do."""
    performance = Performance(model, request, drawer)
    coming = list(changes)
    while not performance.over:
        if coming and coming[0].bar == performance.played:
            performance.steer(coming.pop(0).weights)
        performance.next_bar()
    return performance


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute with so many threads inside, and as before outside."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
