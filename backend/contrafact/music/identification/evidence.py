"""Aligned notes as aligned bars, for people who want to see or hear why a work was recognised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contrafact.domain.recognition import AlignedBars
from contrafact.music.identification.melody import Melody

_FEWEST_NOTES = 4  # of a stretch that is shown


def aligned_bars(file: Melody, work: Melody, pairs: Iterable[tuple[int, int]]) -> tuple[AlignedBars, ...]:
    """Stretches of bars in which notes agree without leaving out a whole bar on either side, from the start on."""
    bars = [(int(file.bars[i]), int(work.bars[j])) for i, j in sorted(set(pairs))]
    stretches: list[list[tuple[int, int]]] = []
    for pair in bars:
        if stretches and _goes_on(stretches[-1][-1], pair):
            stretches[-1].append(pair)
        else:
            stretches.append([pair])
    return tuple(_bars(stretch) for stretch in stretches if len(stretch) >= _FEWEST_NOTES)


def _goes_on(before: tuple[int, int], after: tuple[int, int]) -> bool:
    steps = [new - old for old, new in zip(before, after, strict=True)]
    return all(0 <= step <= 1 for step in steps)


def _bars(stretch: Sequence[tuple[int, int]]) -> AlignedBars:
    (file_first, work_first), (file_last, work_last) = stretch[0], stretch[-1]
    return AlignedBars((file_first, file_last), (work_first, work_last))
