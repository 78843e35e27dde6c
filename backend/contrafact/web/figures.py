"""The sums of all money as of the newest confirmed block: kept, and brought up to date by the events since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from contrafact.explorer_reads import ExplorerReads
from contrafact.statement_reads import Point
from contrafact.statements.figures import NAMES, Figures

_EVER = 2**62  # later than any block's second


@dataclass(frozen=True, slots=True)
class AsOf:
    """The sums, and the newest block with an event that is in them; None where nothing is confirmed yet."""

    figures: Figures
    point: Point | None


class KeptFigures:
    """One reader at a time. After a reorganisation that took confirmed blocks, everything is summed again."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._known = AsOf(Figures(), None)

    @contextmanager
    def read(self, read_model: ExplorerReads) -> Iterator[AsOf]:
        """The sums, which do not change while they are read. Raises as the read model does."""
        with self._turn:
            known = self._known if self._is_still_true(read_model) else AsOf(Figures(), None)
            self._known = AsOf(Figures(), None)  # what fails half way is not kept
            self._known = _brought_up(known, read_model)
            yield self._known

    def _is_still_true(self, read_model: ExplorerReads) -> bool:
        point = self._known.point
        return point is None or read_model.has_block(point.number, point.hash)


def _brought_up(known: AsOf, read_model: ExplorerReads) -> AsOf:
    point = read_model.point(_EVER)
    if point is None or point == known.point:
        return known
    after = known.point.number if known.point else -1
    for event in read_model.happenings_after(NAMES, after, point.number):
        known.figures.take(event)
    return AsOf(known.figures, point)
