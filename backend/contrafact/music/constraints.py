"""What a piece must not do: leave its bars, end in the air, or copy a source for too long.

Each rule removes tokens. The removal applies to the base and to every expert alike, each renormalised before
they are mixed, so that the mixture stays a mixture and its attribution exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contrafact.music import tokens as t
from contrafact.music.score import Metre

LONGEST_RUN = 24  # tokens of a source that may be repeated verbatim: twelve notes
PHRASE_CLOSE = 24  # ticks: the shortest last note of a phrase
SHORTEST_REST_OF_BAR = 3  # ticks that may be left over in a bar
TEMPERATURE = 0.55
LEAST = 0.05  # tokens less likely than this part of the likeliest one are not drawn

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

_PITCHES = np.zeros(t.VOCABULARY, dtype=bool)
_PITCHES[t.FIRST_PITCH : t.FIRST_DURATION] = True
_DURATIONS = np.zeros(t.VOCABULARY, dtype=bool)
_DURATIONS[t.FIRST_DURATION :] = True
_TICKS = np.zeros(t.VOCABULARY, dtype=np.int64)
_TICKS[t.FIRST_DURATION :] = t.DURATIONS


@dataclass(frozen=True, slots=True)
class Close:
    """How a bar ends: its last note is one of `pitches` and lasts at least `ticks`."""

    pitches: Mask
    ticks: int


def close_of(bar: int, bars: int, mode: str, metre: Metre) -> Close | None:
    """The close that bar `bar` of `bars` makes: a piece ends on the tonic, a phrase on a note of its triad."""
    if bar == bars - 1:
        return Close(_on((0,)), metre.ticks // 2)
    if bar % t.PHRASE_BARS == t.PHRASE_BARS - 1:
        third = 3 if mode in ("minor", "dorian") else 4
        return Close(_on((0, third, 7)), min(PHRASE_CLOSE, metre.ticks // 2))
    return None


def _on(degrees: tuple[int, ...]) -> Mask:
    mask = np.zeros(t.VOCABULARY, dtype=bool)
    mask[[t.pitch_token(p) for p in range(t.LOWEST, t.HIGHEST + 1) if p % 12 in degrees]] = True
    return mask


def pitches_allowed(*, remaining: int, starts_bar: bool, close: Close | None) -> Mask:
    """Tokens that may start an event with `remaining` ticks of its bar to go; a bar starts with a note."""
    if close is not None:
        return close.pitches if remaining < 2 * close.ticks else _PITCHES
    allowed = _PITCHES.copy()
    allowed[t.REST] = not starts_bar
    return allowed


def durations_allowed(pitch: int, *, remaining: int, close: Close | None) -> Mask:
    """Durations that fit the bar and leave the time that its last note needs."""
    left = remaining - _TICKS
    if close is None:
        fits = (left == 0) | (left >= SHORTEST_REST_OF_BAR)
    else:
        fits = left >= close.ticks
        if close.pitches[pitch]:
            fits |= left == 0
    allowed: Mask = _DURATIONS & fits
    return allowed


def restrict(probabilities: Floats, allowed: Mask) -> Floats:
    """Rows of probabilities under the mask, sharpened, without their unlikely tail, each summing to one."""
    masked = np.where(allowed, probabilities, 0.0)
    masked = (masked / masked.max(axis=-1, keepdims=True)) ** (1 / TEMPERATURE)
    masked[masked < LEAST] = 0.0
    restricted: Floats = masked / masked.sum(axis=-1, keepdims=True)
    return restricted


def _is_of_note(token: int) -> bool:
    return t.is_pitch(token) or t.is_duration(token)


class RunGuard:
    """Follows how long the piece has been repeating each source, in tokens of notes (bar lines not counted)."""

    def __init__(self, sources: Sequence[t.Sequenced]) -> None:
        self._sources = [np.array([x for x in s.tokens.tolist() if _is_of_note(x)]) for s in sources]
        self._runs = [np.zeros(len(s), dtype=np.int64) for s in self._sources]
        self.longest = [0] * len(sources)

    def forbidden(self) -> Mask:
        """The pitches that would lead to more than `LONGEST_RUN` tokens, their durations counted."""
        mask = np.zeros(t.VOCABULARY, dtype=bool)
        for source, runs in zip(self._sources, self._runs, strict=True):
            mask[source[1:][runs[:-1] > LONGEST_RUN - 2]] = True
        return mask

    def append(self, token: int) -> None:
        if not _is_of_note(token):
            return
        for i, source in enumerate(self._sources):
            before = np.concatenate(([0], self._runs[i][:-1]))
            self._runs[i] = np.where(source == token, before + 1, 0)
            self.longest[i] = max(self.longest[i], int(self._runs[i].max()))
