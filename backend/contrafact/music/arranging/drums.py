"""A light drum part: a kick, a rim or a hat by metre, a few notes that lead into the end of a phrase."""

from __future__ import annotations

from contrafact.music.score import Metre
from contrafact.music.tokens import PHRASE_BARS

# Keys of General MIDI percussion.
KICK, RIM, SNARE, HAT, PEDAL, RIDE = 36, 37, 38, 42, 44, 51
_LENGTH = 6  # ticks

Hit = tuple[int, int, int]  # onset, key, velocity

_REEL: tuple[Hit, ...] = ((0, KICK, 58), (24, RIM, 38), (48, KICK, 46), (72, RIM, 42))
_HITS: dict[tuple[int, int], tuple[Hit, ...]] = {
    (2, 4): ((0, KICK, 56), (12, RIM, 36), (24, KICK, 44), (36, RIM, 40)),
    (4, 4): _REEL,
    (2, 2): _REEL,
    (3, 4): ((0, KICK, 54), (24, HAT, 34), (48, HAT, 38)),
    (3, 8): ((0, KICK, 52), (12, HAT, 32), (24, HAT, 36)),
    (6, 8): ((0, KICK, 56), (24, HAT, 34), (36, RIM, 42), (60, HAT, 38)),
    (9, 8): ((0, KICK, 56), (24, HAT, 34), (36, RIM, 38), (60, HAT, 34), (72, RIM, 42), (96, HAT, 38)),
    (12, 8): (
        (0, KICK, 56),
        (24, HAT, 34),
        (36, RIM, 38),
        (60, HAT, 34),
        (72, KICK, 46),
        (96, HAT, 34),
        (108, RIM, 42),
    ),
    (3, 2): ((0, KICK, 44), (48, PEDAL, 32), (96, PEDAL, 34)),
    (6, 4): ((0, KICK, 44), (48, PEDAL, 32), (72, KICK, 38), (120, PEDAL, 34)),
}
# What leads into a phrase's end, in the bar before its last: the last notes of the bar, as onsets from its end.
_FILL = {2: ((-12, 40), (-6, 48)), 3: ((-24, 38), (-12, 46)), 0: ()}


def drum_hits(metre: Metre, place: int, final: bool) -> tuple[tuple[int, int, int, int], ...]:
    """Onset, duration, key and velocity of the bar's hits, by its place in the phrase of eight.

    In the second half of a phrase the ride takes the hat's place. The final bar has one soft stroke.
    """
    hits = _HITS[metre.beats, metre.unit]
    if final:
        hits = ((0, KICK, 50), (0, RIDE, 40))
    elif place >= PHRASE_BARS // 2:
        hits = tuple((onset, RIDE if key == HAT else key, velocity) for onset, key, velocity in hits)
    if place == PHRASE_BARS - 2 and not final:
        fill = [(metre.ticks + before, SNARE, velocity) for before, velocity in _FILL[_division(metre)]]
        first = min((onset for onset, *_ in fill), default=metre.ticks)
        hits = (*(hit for hit in hits if hit[0] < first), *fill)
    return tuple((onset, _LENGTH, key, velocity) for onset, key, velocity in hits)


def _division(metre: Metre) -> int:
    """Into how many its beat falls: 2, 3, or 0 for the slow metres, which have no fill."""
    if (metre.beats, metre.unit) in ((3, 2), (6, 4)):
        return 0
    return 3 if metre.unit == 8 else 2
