"""What identification says of an uploaded file: new, a copy of a work, or a version of one; with the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Likeness(StrEnum):
    """`copy`: the same file, the same tokens or the same recording. `version`: the same tune, played otherwise.

    `piece`: no work, but a piece that was made to order from works.
    """

    NEW = "new"
    PIECE = "piece"
    COPY = "copy"
    VERSION = "version"


class Evidence(StrEnum):
    """By what a work or a piece was recognised, from the strictest on; a `certificate` is a piece's alone."""

    FILE = "file"
    SOURCE_FORM = "source form"
    FINGERPRINT = "fingerprint"
    MELODY = "melody"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class AlignedBars:
    """Bars of the file (from 1, inclusive) that agree with bars of the work."""

    file: tuple[int, int]
    work: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that the file is like. `score` from 0 to 1 is comparable within one kind of evidence only.

    `transposition` in semitones upwards from the work to the file, modulo an octave; `tempo` of the file beside the
    work's.
    """

    work_id: bytes
    likeness: Likeness
    evidence: Evidence
    score: float
    bars: tuple[AlignedBars, ...] = ()
    transposition: int | None = None
    tempo: float | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A piece of an order that the file is, or is a part of: the order, and by what that was recognised."""

    order_id: bytes
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Recognition:
    """`likeness` is that of the first candidate, `new` where there is none; candidates best first.

    It is `piece` where `pieces` were recognised, unless the file is a copy of a work as well. With `not_compared`
    pieces it could not be compared, or not yet: it may be one of them.
    """

    likeness: Likeness
    candidates: tuple[Candidate, ...] = ()
    pieces: tuple[Made, ...] = ()
    not_compared: int = 0

    def with_pieces(self, pieces: tuple[Made, ...], not_compared: int = 0) -> Recognition:
        """The same, of a file that these pieces were recognised in."""
        is_piece = bool(pieces) and self.likeness is not Likeness.COPY
        likeness = Likeness.PIECE if is_piece else self.likeness
        return replace(self, likeness=likeness, pieces=pieces, not_compared=not_compared)
