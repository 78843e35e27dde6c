"""Names of keys, as people write them."""

from __future__ import annotations

import re

from contrafact.errors import InvalidInput

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def tonic(name: str) -> int:
    """The pitch class of `G`, `Bb`, `F#` … Raises InvalidInput for other names."""
    step, accidental = name[:1].upper(), name[1:]
    if step not in _STEPS or accidental not in _ACCIDENTALS:
        raise InvalidInput(f"{name!r} is not a tonic.", "Write for example G, Bb or F#.")
    return (_STEPS[step] + _ACCIDENTALS[accidental]) % 12


def metre(text: str) -> tuple[int, int]:
    """The time signature in `6/8`. Raises InvalidInput for other forms."""
    numbers = re.fullmatch("([0-9]{1,2})/([0-9]{1,2})", text)
    if numbers is None or not 1 <= int(numbers[1]) <= 32 or int(numbers[2]) not in (1, 2, 4, 8, 16):
        raise InvalidInput(f"{text!r} is not a metre.", "Write for example 4/4 or 6/8.")
    return int(numbers[1]), int(numbers[2])


def usual_tempo(of: tuple[int, int]) -> int:
    """A tempo in quarter notes a minute at which tunes of a metre are commonly played, where nothing says another."""
    return 165 if of[1] == 8 else 160 if of == (2, 2) else 120
