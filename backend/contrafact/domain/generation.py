"""What a generation is asked for, and what comes out of it: notes, each with its responsibilities."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.digests import canonical_json, sha256
from contrafact.errors import InvalidOrder


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """The musical side of an order. `tempo` in quarter notes a minute, `tonic` a pitch class (0 = C)."""

    seconds: int
    tempo: int
    tonic: int
    mode: str
    metre: tuple[int, int]

    def to_dict(self) -> dict[str, object]:
        """The canonical document whose digest an order pins."""
        return {
            "schema": "contrafact/request/1",
            "seconds": self.seconds,
            "tempo": self.tempo,
            "tonic": self.tonic,
            "mode": self.mode,
            "metre": list(self.metre),
        }

    @classmethod
    def from_dict(cls, d: dict[str, object]) -> MusicRequest:
        """The inverse of `to_dict`. Raises InvalidOrder where a field is missing or of another kind."""
        try:
            if d["schema"] != "contrafact/request/1":
                raise ValueError
            beats, unit = d["metre"]  # type: ignore[misc]
            numbers = [d["seconds"], d["tempo"], d["tonic"], beats, unit]  # type: ignore[has-type]
            if any(type(n) is not int for n in numbers) or type(d["mode"]) is not str:
                raise TypeError
        except (KeyError, TypeError, ValueError):
            raise InvalidOrder("The music request is not a contrafact/request/1 document.") from None
        return cls(d["seconds"], d["tempo"], d["tonic"], d["mode"], (beats, unit))  # type: ignore

    def digest(self) -> bytes:
        """SHA-256 of the canonical request."""
        return sha256(canonical_json(self.to_dict()))


@dataclass(frozen=True, slots=True)
class SourceInput:
    """A source as the generator reads it: `form` is the source form's canonical bytes; weights sum to 10⁶ ppm."""

    work_id: str
    form: bytes
    weight: int
    min_share: int


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Everything that determines a generation, besides the model: sources, music, 32-byte seed."""

    sources: tuple[SourceInput, ...]
    music: MusicRequest
    seed: bytes
    max_base_share: int


@dataclass(frozen=True, slots=True)
class EventNote:
    """A sounding note: `onset` and `duration` in ticks from the piece's start, `pitch` a MIDI number.

    `responsibilities` are ppm that sum exactly to 10⁶: the base first, then the sources in order.
    """

    bar: int
    onset: int
    duration: int
    pitch: int
    responsibilities: tuple[int, ...]
    part: str = "melody"
    velocity: int = 90


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: the token it chose, the drawn integer, and its distance to the nearest cumulative boundary."""

    token: int
    drawn: int
    margin: int


@dataclass(frozen=True, slots=True)
class EventLedger:
    """All notes and draws of a piece; `components` names the columns of the responsibilities."""

    components: tuple[str, ...]
    notes: tuple[EventNote, ...]
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """One attempt's result. `longest_runs`: for each source, the longest run of tokens copied verbatim."""

    events: EventLedger
    longest_runs: tuple[int, ...]
    model_digest: bytes
