"""How well chords suit: against the chorales' own, and against the melodies that they accompany."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from contrafact.music import tokens as t
from contrafact.music.arranging.arranger import Arranger, Melody
from contrafact.music.arranging.chorales import Beat, beats_of
from contrafact.music.arranging.chords import Chord
from contrafact.music.arranging.costs import Costs, costs_of
from contrafact.music.arranging.grid import Heard, grid_of, heard
from contrafact.music.arranging.harmonise import Slot, harmonise
from contrafact.music.arranging.notes import PARTS, ArrangedNote
from contrafact.music.pack import PackedTune
from contrafact.music.source_form import SourceForm

METHODS = ("bar by bar", "whole tune", "notes alone", "best of I, IV, V", "always I")


def agreement(tune: PackedTune) -> tuple[int, dict[str, int]]:
    """Of a chorale's beats with a chord of its mode the number, and on how many each of `METHODS` finds that chord.

    `bar by bar` is what the arranger does, knowing no later bar; `whole tune` knows all of the melody.
    """
    beats, costs = beats_of(tune), costs_of(tune.score.key.mode)
    found = {
        "bar by bar": _bar_by_bar(costs, beats),
        "whole tune": harmonise(costs, _slots(costs, beats)),
        "notes alone": [_notes_alone(costs, beat) for beat in beats],
        "best of I, IV, V": [_best_fit(costs, beat) for beat in beats],
        "always I": [0] * len(beats),
    }
    known = [place for place, beat in enumerate(beats) if beat.chord is not None]
    return len(known), {name: sum(way[p] == beats[p].chord for p in known) for name, way in found.items()}


def _slots(costs: Costs, beats: Sequence[Beat]) -> list[Slot]:
    return [Slot(beat.melody, range(len(costs.chords)), beat.strong) for beat in beats]


def _bar_by_bar(costs: Costs, beats: Sequence[Beat]) -> list[int]:
    way: list[int] = []
    for _, bar in groupby(beats, key=lambda beat: beat.bar):
        way += harmonise(costs, _slots(costs, list(bar)), way[-1] if way else None)
    return way


def _notes_alone(costs: Costs, beat: Beat) -> int:
    """The chord whose melody notes are the most usual, whatever was before."""
    flat = tuple((0,) * len(costs.chords) for _ in costs.chords)
    same = Costs(costs.chords, flat[0], flat, flat, costs.strong_notes, costs.weak_notes)
    return harmonise(same, _slots(costs, [beat]))[0]


def _best_fit(costs: Costs, beat: Beat) -> int:
    """Of the triads on I, IV and V the one with most of the beat's melody in it, strong notes counted twice."""
    return max(
        _primary(costs), key=lambda i: sum((1 + n.strong) * n.ticks for n in beat.melody if _inside(n, costs.chords[i]))
    )


def _primary(costs: Costs) -> list[int]:
    """I, IV and V; in minor i, iv and V."""
    names = [chord.name for chord in costs.chords]
    return [names.index(name) for name in (("i", "iv", "V") if "iv" in names else ("I", "IV", "V"))]


def _inside(note: Heard, chord: Chord) -> bool:
    return note.pitch % 12 in chord.tones


# ---- accompaniments ----------------------------------------------------------------------------------------


def full_bars(form: SourceForm) -> list[Melody]:
    """The full bars of a tune as an arranger takes them."""
    bars = [bar for bar in form.body if sum(event.duration for event in bar) == form.metre.ticks]
    return [placed(bar) for bar in bars]


def placed(bar: t.BarOfEvents) -> Melody:
    """The events of a bar with their onsets."""
    return list(zip(accumulate((event.duration for event in bar), initial=0), bar, strict=False))


def accompanied(
    form: SourceForm, tonic: int = 0
) -> Iterator[tuple[Melody, tuple[tuple[int, Chord], ...], tuple[ArrangedNote, ...]]]:
    """A tune bar by bar: its melody, the chords and the notes of all parts."""
    bars = full_bars(form)
    arranger = Arranger(mode=form.mode, metre=form.metre, tonic=tonic, bars=len(bars), parts=PARTS)
    for index, melody in enumerate(bars):
        notes = arranger.bar(index, melody)
        yield melody, arranger.chords, notes


def fit_of(form: SourceForm) -> Counter[str]:
    """Counts over a tune: `strong` and `weak` melody notes, and of those the ones `… inside` their chord;
    `… by chance`, twelve times what would be inside a chord of the same kind on any root."""
    counts: Counter[str] = Counter()
    grid = grid_of(form.metre)
    for melody, chords, _ in accompanied(form):
        for (start, chord), end in zip(chords, grid.ends, strict=True):
            for note in heard(melody, start, end, grid.beat):
                kind = "strong" if note.strong else "weak"
                counts[kind] += 1
                counts[f"{kind} inside"] += _inside(note, chord)
                counts[f"{kind} by chance"] += len(chord.tones)
                counts[f"{kind} clashes"] += not _inside(note, chord) and _rubs(note, chord)
    return counts


def _rubs(note: Heard, chord: Chord) -> bool:
    """A semitone from a tone of the chord."""
    return any((note.pitch - tone) % 12 in (1, 11) for tone in chord.tones)
