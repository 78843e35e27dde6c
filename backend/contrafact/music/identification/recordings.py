"""Of which known recording is this one a copy?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from contrafact.music.identification.index import Entries
from contrafact.music.identification.landmarks import Samples, shifted_landmarks
from contrafact.music.identification.matching import pairs_of
from contrafact.music.identification.melody_index import Floats, Ints

_SLOT, _IN_A_SLOT = 31, 2  # frames (about a second), and landmarks in agreement that cover them
LEAST_COVERED, LEAST_PART, FEWEST = 0.75, 0.13, 30
"""What makes a copy: so much of the file's time is covered, and so many of its landmarks agree, in part and in number.

Set by 56 training tunes: excerpts, with noise, through MP3 and at other levels, were above it; other instruments, keys
and tempi below. The part was then raised from 0.1 for one catalogue tune, whose violin a clarinet to the same clock was
taken for; so the rows of copies in docs/identification.md are not wholly of other tunes than the rule was set on.
"""


class Landmarks(Protocol):
    """An index of recordings, as `Index` is one."""

    def landmarks(self, keys: Iterable[int]) -> Entries:
        """Where these landmarks occur; an entry's value is their time in the recording, in frames."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A known recording, by its number in the index, in which landmarks of a file lie at one distance in time.

    `covered` is the part of the file's time that such landmarks cover, `part` their part of all its landmarks,
    `agreeing` their number; `offset`, in frames, is where the file begins in the recording.
    """

    number: int
    covered: float
    part: float
    agreeing: int
    offset: int

    @property
    def is_copy(self) -> bool:
        return self.covered >= LEAST_COVERED and self.part >= LEAST_PART and self.agreeing >= FEWEST


def recordings_like(samples: Samples, rate: int, index: Landmarks, count: int = 5) -> list[Heard]:
    """Recordings of the index that share most landmarks with mono sound, best first; each at its best offset."""
    best: dict[int, Heard] = {}
    for asked in shifted_landmarks(samples, rate):
        for heard in _found(asked, index, count):
            if heard.number not in best or (heard.covered, heard.part) > (
                best[heard.number].covered,
                best[heard.number].part,
            ):
                best[heard.number] = heard
    return sorted(best.values(), key=lambda one: (-one.covered, -one.part, one.number))[:count]


def _found(asked: Ints, index: Landmarks, count: int) -> list[Heard]:
    """The recordings with the most landmarks at one offset; neighbouring offsets count together."""
    if not len(asked):
        return []
    keys, which = np.unique(asked[:, 0], return_inverse=True)
    entries = index.landmarks(keys.tolist())
    order = np.argsort(which, kind="stable")
    row, nth = pairs_of(entries.places, which[order])
    places = order[nth]
    offsets = entries.values[row] - asked[places, 1]
    return _agreeing(entries.works[row], offsets, places, asked[:, 1], count)


def _agreeing(works: Ints, offsets: Ints, places: Ints, times: Ints, count: int) -> list[Heard]:
    span = 1 << 24
    lines, sizes = np.unique(works * span + offsets + span // 2, return_counts=True)
    weights: Floats = sizes.astype(np.float64)
    after = np.flatnonzero(np.diff(lines) == 1)
    weights[after] += sizes[after + 1]
    found: list[Heard] = []
    for line in lines[np.argsort(-weights, kind="stable")[: 4 * count]].tolist():
        work, offset = line // span, line % span - span // 2
        if work in (one.number for one in found):
            continue
        there = (works == work) & (offsets >= offset) & (offsets <= offset + 1)
        agreeing = np.unique(places[there])
        part = len(agreeing) / len(times)
        found.append(Heard(work, _covered(times, times[agreeing]), part, len(agreeing), offset))
    return found[:count]


def _covered(times: Ints, agreeing: Ints) -> float:
    """Of the slots of time in which landmarks are, the part in which enough of them agree."""
    slots = np.unique(times // _SLOT)
    shared = np.bincount(agreeing // _SLOT, minlength=int(slots[-1]) + 1)[slots]
    return float((shared >= _IN_A_SLOT).mean())
