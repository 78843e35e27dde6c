"""The numbers in a source form (`contrafact/source/1`): which token says what.

A tune is `MODE METRE (BAR (PITCH DURATION)*)* END`; the document holds the tokens of its bars.
"""

from __future__ import annotations

import json
from typing import Any

from contrafact.domain.documents import natural
from contrafact.errors import InvalidInput

PAD, END, BAR, REST = 0, 1, 2, 3
MODES = ("major", "minor", "dorian", "mixolydian")
METRES = ((2, 4), (3, 4), (4, 4), (2, 2), (3, 8), (6, 8), (9, 8), (12, 8), (3, 2), (6, 4))
FIRST_MODE = 4
FIRST_METRE = FIRST_MODE + len(MODES)
FIRST_PITCH = FIRST_METRE + len(METRES)
LOWEST, HIGHEST = -17, 30  # semitones from the tonic
FIRST_DURATION = FIRST_PITCH + HIGHEST - LOWEST + 1


def pitches(form: bytes) -> list[int]:
    """The melody of a source form: pitches in semitones from the tonic, without rests and durations.

    Raises InvalidInput for bytes that hold no list of tokens.
    """
    try:
        document: Any = json.loads(form)
        tokens = [natural(token) for token in document["tokens"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput(f"These bytes are not a source form ({error!r}).") from error
    return [token - FIRST_PITCH + LOWEST for token in tokens if FIRST_PITCH <= token < FIRST_DURATION]
