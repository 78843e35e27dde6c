"""From a bar's chords to strokes: which bass note, which voices, for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contrafact.music.arranging.bass import weak_note
from contrafact.music.arranging.chords import Chord
from contrafact.music.arranging.patterns import Pattern, Strokes
from contrafact.music.arranging.voicing import Voicing

# The order in which a broken chord goes through its voices.
_BROKEN = (0, 1, 2, 1)

Played = tuple[int, int, int]  # onset, duration, MIDI pitch


@dataclass(frozen=True, slots=True)
class Span:
    """A slot of a bar with all that was chosen for it.

    `calm`: the melody strikes no note inside it. `settled`: its chord has the root of the one before. `rings`: the
    piece ends here.
    """

    start: int
    end: int
    chord: Chord
    bass: int
    voicing: Voicing
    calm: bool
    settled: bool
    rings: bool

    def strokes(self, strokes: Strokes) -> Strokes:
        """Those of the bar's strokes that start in the span; one over all of it where the piece ends."""
        if self.rings:
            return ((self.start, self.end - self.start),)
        return tuple((onset, ticks) for onset, ticks in strokes if self.start <= onset < self.end)


def bass_line(pattern: Pattern, spans: Sequence[Span], tonic: int, mode: str) -> Iterator[Played]:
    """The chord's bass, weak notes after it in turn; the last of a span may pass to the bass of the next."""
    weak = False
    for number, span in enumerate(spans):
        strokes = span.strokes(pattern.bass)
        then = spans[number + 1].bass if number + 1 < len(spans) else None
        for place, (onset, ticks) in enumerate(strokes):
            weak = place > 0 or (span.settled and not weak)
            towards = then if place == len(strokes) - 1 else None
            yield onset, ticks, weak_note(span.chord, tonic, mode, span.bass, towards) if weak else span.bass


def harmony(pattern: Pattern, spans: Sequence[Span]) -> Iterator[Played]:
    """The voices together on each stroke; one after the other under a melody that holds still."""
    for span in spans:
        if span.calm and pattern.quiet and not span.rings:
            yield from _broken(span, pattern.quiet)
        else:
            for onset, ticks in span.strokes(pattern.harmony):
                yield from ((onset, ticks, pitch) for pitch in span.voicing)


def _broken(span: Span, step: int) -> Iterator[Played]:
    for number, onset in enumerate(range(span.start + step, span.end, step)):
        yield onset, min(step, span.end - onset), span.voicing[_BROKEN[number % len(_BROKEN)]]
