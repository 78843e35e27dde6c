"""A piece that leaves the generator bar by bar, and may be steered while it plays.

A finished piece is a performance that was played to its end at once, so both give the same event ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index

from contrafact.domain import events
from contrafact.domain.generation import (
    MELODY,
    EventLedger,
    EventNote,
    Generation,
    GenerationRequest,
    WeightChange,
)
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder
from contrafact.music.arranging import Arranger, melody_velocity
from contrafact.music.attribution import of_bar
from contrafact.music.checkpoint import Model
from contrafact.music.composition import Composition, Drawer, Plan, Trace, WrittenBar
from contrafact.music.constraints import RunGuard
from contrafact.music.control import CONTROL
from contrafact.music.engine import Engine
from contrafact.music.request import bars_of, check, read_sources
from contrafact.music.score import Metre

OnBar = Callable[[int, int], None]


class Performance:
    """One attempt in the making. A source of zero weight is not even parsed.

    Raises InvalidOrder for a request that cannot be generated, InvalidScore for a source form that cannot be read.
    """

    def __init__(self, model: Model, request: GenerationRequest, drawer: Drawer, control: float = CONTROL) -> None:
        check(request)
        self._request, self._digest = request, model.digest
        self._read = [i for i, source in enumerate(request.sources) if source.weight > 0]
        places = [form.sequenced() for form in read_sources(request)]
        self._guard = RunGuard(places)
        music, self.bars = request.music, bars_of(request.music)
        self._metre = Metre(*music.metre)
        plan = Plan(music.mode, self._metre, self.bars, tuple(request.sources[i].weight for i in self._read))
        self._composition = Composition(Engine(model.network, places), plan, self._guard, drawer, control)
        parts = [voice.part for voice in music.voices if voice.part != MELODY]
        self._arranger = Arranger(mode=music.mode, metre=self._metre, tonic=music.tonic, bars=self.bars, parts=parts)
        self._weights = tuple(source.weight for source in request.sources)
        self._changes: list[WeightChange] = []
        self._notes: list[EventNote] = []
        self.played = 0

    @property
    def over(self) -> bool:
        """Whether the last bar was played."""
        return self.played == self.bars

    @property
    def traces(self) -> Sequence[Trace]:
        """What each bar so far was drawn from."""
        return self._composition.traces

    def steer(self, weights: Sequence[int]) -> None:
        """Other weights (ppm that sum to 10⁶) from the next bar on; the change is part of the event ledger.

        The last word before a bar counts: back to the weights of the bar before is no change. After the last bar
        nothing changes. Raises InvalidOrder for weights that are no whole numbers or do not sum to one, and for a
        source that was not read from the start.
        """
        wanted = self._checked(weights)
        if self.over:
            return
        self._changes = [change for change in self._changes if change.bar < self.played]
        ordered = tuple(source.weight for source in self._request.sources)
        self._weights = self._changes[-1].weights if self._changes else ordered
        if wanted != self._weights:
            self._weights = wanted
            self._changes.append(WeightChange(self.played, wanted))

    def next_bar(self) -> tuple[EventNote, ...]:
        """The notes of the next bar, all parts; ordered by onset, the melody before what accompanies it."""
        if self._changes and self._changes[-1].bar == self.played:
            self._composition.steer([self._weights[i] for i in self._read])
        notes = self._notes_of(self._composition.write_bar(self.played))
        self._notes += notes
        self.played += 1
        return tuple(notes)

    def play(self, on_bar: OnBar | None = None) -> None:
        """All bars that are left; `on_bar(n, m)` is called after bar n of m."""
        while not self.over:
            self.next_bar()
            if on_bar is not None:
                on_bar(self.played, self.bars)

    def shares(self) -> tuple[int, tuple[int, ...]]:
        """Base share and shares of what has played so far, in ppm. Raises InvalidInput before the first bar."""
        return events.shares_of(self._notes, 1 + len(self._request.sources))

    @property
    def notes(self) -> tuple[EventNote, ...]:
        """All notes so far."""
        return tuple(self._notes)

    @property
    def longest_runs(self) -> tuple[int, ...]:
        """For each source, the longest run of its tokens that was repeated verbatim so far."""
        runs = dict(zip(self._read, self._guard.longest, strict=True))
        return tuple(runs.get(i, 0) for i in range(len(self._request.sources)))

    def generation(self, draws: Sequence[events.Draw]) -> Generation:
        """What has played, with the draws that led to it; before the last bar, as if it were stopped here."""
        components = ("base", *(source.work_id for source in self._request.sources))
        changes = tuple(change for change in self._changes if change.bar < self.played)
        stopped = None if self.over else self.played
        ledger = EventLedger(components, self.notes, tuple(draws), changes, stopped)
        return Generation(ledger, self.longest_runs, self._digest)

    def _checked(self, weights: Sequence[int]) -> tuple[int, ...]:
        """The weights as Python's own integers, which alone can stand in a document."""
        hint = f"Give one for each source, in ppm, {PPM} in all."
        try:
            whole = tuple(index(weight) for weight in weights)
        except TypeError:
            raise InvalidOrder("The new weights are not whole numbers.", hint) from None
        if len(whole) != len(self._weights) or min(whole) < 0 or sum(whole) != PPM:
            raise InvalidOrder("The new weights do not sum to one.", hint)
        for i, weight in enumerate(whole):
            if weight > 0 and i not in self._read:
                name = self._request.sources[i].work_id
                raise InvalidOrder(f"Source {name} was not read.", "Give it some weight in the order itself.")
        return whole

    def _notes_of(self, written: WrittenBar) -> list[EventNote]:
        bar, metre, start = written.bar, self._metre, written.bar * self._metre.ticks
        music = self._request.music
        pairs = zip(written.events, written.responsibilities, strict=True)
        sounding = [
            (onset, event.duration, event.pitch, parts) for (onset, event), parts in pairs if event.pitch is not None
        ]
        melody = [
            EventNote(
                bar,
                start + onset,
                duration,
                60 + music.tonic + pitch,
                self._filled(parts),
                MELODY,
                melody_velocity(metre, bar, self.bars, onset),
            )
            for onset, duration, pitch, parts in sounding
        ]
        shared = self._filled(of_bar([(duration, parts) for _, duration, _, parts in sounding]))
        accompaniment = [
            EventNote(bar, start + note.onset, note.duration, note.pitch, shared, note.part, note.velocity)
            for note in self._arranger.bar(bar, written.events)
        ]
        return [*melody, *accompaniment]

    def _filled(self, parts: Sequence[int]) -> tuple[int, ...]:
        """Responsibilities of base and all sources, with zeros for those that were not read."""
        base, *read = parts
        of = dict(zip(self._read, read, strict=True))
        return (base, *(of.get(i, 0) for i in range(len(self._request.sources))))
