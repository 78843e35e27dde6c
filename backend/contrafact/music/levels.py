"""Which instrument a part plays, how loud, and where it stands: constants of the renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Seat:
    """A part among the others: its default General MIDI program, its loudness in LUFS before the mix is brought to its
    own, and its place from left (1) through the middle (64) to right (127)."""

    program: int
    loudness: int
    pan: int


# At the same velocity chords and bass are 5 LU below the melody, drums 12; accompaniments are written softer still.
SEATS = {
    "melody": Seat(program=73, loudness=-28, pan=64),  # flute
    "harmony": Seat(program=24, loudness=-33, pan=44),  # nylon guitar
    "bass": Seat(program=33, loudness=-33, pan=64),  # fingered bass
    "drums": Seat(program=0, loudness=-40, pan=80),
}
DRUMS = "drums"

# −LUFS of each program in each part, at full volume and velocity 90, as `scripts/measure_levels.py` measures it.
_LEVELS = {
    part: tuple(-int(level) for level in levels.split())
    for part, levels in {
        "melody": """
        27 27 28 26 23 26 28 24 27 31 25 21 30 35 22 29
        25 26 25 27 23 24 24 26 25 27 22 30 27 24 23 21
        27 23 28 24 22 32 24 24 21 21 22 22 24 30 20 29
        25 29 27 25 24 26 27 23 23 25 24 28 17 28 24 24
        20 20 23 27 21 23 26 23 22 21 23 23 25 24 22 20
        21 22 21 22 20 20 23 21 24 35 25 22 29 32 27 33
        23 22 21 23 21 54 23 22 31 26 32 23 25 22 22 24
        27 34 28 34 24 33 24 70 33 40 22 31 28 53 47 30
        """,
        "harmony": """
        29 28 25 27 21 26 27 23 26 26 24 20 29 30 23 28
        21 23 22 22 20 21 20 23 23 26 23 30 26 21 18 21
        26 22 25 21 22 31 24 23 18 18 17 19 21 26 20 28
        20 22 23 22 21 22 22 23 21 21 22 26 15 25 20 21
        20 20 20 23 18 19 21 20 19 20 19 21 23 22 16 16
        18 20 18 21 20 18 21 19 21 24 24 21 23 23 23 25
        22 20 23 21 21 21 19 21 27 25 29 24 25 18 19 18
        28 29 26 33 25 32 23 34 29 39 21 25 24 38 34 29
        """,
        "bass": """
        36 36 31 33 29 30 31 30 34 30 28 25 35 32 25 34
        29 30 28 28 27 31 28 31 26 32 25 31 27 30 27 30
        30 27 28 27 27 33 29 27 26 26 25 26 27 28 25 30
        28 31 32 27 26 29 27 30 30 28 28 33 24 32 25 26
        27 30 27 29 29 26 29 29 28 29 28 28 29 27 25 24
        25 24 27 28 29 24 28 23 28 28 31 26 29 29 27 28
        27 27 31 24 26 31 26 26 28 26 34 29 30 28 28 27
        31 33 29 33 30 34 28 44 33 48 32 23 27 43 39 32
        """,
        "drums": "33",
    }.items()
}


def programs_of(chosen: Mapping[str, int] | None) -> dict[str, int]:
    """The program of every part: the chosen ones, and the defaults of the others.

    Raises InvalidInput for a part that is not in `SEATS`, or a program that General MIDI or the part does not have.
    """
    programs = {part: seat.program for part, seat in SEATS.items()} | dict(chosen or {})
    for part, program in programs.items():
        require_part(part)
        if not 0 <= program < len(_LEVELS[part]):
            valid = "0, the drums of channel 10" if part == DRUMS else "0 to 127, as General MIDI counts from 0"
            raise InvalidInput(f"Program {program} is none that the {part} can play.", f"Give {valid}.")
    return programs


def require_part(part: str) -> None:
    """Raises InvalidInput unless the part is in `SEATS`."""
    if part not in SEATS:
        raise InvalidInput(f"There is no part {part!r}.", f"The parts of a piece are {', '.join(SEATS)}.")


def volume_of(part: str, program: int) -> int:
    """The MIDI volume, 1 to 127, at which the program is as loud as its seat says, or as near as full volume comes."""
    missing = SEATS[part].loudness - _LEVELS[part][program]
    return min(round(127 * 10 ** (missing / 40)), 127)
