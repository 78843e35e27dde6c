"""What an arranger writes."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = ("harmony", "bass", "drums")


@dataclass(frozen=True, slots=True)
class ArrangedNote:
    """A note of the accompaniment, `part` one of `PARTS`.

    `onset` and `duration` in ticks, the onset from the start of its bar; `pitch` a MIDI number, of the drums a
    percussion key of General MIDI; `velocity` 1 to 127.
    """

    part: str
    onset: int
    duration: int
    pitch: int
    velocity: int
