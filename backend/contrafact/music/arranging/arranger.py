"""The arranger: an accompaniment by rule, bar by bar, to a melody of which only what has been played is known."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence

from contrafact.music import tokens as t
from contrafact.music.arranging.bass import bass_note
from contrafact.music.arranging.chords import Chord
from contrafact.music.arranging.costs import HARMONY_FILE, costs_of
from contrafact.music.arranging.drums import drum_hits
from contrafact.music.arranging.expression import accent, phrase_level
from contrafact.music.arranging.form import HALF_PHRASE, chords_at, phrase_place
from contrafact.music.arranging.grid import grid_of, heard
from contrafact.music.arranging.harmonise import Slot, harmonise
from contrafact.music.arranging.notes import PARTS, ArrangedNote
from contrafact.music.arranging.patterns import pattern_of
from contrafact.music.arranging.playing import Played, Span, bass_line, harmony
from contrafact.music.arranging.voicing import Voicing, voice
from contrafact.music.score import Metre
from contrafact.music.tokens import PHRASE_BARS

# Raise it with any change of what is written for some melody, so that older pieces are not called contradicted.
VERSION = "arranger/1"

Melody = Sequence[tuple[int, t.Event]]

# Added, in thousandths of a nat, to a change of chord inside a bar: dances change more slowly than chorales,
# whose statistics are of quarters.
_STAYING = 1500
_MIDDLE_C = 60
# Velocities that leave the melody in front: of the parts, and what is added to those of the drum patterns.
_HARMONY, _BASS, _DRUMS = 56, 68, 6


def arranger_identity() -> dict[str, str]:
    """What must be the same for the same melody to have the same accompaniment; for the attribution record."""
    return {"arranger": VERSION, "harmony_sha256": hashlib.sha256(HARMONY_FILE.read_bytes()).hexdigest()}


class Arranger:
    """Accompanies one piece. Ask for its bars in order, each once, as the melody is made.

    `tonic` is a pitch class, 0 = C; `bars` the length of the piece; `parts` the parts asked for, of `PARTS`.
    What a part plays does not depend on which others are asked for. The same melody gives the same notes on
    any machine: all arithmetic is of whole numbers.
    """

    def __init__(self, *, mode: str, metre: Metre, tonic: int, bars: int, parts: Collection[str]) -> None:
        """Raises ValueError for an unknown mode, metre or part, a tonic beyond 0 to 11, or fewer than one bar."""
        if unknown := sorted(set(parts) - set(PARTS)):
            raise ValueError(f"a part is one of {', '.join(PARTS)}, not {', '.join(unknown)}")
        if not 0 <= tonic < 12 or bars < 1:
            raise ValueError(f"a piece has a tonic of 0 to 11 and at least one bar, not {tonic} and {bars}")
        self._costs, self._grid, self._pattern = costs_of(mode), grid_of(metre), pattern_of(metre)
        self._mode, self._metre, self._tonic, self._bars = mode, metre, tonic, bars
        self._parts = frozenset(parts)
        self._next = 0
        self._spans: tuple[Span, ...] = ()
        self._chord: int | None = None
        self._bass: int | None = None
        self._voicing: Voicing | None = None

    def bar(self, index: int, melody: Melody) -> tuple[ArrangedNote, ...]:
        """The accompaniment of a bar, ordered by part and onset; every note lies within the bar.

        `melody`: onset in ticks and event (pitch in semitones from the tonic, or None for a rest) of all that
        the bar has; it must fill the bar. Raises ValueError if it does not, or if the bar is not the next one.
        """
        self._check(index, melody)
        slots = self._slots(index, melody)
        chords = harmonise(self._costs, slots, self._chord)
        self._spans = tuple(self._span(index, number, chord, melody) for number, chord in enumerate(chords))
        self._next += 1
        return tuple(self._notes(index, self._spans))

    @property
    def chords(self) -> tuple[tuple[int, Chord], ...]:
        """The chords of the bar that was arranged last, with the ticks at which they begin."""
        return tuple((span.start, span.chord) for span in self._spans)

    def _check(self, index: int, melody: Melody) -> None:
        if index != self._next or index >= self._bars:
            raise ValueError(f"bars are arranged in order: bar {self._next} of {self._bars} is next, not {index}")
        now = 0
        for onset, event in melody:
            if onset != now or event.duration <= 0:
                raise ValueError(f"the melody of bar {index} has a gap, an overlap or an empty event at tick {now}")
            now += event.duration
        if now != self._metre.ticks:
            raise ValueError(f"the melody of bar {index} has {now} ticks, not the {self._metre.ticks} of its metre")

    def _slots(self, index: int, melody: Melody) -> list[Slot]:
        """The bar's slots with the chords that the form allows there."""
        grid, chords, slots = self._grid, self._costs.chords, []
        for start, end in zip(grid.slots, grid.ends, strict=True):
            notes, opens, closes = heard(melody, start, end, grid.beat), start == 0, end == grid.ticks
            allowed = chords_at(self._mode, chords, notes, bar=index, bars=self._bars, opens=opens, closes=closes)
            slots.append(Slot(notes, allowed, opens, 0 if opens else _STAYING))
        return slots

    def _span(self, index: int, number: int, chord: int, melody: Melody) -> Span:
        """A slot with its bass and voicing, which follow from those before."""
        start, end = self._grid.slots[number], self._grid.ends[number]
        now = self._costs.chords[chord]
        settled = self._settled(index, number, chord)
        cadence = end == self._grid.ticks and self._at_cadence(index)
        bass = bass_note(now, self._tonic, self._bass, cadence=cadence)
        pitches = [note.pitch for note in heard(melody, start, end, self._grid.beat)]
        ceiling = _MIDDLE_C + self._tonic + min(pitches) if pitches else None
        voicing = voice(now, self._tonic, self._voicing, (self._bass, bass), ceiling)
        self._chord, self._bass, self._voicing = chord, bass, voicing
        calm = not any(start < onset < end and event.pitch is not None for onset, event in melody)
        rings = index == self._bars - 1 and end == self._grid.ticks
        return Span(start, end, now, bass, voicing, calm, settled and not cadence, rings)

    def _settled(self, index: int, number: int, chord: int) -> bool:
        """True where the bass has the root already: later in a bar, and in every second bar of a single slot."""
        if self._chord is None or self._costs.chords[self._chord].root != self._costs.chords[chord].root:
            return False
        return number > 0 or (len(self._grid.slots) == 1 and index % 2 == 1)

    def _at_cadence(self, index: int) -> bool:
        return phrase_place(index, self._bars) in (HALF_PHRASE - 1, PHRASE_BARS - 2, PHRASE_BARS - 1)

    def _notes(self, index: int, spans: Sequence[Span]) -> Iterator[ArrangedNote]:
        level = phrase_level(index, self._bars)
        if "harmony" in self._parts:
            yield from self._part("harmony", _HARMONY + level, harmony(self._pattern, spans))
        if "bass" in self._parts:
            yield from self._part("bass", _BASS + level, bass_line(self._pattern, spans, self._tonic, self._mode))
        if "drums" in self._parts:
            hits = drum_hits(self._metre, phrase_place(index, self._bars), index == self._bars - 1)
            yield from (ArrangedNote("drums", *hit[:3], hit[3] + _DRUMS + level) for hit in hits)

    def _part(self, part: str, level: int, played: Iterable[Played]) -> Iterator[ArrangedNote]:
        for onset, duration, pitch in played:
            yield ArrangedNote(part, onset, duration, pitch, level + accent(self._metre, onset) // 2)
