"""What a generation is asked for, and what comes out of it: notes, each with its responsibilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.documents import natural, text
from contrafact.errors import InvalidOrder

TICKS_PER_QUARTER = 24
"""The time of notes: sixteenths, triplets and their halves are whole numbers of ticks."""
REQUEST_SCHEMA = "contrafact/request/2"
MELODY = "melody"
PARTS = (MELODY, "harmony", "bass", "drums")
WRITTEN_PARTS = frozenset({MELODY})
"""The parts that a model writes, by which shares are counted. The others accompany by rule."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A part of a piece and its instrument, a General MIDI program (0 to 127; 0 for drums, which have a kit)."""

    part: str
    program: int


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """The musical side of an order. `tempo` in quarter notes a minute, `tonic` a pitch class (0 = C)."""

    seconds: int
    tempo: int
    tonic: int
    mode: str
    metre: tuple[int, int]
    voices: tuple[Voice, ...] = (Voice(MELODY, 73),)

    @property
    def bar_ticks(self) -> int:
        """Length of a bar in ticks."""
        beats, unit = self.metre
        return beats * TICKS_PER_QUARTER * 4 // unit

    @property
    def bars(self) -> int:
        """The whole bars that fit the length asked for."""
        return self.seconds * self.tempo * TICKS_PER_QUARTER // (60 * self.bar_ticks)

    def started_seconds(self, bars: int) -> int:
        """How long so many bars last, in seconds, a started one counted as a whole one; never more than was asked."""
        return min(self.seconds, -(-bars * self.bar_ticks * 60 // (self.tempo * TICKS_PER_QUARTER)))

    @property
    def programs(self) -> dict[str, int]:
        """The instrument of each part."""
        return {voice.part: voice.program for voice in self.voices}

    def to_dict(self) -> dict[str, object]:
        """The canonical document whose digest an order pins."""
        return {
            "schema": REQUEST_SCHEMA,
            "seconds": self.seconds,
            "tempo": self.tempo,
            "tonic": self.tonic,
            "mode": self.mode,
            "metre": list(self.metre),
            "voices": [{"part": voice.part, "program": voice.program} for voice in self.voices],
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> MusicRequest:
        """The inverse of `to_dict`. Raises InvalidOrder where a field is missing or of another kind."""
        try:
            if d["schema"] != REQUEST_SCHEMA:
                raise ValueError
            beats, unit = d["metre"]
            seconds, tempo, tonic = (_whole(d[name]) for name in ("seconds", "tempo", "tonic"))
            voices = tuple(Voice(text(row["part"]), natural(row["program"])) for row in d["voices"])
            if not voices:
                raise ValueError
            return cls(seconds, tempo, tonic, text(d["mode"]), (_whole(beats), _whole(unit)), voices)
        except (KeyError, TypeError, ValueError):
            raise InvalidOrder(f"The music request is not a {REQUEST_SCHEMA} document.") from None

    def digest(self) -> bytes:
        """SHA-256 of the canonical request."""
        return sha256(canonical_json(self.to_dict()))


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is not a whole number")
    return value


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

    `responsibilities` are ppm that sum exactly to 10⁶: the base first, then the sources in order. Those of a
    note that accompanies by rule are those of the melody of its bar.
    """

    bar: int
    onset: int
    duration: int
    pitch: int
    responsibilities: tuple[int, ...]
    part: str = MELODY
    velocity: int = 90


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: the token it chose, the drawn integer, and its distance to the nearest cumulative boundary."""

    token: int
    drawn: int
    margin: int


@dataclass(frozen=True, slots=True)
class WeightChange:
    """New weights of the sources, in ppm that sum to 10⁶, from `bar` on: a live piece was steered."""

    bar: int
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EventLedger:
    """All notes and draws of a piece; `components` names the columns of the responsibilities.

    `changes` are the weights that replaced those of the order while the piece played, in the order of the bars.
    `stopped` is how many bars there are of a live piece that was ended before its last one; else None.
    """

    components: tuple[str, ...]
    notes: tuple[EventNote, ...]
    draws: tuple[Draw, ...]
    changes: tuple[WeightChange, ...] = ()
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One attempt's result. `longest_runs`: for each source, the longest run of tokens copied verbatim."""

    events: EventLedger
    longest_runs: tuple[int, ...]
    model_digest: bytes
