"""What listening finds: notes in seconds, before anything is known of beats and bars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class HeardNote:
    """A note in a recording: start and end in seconds, MIDI pitch, amplitude in 0 … 1 (how sure the model is)."""

    start_s: float
    end_s: float
    pitch: int
    amplitude: float
