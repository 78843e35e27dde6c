"""Accompaniment by rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contrafact.music import tokens as t
from contrafact.music.score import Metre


@dataclass(frozen=True, slots=True)
class ArrangedNote:
    part: str
    onset: int
    duration: int
    pitch: int
    velocity: int


class Arranger:
    def __init__(self, *, mode: str, metre: Metre, tonic: int, bars: int, parts: Collection[str]) -> None: ...

    def bar(self, index: int, melody: Sequence[tuple[int, t.Event]]) -> tuple[ArrangedNote, ...]:
        return ()


def melody_velocity(metre: Metre, bar: int, bars: int, onset: int) -> int:
    return 90
