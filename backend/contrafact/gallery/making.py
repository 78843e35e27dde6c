"""Making a piece of the gallery: request, weights that move while it plays, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from contrafact.domain import events
from contrafact.domain.digests import canonical_json, sha256, to_hex
from contrafact.domain.generation import WRITTEN_PARTS, EventNote, Generation, GenerationRequest, SourceInput
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.gallery.specs import Spec
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.request import bars_of
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm
from contrafact.ports import Generator

_PER_CENT = PPM // 100


@dataclass(frozen=True)
class Made:
    """A piece, with the tunes that it was asked for."""

    spec: Spec
    tunes: tuple[PackedTune, ...]
    generation: Generation

    @property
    def notes(self) -> tuple[EventNote, ...]:
        """All notes, all parts."""
        return self.generation.events.notes

    @property
    def bars(self) -> int:
        """Its length in bars."""
        return bars_of(self.spec.music)

    @property
    def bar_ticks(self) -> int:
        """Length of a bar in ticks."""
        return Metre(*self.spec.music.metre).ticks

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """Base share and the sources' shares, in ppm."""
        base, sources = events.shares(self.generation.events)
        return (base, *sources)

    @property
    def requested(self) -> tuple[int, ...]:
        """What the weights ask for of what is not base, in ppm; where they moved, their mean over the bars."""
        weights = [[w * _PER_CENT for _, w in self.spec.sources], *(c.weights for c in self.generation.events.changes)]
        starts = [0, *(change.bar for change in self.generation.events.changes), self.bars]
        lengths = [after - start for start, after in pairwise(starts)]
        means = [sum(row[i] * n for row, n in zip(weights, lengths, strict=True)) for i in range(len(self.tunes))]
        return largest_remainder(means, PPM - self.shares[0])

    def shares_by_bar(self) -> list[tuple[int, ...] | None]:
        """For each bar base share and shares in ppm, or None where the melody is silent."""
        return [self._shares_of([n for n in self.notes if n.bar == bar]) for bar in range(self.bars)]

    def _shares_of(self, notes: Sequence[EventNote]) -> tuple[int, ...] | None:
        if not any(note.part in WRITTEN_PARTS for note in notes):
            return None
        base, sources = events.shares_of(notes, len(self.shares))
        return (base, *sources)

    @property
    def notes_digest(self) -> str:
        """SHA-256 of what sounds (part, bar, onset, duration, pitch, velocity of each note) as canonical JSON."""
        rows = [[n.part, n.bar, n.onset, n.duration, n.pitch, n.velocity] for n in self.notes]
        return sha256(canonical_json(rows)).hex()


def make(generator: Generator, spec: Spec, seed: int = 0) -> Made:
    """The piece of a spec in the gallery of number `seed`.

    Raises NotFound for a tune that is not in the pack, InvalidOrder for a piece that cannot be made.
    """
    tunes = tuple(load_pack().tune(name) for name, _ in spec.sources)
    stream = generator.stream(request_of(spec, tunes, seed))
    steering = dict(spec.steer)
    for bar in range(1, stream.bars + 1):
        if bar in steering:
            stream.steer(tuple(weight * _PER_CENT for weight in steering[bar]))
        next(stream)
    return Made(spec, tunes, stream.generation())


def request_of(spec: Spec, tunes: Sequence[PackedTune], seed: int) -> GenerationRequest:
    """What the generator is asked for; a source's id is the digest of its id in the pack."""
    weights = [weight * _PER_CENT for _, weight in spec.sources]
    sources = tuple(
        SourceInput(to_hex(sha256(t.id.encode())), SourceForm.from_score(t.score).to_bytes(), weight, 0)
        for t, weight in zip(tunes, weights, strict=True)
    )
    return GenerationRequest(sources, spec.music, spec.seed_of(seed), PPM)
