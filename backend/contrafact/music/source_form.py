"""The source form of a work: the canonical token sequence that the model reads, and that replay needs.

`contrafact/source/1` is canonical JSON (RFC 8785) with the mode, the metre and the tokens of the bars. It
holds no title and no key: a tune and its transposition have one source form. Its SHA-256 is the work's
second digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import median_low
from typing import Any

from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.documents import read_json
from contrafact.errors import InvalidScore
from contrafact.music import tokens as t
from contrafact.music.metres import lengths, rebarred
from contrafact.music.score import Bar, Metre, Note, Score

SCHEMA = "contrafact/source/1"
MAX_TOKENS = 2048
_HINT = f"A source form is canonical JSON of the schema {SCHEMA}; derive it anew from the score."


@dataclass(frozen=True)
class SourceForm:
    """A tune as the model reads it: `bars` of events whose durations fill them, pitches from the tonic."""

    mode: str
    metre: Metre
    bars: tuple[t.BarOfEvents, ...]

    @classmethod
    def from_score(cls, score: Score) -> SourceForm:
        """Derive the form: the highest voice, notes split at bar lines, placed in the octave of the tonic.

        Raises InvalidScore for a mode or metre that the vocabulary lacks, no notes at all, or too many.
        """
        if score.key.mode not in t.MODES:
            raise InvalidScore(f"Mode {score.key.mode!r} is not known.", f"Use one of {', '.join(t.MODES)}.")
        if (score.metre.beats, score.metre.unit) not in t.METRES:
            known = ", ".join(f"{a}/{b}" for a, b in t.METRES)
            raise InvalidScore(f"Metre {score.metre.beats}/{score.metre.unit} is not known.", f"Use: {known}.")
        melody = [note for bar in score.bars for note in _melody(bar, None, bar.ticks)]
        pitches = [note.pitch - score.key.tonic for note in melody]
        if not pitches:
            raise InvalidScore("The score has no notes.", "Register a file with a melody.")
        reference = median_low(pitches) // 12 * 12 + score.key.tonic
        form = cls(score.key.mode, score.metre, _bars(score, reference))
        form._check_length()
        return form

    @classmethod
    def from_bytes(cls, data: bytes) -> SourceForm:
        """Read a canonical form; raises InvalidScore unless `to_bytes` of the result gives `data` again."""
        try:
            document: Any = read_json(data)
            beats, unit = document["metre"]
            tokens = document["tokens"]
            if document["schema"] != SCHEMA or not all(type(x) is int for x in (beats, unit, *tokens)):
                raise ValueError("wrong schema")
            form = cls(document["mode"], Metre(beats, unit), t.read_bars(tokens))
            form._check_length()
            canonical = form.to_bytes()
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise InvalidScore(f"These bytes are not a source form ({error}).", _HINT) from error
        if canonical != data:
            raise InvalidScore("The source form is not canonical.", _HINT)
        form._check_bars()
        return form

    def to_bytes(self) -> bytes:
        """The canonical bytes, schema `contrafact/source/1`."""
        document = {
            "schema": SCHEMA,
            "mode": t.MODES[t.MODES.index(self.mode)],
            "metre": list(t.METRES[t.METRES.index((self.metre.beats, self.metre.unit))]),
            "tokens": list(t.write_bars(self.bars)),
        }
        return canonical_json(document)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the canonical bytes, 32 bytes."""
        return sha256(self.to_bytes())

    @property
    def body(self) -> tuple[t.BarOfEvents, ...]:
        """The bars without a pick-up (a first bar that is short), so that phrases start at bar 0."""
        short = sum(event.duration for event in self.bars[0]) < self.metre.ticks
        return self.bars[1:] if short and len(self.bars) > 1 else self.bars

    def sequenced(self) -> t.Sequenced:
        """The tune's body laid out for the model."""
        return t.sequence(self.mode, self.metre, self.body)

    def in_metre(self, metre: Metre) -> SourceForm:
        """The tune with the bar lines of another metre; raises ValueError where the two do not meet."""
        if metre == self.metre:
            return self
        return SourceForm(self.mode, metre, rebarred(self._full_body(), self.metre, metre))

    def _full_body(self) -> tuple[t.BarOfEvents, ...]:
        """The body with short bars filled up with a rest."""
        short = ((bar, self.metre.ticks - sum(event.duration for event in bar)) for bar in self.body)
        return tuple((*bar, *lengths(None, missing)) for bar, missing in short)

    def _check_length(self) -> None:
        length = sum(1 + 2 * len(bar) for bar in self.bars)
        if length > MAX_TOKENS:
            raise InvalidScore(f"The tune has {length} tokens; a source may have {MAX_TOKENS}.", "Shorten it.")
        if all(event.pitch is None for bar in self.bars for event in bar):
            raise InvalidScore("The source form has no notes.", "Register a file with a melody.")

    def _check_bars(self) -> None:
        for number, bar in enumerate(self.bars, start=1):
            if not bar or sum(event.duration for event in bar) > self.metre.ticks:
                raise InvalidScore(f"Bar {number} is empty or longer than its metre.", _HINT)


def _bars(score: Score, reference: int) -> tuple[t.BarOfEvents, ...]:
    """Bars of events; what a note sounds beyond its bar line is struck again in the next bar."""
    bars: list[t.BarOfEvents] = []
    over: Note | None = None
    for bar in score.bars:
        ticks = min(bar.ticks, score.metre.ticks)
        if ticks <= 0:
            continue
        notes = _melody(bar, over, ticks)
        over = None
        if notes and (extra := notes[-1].onset + notes[-1].duration - ticks) > 0:
            over = Note(0, extra, notes[-1].pitch)
        bars.append(_fill(notes, ticks, reference))
    return tuple(bars)


def _melody(bar: Bar, over: Note | None, ticks: int) -> list[Note]:
    """The notes that start in the bar, one at a time: the highest of a chord, cut where the next one starts."""
    highest: dict[int, Note] = {}
    for note in (*((over,) if over else ()), *bar.notes):
        known = highest.get(note.onset)
        if 0 <= note.onset < ticks and note.duration > 0 and (known is None or note.pitch > known.pitch):
            highest[note.onset] = note
    notes = [highest[onset] for onset in sorted(highest)]
    ends = [note.onset for note in notes[1:]]
    cut = [Note(a.onset, min(a.duration, end - a.onset), a.pitch) for a, end in zip(notes, ends, strict=False)]
    return [*cut, *notes[-1:]]


def _fill(notes: list[Note], ticks: int, reference: int) -> t.BarOfEvents:
    events: list[t.Event] = []
    now = 0
    for note in notes:
        events += lengths(None, note.onset - now)
        now = min(note.onset + note.duration, ticks)
        events += lengths(_fold(note.pitch - reference), now - note.onset)
    return (*events, *lengths(None, ticks - now))


def _fold(pitch: int) -> int:
    """Bring a pitch that has no token back by octaves."""
    while pitch < t.LOWEST:
        pitch += 12
    while pitch > t.HIGHEST:
        pitch -= 12
    return pitch
