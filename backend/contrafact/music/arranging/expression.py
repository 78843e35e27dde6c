"""How loud: the accent of the metre, the arch of the phrase, the last bar that fades."""

from __future__ import annotations

from contrafact.music.arranging.form import phrase_place
from contrafact.music.arranging.grid import grid_of
from contrafact.music.score import Metre

_MELODY = 84
_BAR, _SLOT, _BEAT = 12, 7, 4
# Bars of a phrase: it rises to its sixth bar and comes to rest.
_ARCH = (0, 2, 4, 5, 6, 7, 4, 0)
_LAST = -6


def melody_velocity(metre: Metre, bar: int, bars: int, onset: int) -> int:
    """The MIDI velocity, 1 to 127, of a melody note that starts `onset` ticks into bar `bar` of a piece of `bars`."""
    return _MELODY + accent(metre, onset) + phrase_level(bar, bars)


def accent(metre: Metre, onset: int) -> int:
    """What the metre adds on the bar's first tick, where a chord may change, and on another beat; else nothing."""
    grid = grid_of(metre)
    if onset == 0:
        return _BAR
    if onset in grid.slots:
        return _SLOT
    return _BEAT if onset % grid.beat == 0 else 0


def phrase_level(bar: int, bars: int) -> int:
    """What the place in the phrase adds to every part, -6 to 7."""
    return _ARCH[phrase_place(bar, bars)] + (_LAST if bar == bars - 1 else 0)
