"""Do the shares sum to one, and do they come out as the weights ask?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contrafact.domain.shares import PPM
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.rows import Found, at_most, exactly, measured, stated
from contrafact.evaluation.statistics import Floats, highest
from contrafact.music.attribution import bar_posterior, leave_to_base, responsibilities
from contrafact.music.composition import Trace


def completeness(pieces: Sequence[Piece]) -> Found:
    """Responsibilities of every note, recomputed in floats from the traces, and as integers in the ledger."""
    errors = [float(np.abs(of_trace(t).sum(axis=0) - 1).max()) for p in pieces for t in p.played.traces]
    integers = [abs(sum(note.responsibilities) - PPM) for p in pieces for note in p.played.ledger.notes]
    n = len(pieces)
    notes = f"{len(integers)} notes, of pieces with 1 to {max(len(p.asked.chosen) for p in pieces)} sources"
    rows = (
        stated("sum_floats", "Responsibilities sum to one: greatest error", max(errors), n, at_most(1e-9), notes),
        stated("sum_integers", "The same in parts per million", max(integers), n, exactly(0), notes),
    )
    return Found(rows)


def of_trace(trace: Trace) -> Floats:
    """Responsibilities (components, events) of a bar, from what it was drawn from."""
    posterior = bar_posterior(trace.gates, log_likelihood(trace))
    return responsibilities(posterior, trace.probabilities)


def log_likelihood(trace: Trace, floor: float = 0.0) -> Floats:
    """log of the bar under each component, in nats; no event counts as less likely than `floor`."""
    with np.errstate(divide="ignore"):
        result: Floats = np.log(np.maximum(leave_to_base(trace.probabilities), floor)).sum(axis=1)
    return result


def requested_and_realised(pieces: Sequence[Piece], uncontrolled: Sequence[Piece]) -> Found:
    """How far shares are from what the weights ask, with the share controller and without it."""
    off = "The gate draws by the weights alone"
    rows = (
        measured("share_error", "Requested against realised share: mean error", _errors(pieces), target=at_most(0.03)),
        measured("share_error_max", "… the greatest of all", _errors(pieces), highest, at_most(0.08)),
        measured("share_error_off", "… mean error, controller off", _errors(uncontrolled), note=off),
        measured("share_error_off_max", "… the greatest, controller off", _errors(uncontrolled), highest, note=off),
    )
    series = {
        "requested": [x for p in pieces for x in p.requested.tolist()],
        "realised": [x for p in pieces for x in p.shares.tolist()],
        "requested_off": [x for p in uncontrolled for x in p.requested.tolist()],
        "realised_off": [x for p in uncontrolled for x in p.shares.tolist()],
    }
    return Found(rows, series)


def base_share(pieces: Sequence[Piece]) -> Found:
    """How much of a piece the model wrote by itself."""
    clusters = [np.array([[p.base]]) for p in pieces]
    rows = (
        measured("base_share", "Base share: mean", clusters, target=at_most(0.2)),
        measured("base_share_max", "… the greatest", clusters, highest, at_most(0.2)),
    )
    return Found(rows, {"base_share": [p.base for p in pieces]})


def _errors(pieces: Sequence[Piece]) -> list[Floats]:
    return [np.abs(p.shares - p.requested)[:, None] for p in pieces]
