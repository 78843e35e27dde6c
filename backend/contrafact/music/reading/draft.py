"""From what a file says (`Draft`: parts in absolute time) to what Contrafact works with (`Score`: one melody in bars).

Rules, the same for every format:

* The melody is the highest part among those with at least half the notes of the fullest; of sounding notes
  the top one. A lower note that starts under a held higher one is accompaniment and is left out.
* Bars are as written: repeats are not unfolded, both endings stand one after the other.
* Two short bars that make a full one together (a strain that ends in the middle of a bar) are joined; any
  other short bar but a first (the pick-up) is filled with a rest; a bar that is too long is split.
* A note that sounds over a bar line is cut there and struck again in the next bar, so that every bar
  stands alone; a remainder shorter than a sixteenth is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contrafact.errors import InvalidScore
from contrafact.music.reading.keys import settle_key
from contrafact.music.score import Bar, Key, Metre, Note, Score

METRES = frozenset({(2, 4), (3, 4), (4, 4), (2, 2), (6, 8), (9, 8), (12, 8), (3, 2)})
MIN_NOTES = 8
MAX_BARS = 512
# A quarter-note tempo for a file that names none: what each metre is commonly played at.
_USUAL_TEMPO = {(2, 2): 180, (3, 2): 160, (6, 8): 150, (9, 8): 150, (12, 8): 150, (2, 4): 100}
_DEFAULT_TEMPO = 120
# Players overlap notes a little; up to this many ticks (a sixteenth) an overlap is a legato, not a held note.
_LEGATO = 6
SHORTEST_REMAINDER = 6


@dataclass(frozen=True, slots=True, order=True)
class Sound:
    """A note in absolute ticks."""

    onset: int
    duration: int
    pitch: int

    @property
    def end(self) -> int:
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Measure:
    """A bar as the file has it: where it starts and how long its content is, in ticks."""

    start: int
    ticks: int

    @property
    def end(self) -> int:
        return self.start + self.ticks


@dataclass(slots=True)
class Draft:
    """The content of a file before the melody is chosen. `metres` are those in use, the first one first."""

    title: str = ""
    key: Key | None = None
    metres: list[Metre] = field(default_factory=list)
    tempo: int | None = None
    measures: list[Measure] = field(default_factory=list)
    parts: list[list[Sound]] = field(default_factory=list)


def to_score(draft: Draft) -> Score:
    """The melody of a draft, in bars. Raises `InvalidScore` when there is none that could be a source."""
    if not draft.metres:
        raise InvalidScore("The file has no time signature.", "Add one, for example 4/4, and try again.")
    metre = draft.metres[0]
    if (metre.beats, metre.unit) not in METRES:
        known = ", ".join(f"{beats}/{unit}" for beats, unit in sorted(METRES))
        raise InvalidScore(f"The metre {metre.beats}/{metre.unit} is not supported.", f"Supported: {known}.")
    melody = top_line(lead_part(draft.parts))
    _long_enough(len(melody))  # as the file has them: of a short one no bar may be left
    bars = _trim(_bars(fit_measures(draft.measures, metre), melody, metre))
    if len(bars) > MAX_BARS:
        raise InvalidScore(f"The melody has {len(bars)} bars, more than {MAX_BARS}.", "Register a part of it.")
    notes = [note for bar in bars for note in bar.notes]
    _long_enough(len(notes))
    key = settle_key(draft.key, notes)
    tempo = draft.tempo or _USUAL_TEMPO.get((metre.beats, metre.unit), _DEFAULT_TEMPO)
    return Score(draft.title, key, metre, tuple(bars), tempo)


def _long_enough(notes: int) -> None:
    if notes < MIN_NOTES:
        counted = f"{notes} note{'' if notes == 1 else 's'}"
        raise InvalidScore(f"The melody has {counted}, fewer than {MIN_NOTES}.", "Use a longer one.")


def lead_part(parts: Sequence[list[Sound]]) -> list[Sound]:
    """The part that carries the melody; raises `InvalidScore` if no part has a note."""
    sounding = [part for part in parts if part]
    if not sounding:
        raise InvalidScore("The file has no pitched notes.", "A source needs a melody; drums alone have none.")
    most = max(len(part) for part in sounding)
    candidates = [part for part in sounding if 2 * len(part) >= most]
    return max(candidates, key=lambda part: sum(sound.pitch for sound in part) / len(part))


def top_line(part: Iterable[Sound]) -> list[Sound]:
    """One note at a time: of notes that start together the highest, none under a held higher one."""
    line: list[Sound] = []
    for sound in sorted(part, key=lambda sound: (sound.onset, -sound.pitch)):
        if not line:
            line.append(sound)
            continue
        last = line[-1]
        overlap = last.end - sound.onset
        if sound.onset == last.onset or (sound.pitch < last.pitch and overlap > min(_LEGATO, last.duration // 2)):
            continue
        if overlap > 0:
            line[-1] = Sound(last.onset, sound.onset - last.onset, last.pitch)
        line.append(sound)
    return line


def fit_measures(measures: Sequence[Measure], metre: Metre) -> list[Measure]:
    """Bars none of which is longer than the metre; only the first, and those to be filled up, are shorter."""
    fitted: list[Measure] = []
    for measure in measures:
        previous = fitted[-1] if len(fitted) > 1 else None
        if previous and previous.ticks < metre.ticks and previous.ticks + measure.ticks == metre.ticks:
            fitted[-1] = Measure(previous.start, metre.ticks)
            continue
        starts = range(measure.start, measure.end, metre.ticks)
        fitted += [Measure(start, min(metre.ticks, measure.end - start)) for start in starts]
    return fitted


def _bars(measures: Sequence[Measure], melody: Sequence[Sound], metre: Metre) -> list[Bar]:
    bars = []
    position = 0
    for index, measure in enumerate(measures):
        notes = []
        while position < len(melody) and melody[position].onset < measure.end:
            onset, end = max(melody[position].onset, measure.start), melody[position].end
            if onset == melody[position].onset or min(end, measure.end) - onset >= SHORTEST_REMAINDER:
                duration = min(end, measure.end) - onset
                notes.append(Note(onset - measure.start, duration, melody[position].pitch))
            if end > measure.end:
                break
            position += 1
        bars.append(Bar(measure.ticks if index == 0 else metre.ticks, tuple(notes)))
    return bars


def _trim(bars: list[Bar]) -> list[Bar]:
    """Without the silent bars before and after the melody."""
    sounding = [index for index, bar in enumerate(bars) if bar.notes]
    return bars[sounding[0] : sounding[-1] + 1] if sounding else []
