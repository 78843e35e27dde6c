"""What was computed of a piece, beside the same of the catalogue's own tunes, in plain words where it lies outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from contrafact.domain.generation import MELODY, EventNote
from contrafact.domain.shares import PPM
from contrafact.gallery.making import Made
from contrafact.music.inspection import NoteFigures, SoundFigures, inspect_notes
from contrafact.music.loudness import CEILING_DBTP, TARGET_LUFS
from contrafact.music.metres import meeting
from contrafact.music.pack import load_pack
from contrafact.music.source_form import SourceForm

_LEAST_TUNES = 20
_LONGEST_SILENCE = 1.0
_LOUDNESS_MARGIN = 1.0
# Rounding to 16 bits may lift a peak a little above what the factor was chosen for.
_PEAK_ERROR = 0.01


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of a piece. `low` and `high` are what is usual, None where there is no bound; `flag` says in words
    in what way the piece is outside, empty where it is not."""

    key: str
    name: str
    value: float
    low: float | None
    high: float | None
    flag: str


@dataclass(frozen=True, slots=True)
class _Measure:
    key: str
    name: str
    of: Callable[[NoteFigures], float]
    below: str
    above: str


_MEASURES = (
    _Measure("range", "Range of the melody, semitones", lambda f: f.range, "narrow range", "wide range"),
    _Measure("largest_leap", "Largest leap, semitones", lambda f: f.largest_leap, "small steps only", "a large leap"),
    _Measure(
        "longest_repetition",
        "Same pitch in a row, at most",
        lambda f: f.longest_repetition,
        "no pitch is repeated",
        "one pitch is repeated often",
    ),
    _Measure("density", "Notes a quarter, melody", lambda f: f.density, "few notes", "many notes"),
    _Measure("key_fit", "Melody in its key, share of time", lambda f: f.key_fit, "many notes outside the key", ""),
    _Measure(
        "repeated_bars",
        "Bars that repeat an earlier one, share",
        lambda f: f.repeated_bars,
        "little returns",
        "much is repeated",
    ),
)


def melody_figures(made: Made) -> list[Figure]:
    """The melody beside the catalogue's tunes whose metre meets the piece's, or beside all where these are few."""
    music = made.spec.music
    found = _of_melody(made.notes, made.bar_ticks, made.bars, music.tonic, music.mode)
    bounds = catalogue_bounds(music.metre)
    return [_figure(m, m.of(found), *bounds[m.key]) for m in _MEASURES]


def note_figures(made: Made) -> list[Figure]:
    """All parts together: notes, notes a second, and notes that hang."""
    music, end = made.spec.music, made.bars * made.bar_ticks
    found = inspect_notes(made.notes, music.tempo, made.bar_ticks, music.tonic, music.mode, end)
    stuck = f"{found.stuck} notes hang" if found.stuck else ""
    return [
        Figure("notes", "Notes, all parts", found.notes, None, None, ""),
        Figure("notes_a_second", "Notes a second, all parts", found.density, None, None, ""),
        Figure("stuck", "Notes that hang", found.stuck, 0, 0, stuck),
    ]


def sound_figures(found: SoundFigures) -> list[Figure]:
    """The sound, with the bounds that a delivered piece has to keep."""
    low, high = TARGET_LUFS - _LOUDNESS_MARGIN, TARGET_LUFS + _LOUDNESS_MARGIN
    silence, peak = found.longest_silence, found.true_peak
    return [
        Figure("silent_share", "Silence, share of time", found.silent_share, None, None, ""),
        _kept("longest_silence", "Longest silence, s", silence, (0, _LONGEST_SILENCE), "a long silence"),
        _kept("clipped", "Clipped samples", found.clipped, (0, 0), "it clips"),
        _kept("loudness", "Loudness, LUFS", found.loudness, (low, high), "not at the usual loudness"),
        _kept("true_peak", "True peak, dBTP", peak, (None, CEILING_DBTP + _PEAK_ERROR), "peaks too high"),
    ]


def _kept(key: str, name: str, value: float, bounds: tuple[float | None, float], flag: str) -> Figure:
    low, high = bounds
    outside = value > high or (low is not None and value < low)
    return Figure(key, name, value, low, high, flag if outside else "")


def share_error(made: Made) -> float:
    """The mean distance of realised to requested share over the sources, 0 to 1."""
    pairs = zip(made.requested, made.shares[1:], strict=True)
    return sum(abs(asked - got) for asked, got in pairs) / len(made.tunes) / PPM


@cache
def catalogue_bounds(metre: tuple[int, int]) -> Mapping[str, tuple[float, float]]:
    """For each measure the 5th and 95th percentile of the catalogue's tunes whose metre meets `metre`; of all tunes
    where fewer than 20 do."""
    usable = [found for own, found in _catalogue() if own in meeting(metre)]
    if len(usable) < _LEAST_TUNES:
        usable = [found for _, found in _catalogue()]
    return {m.key: _percentiles([m.of(found) for found in usable]) for m in _MEASURES}


@cache
def _catalogue() -> tuple[tuple[tuple[int, int], NoteFigures], ...]:
    tunes = load_pack().by_role("catalogue")
    forms = [SourceForm.from_score(tune.score) for tune in tunes]
    return tuple(((form.metre.beats, form.metre.unit), _of_form(form)) for form in forms)


def _of_form(form: SourceForm) -> NoteFigures:
    """Of a tune as the model reads it, so that it is held against pieces in the same form."""
    ticks = form.metre.ticks
    return _of_melody(_notes(form), ticks, len(form.body), 0, form.mode)


def _notes(form: SourceForm) -> list[EventNote]:
    notes = []
    for number, bar in enumerate(form.body):
        now = number * form.metre.ticks
        for event in bar:
            if event.pitch is not None:
                notes.append(EventNote(number, now, event.duration, 60 + event.pitch, (PPM,)))
            now += event.duration
    return notes


def _of_melody(notes: Sequence[EventNote], bar_ticks: int, bars: int, tonic: int, mode: str) -> NoteFigures:
    """Its density is in notes a quarter: those of a second at 60 quarters a minute."""
    melody = [note for note in notes if note.part == MELODY]
    return inspect_notes(melody, 60, bar_ticks, tonic, mode, bars * bar_ticks)


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, (5, 95))
    return float(low), float(high)


def _figure(measure: _Measure, value: float, low: float, high: float) -> Figure:
    flag = measure.below if value < low else measure.above if value > high else ""
    return Figure(measure.key, measure.name, value, low, high, flag)
