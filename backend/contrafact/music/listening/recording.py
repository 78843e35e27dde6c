"""A recording as a source: its melody, in bars.

The recording is transcribed, one line of it is the melody, and metre, tempo and bar lines are estimated from where
its notes begin. All that reaches the score is whole numbers: pitches, and ticks on a grid of sixteenths and triplets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from contrafact.errors import InvalidScore
from contrafact.music.listening.barlines import Placed, place_in_bars
from contrafact.music.listening.decoding import decode
from contrafact.music.listening.heard import HeardNote
from contrafact.music.listening.melody import melody_line
from contrafact.music.listening.notes import Sensitivity
from contrafact.music.listening.transcription import transcribe
from contrafact.music.reading.draft import MIN_NOTES, Draft, Measure, Sound, to_score
from contrafact.music.score import TICKS_PER_QUARTER, Score

# Notes may be shorter than in Basic Pitch's defaults: sixteenths at 120 quarters a minute last 125 ms, and sound for
# less. Onsets must be surer: a player's vibrato is no new note.
MELODIC = Sensitivity(onset=0.6, shortest_frames=8)
# What noise and drums are taken for is sparse, or faint: below either of these nothing pitched is meant.
_LEAST_COVER = 0.25
_LEAST_AMPLITUDE = 0.45
_SIXTEENTH, _THIRTY_SECOND = TICKS_PER_QUARTER // 4, TICKS_PER_QUARTER // 8
# A note that ends by this part of the way too early was played so, or has decayed; it lasts until the next one.
_LEGATO = 0.4


def read_audio(data: bytes) -> Score:
    """The melody of a WAV, FLAC, OGG or MP3 file of at most 64 MB and ten minutes, with key, metre and tempo estimated.

    Raises `InvalidScore` for a file that is damaged, silent, too long, or has no melody of at least eight notes, and
    `NotFound` without the extra `generation`.
    """
    return read_sound(*decode(data))


def read_sound(sound: npt.NDArray[np.float32], rate: int) -> Score:
    """The melody of mono sound of shape (n,), as `read_audio` reads it from a file."""
    notes = transcribe(sound, rate, MELODIC)
    _require_pitched(notes, len(sound) / rate)
    line = melody_line(notes)
    if len(line) < MIN_NOTES:
        raise InvalidScore(f"The melody has {len(line)} notes, fewer than {MIN_NOTES}.", "Use a longer recording.")
    return to_score(drafted(line))


def drafted(line: Sequence[HeardNote]) -> Draft:
    """The draft of a melody in time: of at least two notes, ordered by start."""
    placed = place_in_bars([note.start_s for note in line], [note.pitch for note in line])
    sounds = _sounds(line, placed)
    return Draft(
        metres=[placed.metre],
        tempo=min(max(round(placed.tempo), 20), 400),
        measures=_measures(sounds, placed.metre.ticks),
        parts=[sounds],
    )


def _require_pitched(notes: Sequence[HeardNote], seconds: float) -> None:
    cover = sum(note.end_s - note.start_s for note in notes) / seconds
    if cover < _LEAST_COVER or np.mean([note.amplitude for note in notes]) < _LEAST_AMPLITUDE:
        raise InvalidScore(
            "Nothing pitched stands out in the recording.", "A source needs a melody; drums or noise alone have none."
        )


def _sounds(line: Sequence[HeardNote], placed: Placed) -> list[Sound]:
    """The notes on the grid, each up to the next one or as long as it was heard."""
    ticks_a_second = placed.tempo / 60 * TICKS_PER_QUARTER
    onsets = _apart(placed.ticks.tolist())
    heard = [(note.end_s - note.start_s) * ticks_a_second for note in line]
    room = [other - one for one, other in pairwise(onsets)]
    durations = [*map(_duration, heard, room), _sixteenths(heard[-1])]
    return [Sound(at, ticks, note.pitch) for at, ticks, note in zip(onsets, durations, line, strict=True)]


def _apart(onsets: list[int]) -> list[int]:
    """Of notes on one tick (a dotted or snapped rhythm, an ornament) the earlier ones are struck a 32nd before."""
    apart = onsets[-1:]
    for onset in reversed(onsets[:-1]):
        apart.append(min(onset, apart[-1] - _THIRTY_SECOND))
    return apart[::-1]


def _duration(heard: float, room: int) -> int:
    """Up to the next note, `room` ticks away, unless it was plainly left earlier: then sixteenths."""
    if room - heard <= max(_SIXTEENTH, _LEGATO * room):
        return room
    return min(_sixteenths(heard), room)


def _sixteenths(heard: float) -> int:
    return max(_SIXTEENTH, round(heard / _SIXTEENTH) * _SIXTEENTH)


def _measures(sounds: Sequence[Sound], ticks: int) -> list[Measure]:
    """Bars from the first note, which begins a pick-up unless it is on a bar line, to the end of the last."""
    first, end = sounds[0].onset, sounds[-1].end
    start = first - first % ticks
    pickup = Measure(first, start + ticks - first)
    return [pickup, *(Measure(at, ticks) for at in range(pickup.end, end, ticks))]
