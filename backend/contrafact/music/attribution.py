"""`method/1`: who produced a note. The formulas are written out in docs/method-1.md.

A bar is drawn from one component z (0 is the base), and a note of it from `(1 − ε)·p_z + ε·p_0`. The
responsibility of a source for a note is the posterior probability that the bar came from it *and* the note
from its expert rather than the base; the base has the rest. Both posteriors are exact, and they sum to one
by identity.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.shares import PPM, largest_remainder

METHOD = "method/1"
EPSILON = 0.03  # how often a note of a source's bar is left to the base
_FINE = 1 << 48

Floats = NDArray[np.float64]


def leave_to_base(notes: Floats) -> Floats:
    """`(1 − ε)·p_z + ε·p_0` of each component from (components, …) probabilities; row 0 is the base."""
    mixed: Floats = (1 - EPSILON) * notes + EPSILON * notes[0]
    return mixed


def bar_posterior(gates: Floats, log_likelihood: Floats) -> Floats:
    """The posterior of the component that a bar was drawn from."""
    with np.errstate(divide="ignore"):
        return normalised(np.log(gates) + log_likelihood)


def responsibilities(posterior: Floats, notes: Floats) -> Floats:
    """(components, notes) responsibilities that sum to one a note, from (components, notes) probabilities."""
    mixed = leave_to_base(notes)
    expert = np.divide((1 - EPSILON) * notes, mixed, out=np.zeros_like(notes), where=mixed > 0)
    result = posterior[:, None] * expert
    result[0] = posterior[0] + (posterior[1:, None] * (1 - expert[1:])).sum(axis=0)
    return result


def of_bar(notes: Sequence[tuple[int, Sequence[int]]]) -> tuple[int, ...]:
    """The responsibilities for what accompanies a bar: the mean of its (duration, ppm) notes by duration, in ppm."""
    width = len(notes[0][1])
    return largest_remainder([sum(duration * parts[k] for duration, parts in notes) for k in range(width)], PPM)


def in_ppm(note: Floats) -> tuple[int, ...]:
    """One note's responsibilities as integers that sum to 10⁶ exactly (largest remainder)."""
    return largest_remainder([int(x) for x in np.rint(note * _FINE)], PPM)


def normalised(logits: Floats) -> Floats:
    """Probabilities in proportion to the exponentials of the logits; −∞ is none."""
    weights = np.exp(logits - logits.max())
    result: Floats = weights / weights.sum()
    return result
