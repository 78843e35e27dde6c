"""Delivered pieces: what the chain names of their sound, and how far a file sounds like one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommittedPiece:
    """A committed order with the digests of its sound's PCM and of its record, and the block of its commit."""

    order_id: bytes
    pcm: bytes
    record: bytes
    block: int


@dataclass(frozen=True, slots=True)
class Alike:
    """How far a file sounds like the piece of an order.

    `covered` is the part of the file's time that agrees with the piece at one distance in time, `part` that of its
    landmarks; `is_copy` where both are enough for the file to be that recording, or a part of it. `offset` is where
    in the piece the file begins, in seconds.
    """

    order_id: bytes
    covered: float
    part: float
    is_copy: bool
    offset: float
