"""Instruments by name, as General MIDI programs (0 to 127), and the parts of a piece as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.generation import MELODY, PARTS, Voice
from contrafact.errors import InvalidInput

DRUMS = "drums"
PROGRAMS = {
    "piano": 0,
    "harpsichord": 6,
    "vibraphone": 11,
    "dulcimer": 15,
    "organ": 19,
    "accordion": 21,
    "guitar": 24,
    "steel-guitar": 25,
    "bass": 33,
    "violin": 40,
    "cello": 42,
    "double-bass": 43,
    "harp": 46,
    "strings": 48,
    "choir": 52,
    "oboe": 68,
    "bassoon": 70,
    "clarinet": 71,
    "flute": 73,
    "recorder": 74,
    "whistle": 78,
    "ocarina": 79,
    "banjo": 105,
    "bagpipe": 109,
}
BAND = (Voice(MELODY, PROGRAMS["flute"]), Voice("harmony", PROGRAMS["guitar"]), Voice("bass", PROGRAMS["bass"]))
_USUAL = {voice.part: voice.program for voice in BAND}


def voices(texts: Sequence[str]) -> tuple[Voice, ...]:
    """The parts that `harmony=guitar`, `bass`, `melody=73` … ask for; the melody is always among them.

    A part without an instrument has its usual one. Raises InvalidInput for what is unknown or named twice.
    """
    chosen: dict[str, int] = {MELODY: _USUAL[MELODY]}
    for i, text in enumerate(texts):
        part, instrument = _pair(text)
        if part not in PARTS:
            raise InvalidInput(f"{part!r} is not a part.", f"Parts are {', '.join(PARTS)}.")
        if part in (_pair(earlier)[0] for earlier in texts[:i]):
            raise InvalidInput(f"The part {part} is named twice.", "Name each part once.")
        chosen[part] = _program(part, instrument)
    return tuple(Voice(part, chosen[part]) for part in PARTS if part in chosen)


def _pair(text: str) -> tuple[str, str]:
    part, _, instrument = text.lower().partition("=")
    return part.strip(), instrument.strip()


def _program(part: str, instrument: str) -> int:
    if part == DRUMS:
        if instrument:
            raise InvalidInput("Drums have no other instrument.", "Write drums alone.")
        return 0
    if not instrument:
        return _USUAL[part]
    if instrument.isascii() and instrument.isdigit() and int(instrument[:4]) < 128:
        return int(instrument)
    if instrument not in PROGRAMS:
        known = ", ".join(PROGRAMS)
        raise InvalidInput(
            f"{instrument!r} is not an instrument.", f"A General MIDI program from 0 to 127, or {known}."
        )
    return PROGRAMS[instrument]
