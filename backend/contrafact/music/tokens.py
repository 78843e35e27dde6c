"""The vocabulary: what a tune looks like to the model.

A tune is `MODE METRE (BAR (PITCH DURATION)*)* END`. Pitches count semitones from the tonic, durations count
ticks, and rests are notes of the pitch `REST`, so that the durations between two `BAR` tokens fill the bar
exactly. Besides its token every position carries where it is: the tick in the bar, the bar in its phrase and
how many bars are still to come. These follow from the tokens before it and the length of the piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.source_tokens import BAR as BAR
from contrafact.domain.source_tokens import END as END
from contrafact.domain.source_tokens import FIRST_DURATION as FIRST_DURATION
from contrafact.domain.source_tokens import FIRST_METRE as FIRST_METRE
from contrafact.domain.source_tokens import FIRST_MODE as FIRST_MODE
from contrafact.domain.source_tokens import FIRST_PITCH as FIRST_PITCH
from contrafact.domain.source_tokens import HIGHEST as HIGHEST
from contrafact.domain.source_tokens import LOWEST as LOWEST
from contrafact.domain.source_tokens import METRES as METRES
from contrafact.domain.source_tokens import MODES as MODES
from contrafact.domain.source_tokens import PAD as PAD
from contrafact.domain.source_tokens import REST as REST
from contrafact.music.score import Metre

DURATIONS: tuple[int, ...] = (*range(1, 97), 108, 144)  # ticks
VOCABULARY = FIRST_DURATION + len(DURATIONS)

MAX_TICKS = 144  # the longest bar
PHRASE_BARS = 8
MAX_BARS_LEFT = 16  # further away than this is all the same

_DURATION_TOKEN = {ticks: FIRST_DURATION + i for i, ticks in enumerate(DURATIONS)}

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Event:
    """A note, or a rest where `pitch` is None. `pitch` in semitones from the tonic, `duration` in ticks."""

    pitch: int | None
    duration: int


BarOfEvents = tuple[Event, ...]


def mode_token(mode: str) -> int:
    return FIRST_MODE + MODES.index(mode)


def metre_token(metre: Metre) -> int:
    return FIRST_METRE + METRES.index((metre.beats, metre.unit))


def pitch_token(pitch: int | None) -> int:
    return REST if pitch is None else FIRST_PITCH + pitch - LOWEST


def duration_token(ticks: int) -> int:
    return _DURATION_TOKEN[ticks]


def is_pitch(token: int) -> bool:
    """True for the first token of an event: a pitch or a rest."""
    return token == REST or FIRST_PITCH <= token < FIRST_DURATION


def is_duration(token: int) -> bool:
    return FIRST_DURATION <= token < VOCABULARY


def pitch_of(token: int) -> int | None:
    return None if token == REST else token - FIRST_PITCH + LOWEST


def ticks_of(token: int) -> int:
    return DURATIONS[token - FIRST_DURATION]


def write_bars(bars: Sequence[BarOfEvents]) -> Iterator[int]:
    """The tokens of the bars, without mode, metre and `END`."""
    for bar in bars:
        yield BAR
        for event in bar:
            yield pitch_token(event.pitch)
            yield duration_token(event.duration)


def read_bars(tokens: Sequence[int]) -> tuple[BarOfEvents, ...]:
    """Inverse of `write_bars`; raises ValueError where the tokens are not of its form."""
    bars: list[list[Event]] = []
    at = 0
    while at < len(tokens):
        if tokens[at] == BAR:
            bars.append([])
            at += 1
            continue
        pair = tokens[at : at + 2]
        if not bars or len(pair) < 2 or not is_pitch(pair[0]) or not is_duration(pair[1]):
            raise ValueError(f"no bar, pitch and duration at token {at}")
        bars[-1].append(Event(pitch_of(pair[0]), ticks_of(pair[1])))
        at += 2
    return tuple(tuple(bar) for bar in bars)


@dataclass(frozen=True, slots=True)
class Sequenced:
    """Tokens with their places, arrays of equal length: what the model reads."""

    tokens: Ints
    ticks: Ints  # the tick in the bar at which the next event starts
    bars: Ints  # the bar within its phrase of `PHRASE_BARS`
    left: Ints  # bars still to come, at most `MAX_BARS_LEFT`

    def __len__(self) -> int:
        return len(self.tokens)


def sequence(
    mode: str,
    metre: Metre,
    bars: Sequence[BarOfEvents],
    *,
    first: int = 0,
    total: int | None = None,
    end: bool = True,
) -> Sequenced:
    """Lay out bars for the model. They are bars `first`… of a tune of `total` bars (all of it, by default)."""
    total = first + len(bars) if total is None else total
    rows = [(mode_token(mode), 0, first, total - first), (metre_token(metre), 0, first, total - first)]
    for index, bar in enumerate(bars, start=first):
        left = total - index - 1
        tick = 0
        rows.append((BAR, tick, index, left))
        for event in bar:
            rows.append((pitch_token(event.pitch), tick, index, left))
            tick += event.duration
            rows.append((duration_token(event.duration), tick, index, left))
    if end:
        rows.append((END, 0, total, 0))
    table = np.array(rows, dtype=np.int64)
    return Sequenced(
        tokens=table[:, 0],
        ticks=np.minimum(table[:, 1], MAX_TICKS),
        bars=table[:, 2] % PHRASE_BARS,
        left=np.minimum(table[:, 3], MAX_BARS_LEFT),
    )
