"""What is published about one order, and what trying it again gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.audit.results import Result
from contrafact.domain.generation import EventLedger
from contrafact.domain.opinions import Opinions
from contrafact.domain.record import AttributionRecord
from contrafact.ports import ReplayResult


@dataclass(frozen=True, slots=True)
class Sound:
    """Digests of decoded or rendered PCM: the mix, and the stems with the base first."""

    mix: bytes
    stems: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Rerendered:
    """What the renderer made of the recorded notes."""

    sound: Sound
    midi: bytes


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """What is published about one committed order, and what trying it again gave.

    `files` are the sound files and the score by digest; `decoded` their sound; `stem_error` the largest
    difference between the sum of the stems and the mix, in steps of 16 bits; `runs` the longest verbatim run
    of each source in a generation with the same tokens; `viable` the earlier attempts
    that would have kept the order's bounds; `opinions` three views of who is in the piece.
    """

    record: Result[AttributionRecord]
    events: Result[EventLedger]
    files: Mapping[bytes, Result[None]]
    decoded: Result[Sound]
    stem_error: Result[int]
    replay: Result[ReplayResult]
    runs: Result[tuple[int, ...]]
    viable: Result[tuple[int, ...]]
    rerendered: Result[Rerendered]
    opinions: Result[Opinions]
