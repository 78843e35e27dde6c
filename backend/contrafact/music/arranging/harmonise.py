"""The cheapest chords for a bar's melody, by the Viterbi algorithm, given the chord that ended the bar before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contrafact.music.arranging.costs import Costs
from contrafact.music.arranging.grid import Heard


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a bar that has one chord: what it hears of the melody, and the chords it may have.

    `first` in its bar; `staying` is what is added to the cost of another chord than the one before.
    """

    melody: tuple[Heard, ...]
    allowed: Collection[int]
    first: bool = True
    staying: int = 0


def harmonise(costs: Costs, slots: Sequence[Slot], before: int | None = None) -> tuple[int, ...]:
    """The chord of each slot, as an index in `costs.chords`; `before` is the chord before the first slot.

    Of equally cheap ways the one whose later chords come first in the list. Raises ValueError where a slot
    allows no chord.
    """
    if not all(slot.allowed for slot in slots):
        raise ValueError("a slot must allow at least one chord")
    ways: dict[int | None, tuple[int, tuple[int, ...]]] = {before: (0, ())}
    for slot in slots:
        notes = {chord: note_cost(costs, chord, slot.melody) for chord in sorted(slot.allowed)}
        ways = {
            chord: min(
                (cost + _change(costs, slot, one, chord) + here, (*way, chord)) for one, (cost, way) in ways.items()
            )
            for chord, here in notes.items()
        }
    return min((cost, way[::-1], way) for cost, way in ways.values())[2]


def note_cost(costs: Costs, chord: int, melody: Sequence[Heard]) -> int:
    """What the notes cost over the chord: their mean over sounding time, strong ones counted twice as long."""
    total = weight = 0
    for note in melody:
        table = costs.strong_notes if note.strong else costs.weak_notes
        ticks = 2 * note.ticks if note.strong else note.ticks
        total += table[chord][note.pitch % 12] * ticks
        weight += ticks
    # Several notes say more than one, but not as much more as if each were chosen without the others.
    return total * min(len(melody), 2) // weight if weight else 0


def _change(costs: Costs, slot: Slot, before: int | None, chord: int) -> int:
    if before is None:
        return costs.start[chord]
    table = costs.strong if slot.first else costs.weak
    return table[before][chord] + (slot.staying if chord != before else 0)
