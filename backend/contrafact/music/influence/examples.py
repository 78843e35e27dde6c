"""Tunes and pieces as the base reads them: sequences of whole bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contrafact.domain.generation import MELODY, EventLedger, MusicRequest
from contrafact.music import tokens as t
from contrafact.music.metres import lengths
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm


def windows(form: SourceForm, length: int) -> list[t.Sequenced]:
    """A tune's body, one window after the other, each of as many bars as `length` tokens hold, at least one."""
    return _windows(form.mode, form.metre, form.body, length)


def windows_of_piece(ledger: EventLedger, music: MusicRequest, length: int) -> list[t.Sequenced]:
    """The same of a generated piece's melody."""
    return _windows(music.mode, Metre(*music.metre), _bars(ledger, music), length)


def _windows(mode: str, metre: Metre, body: Sequence[t.BarOfEvents], length: int) -> list[t.Sequenced]:
    found, first = list[t.Sequenced](), 0
    while first < len(body):
        sizes = np.cumsum([1 + 2 * len(bar) for bar in body[first:]]) + 3
        bars = body[first : first + max(1, int((sizes <= length).sum()))]
        last = first + len(bars) == len(body)
        found.append(t.sequence(mode, metre, bars, first=first, total=len(body), end=last))
        first += len(bars)
    return found


def _bars(ledger: EventLedger, music: MusicRequest) -> list[t.BarOfEvents]:
    """The melody's notes with the rests between them, bar by bar, in semitones from the tonic."""
    ticks = Metre(*music.metre).ticks
    melody = sorted((n for n in ledger.notes if n.part == MELODY), key=lambda n: n.onset)
    bars: list[t.BarOfEvents] = []
    for number in range(1 + max((note.bar for note in melody), default=0)):
        now, events = number * ticks, list[t.Event]()
        for note in (n for n in melody if n.bar == number):
            events += lengths(None, note.onset - now)
            events += lengths(note.pitch - 60 - music.tonic, note.duration)
            now = note.onset + note.duration
        bars.append((*events, *lengths(None, (number + 1) * ticks - now)))
    return bars
