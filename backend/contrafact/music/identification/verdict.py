"""When is an alignment a version? The threshold and the scale were set on tunes that no figure was measured on.

The measure is the alignment's score over the square root of the notes that could have agreed: an alignment by chance
grows more slowly than that of a version. Set on half of the families of the pack's role `train`: their tunes as scores
and as excerpts of 40 notes, and recordings of 16 s in other keys, tempi and on other instruments, each asked for with
all its relatives taken out of the index (docs/identification.md has the figures, from the other half).
"""

from __future__ import annotations

from math import exp, sqrt

THRESHOLD = 5.25
"""The measure from which on a file is called a version: no stranger of 2,022 reached it."""
_SLOPE, _MIDDLE = 1.55, 3.03


def measure(score: float, file_notes: int, work_notes: int) -> float:
    """An alignment's score over the square root of the notes of the shorter of the two."""
    return score / sqrt(max(min(file_notes, work_notes), 1))


def likelihood(measured: float) -> float:
    """How likely a version is where versions and strangers are equally many, from 0 to 1: a logistic fit to the recordings."""
    return 1 / (1 + exp(-_SLOPE * (measured - _MIDDLE)))
