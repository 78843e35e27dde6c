"""From a request to a generation: check it, read its sources, compose, and keep the record of every draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch

from contrafact.domain.generation import (
    EventLedger,
    EventNote,
    Generation,
    GenerationRequest,
    MusicRequest,
    SourceInput,
)
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidOrder
from contrafact.music import tokens as t
from contrafact.music.checkpoint import Model
from contrafact.music.composition import Composition, Drawer, OnBar, Plan
from contrafact.music.constraints import RunGuard
from contrafact.music.engine import Engine
from contrafact.music.sampling import Sampler
from contrafact.music.score import TICKS_PER_QUARTER, Metre
from contrafact.music.source_form import SourceForm

TEMPI = range(30, 301)
SECONDS = range(4, 601)
LEAST_BARS = 2
_SAME_BARS = ({(4, 4), (2, 2)},)  # metres whose bars hold the same beats


class Generator:
    """Generates with one model. The number of threads is a matter of speed, never of the result."""

    def __init__(self, model: Model, threads: int = 1) -> None:
        self._model, self._threads = model, threads

    def generate(self, request: GenerationRequest, on_bar: OnBar | None = None) -> Generation:
        """One attempt for one seed; `on_bar(n, m)` is told of every bar.

        Whether the shares keep the order's bounds is for the caller to judge. Raises InvalidOrder for a
        request that cannot be generated, InvalidScore for a source form that cannot be read.
        """
        sampler = Sampler(request.seed)
        with threads(self._threads):
            notes, guard = compose(self._model, request, sampler, on_bar)
        components = ("base", *(source.work_id for source in request.sources))
        runs = iter(guard.longest)
        return Generation(
            EventLedger(components, notes, tuple(sampler.draws)),
            tuple(next(runs) if source.weight else 0 for source in request.sources),
            self._model.digest,
        )


def compose(
    model: Model, request: GenerationRequest, drawer: Drawer, on_bar: OnBar | None = None
) -> tuple[tuple[EventNote, ...], RunGuard]:
    """The notes that a drawer's choices lead to. A source of zero weight is not even parsed."""
    check(request)
    read = [source for source in request.sources if source.weight > 0]
    forms = [SourceForm.from_bytes(source.form) for source in read]
    _check_metres(request.music, read, forms)
    places = [form.sequenced() for form in forms]
    music = request.music
    plan = Plan(
        music.mode, Metre(*music.metre), music.tonic, bars_of(music), tuple(source.weight for source in read)
    )
    guard = RunGuard(places)
    composition = Composition(Engine(model.network, places), plan, guard, drawer)
    composition.compose(on_bar)
    return tuple(_with_unread(note, request.sources) for note in composition.notes), guard


def bars_of(music: MusicRequest) -> int:
    """The whole bars that fit the length asked for."""
    return music.seconds * music.tempo * TICKS_PER_QUARTER // (60 * Metre(*music.metre).ticks)


def compatible_metres(metre: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The metres that sources of a piece in `metre` may have; raises InvalidOrder for an unknown one."""
    if metre not in t.METRES:
        known = ", ".join(f"{beats}/{unit}" for beats, unit in t.METRES)
        raise InvalidOrder(f"Metre {metre[0]}/{metre[1]} is not known.", f"Use one of {known}.")
    return tuple(m for m in t.METRES if m == metre or any({m, metre} <= same for same in _SAME_BARS))


def check(request: GenerationRequest) -> None:
    """Raises InvalidOrder, saying what to change, for a request that cannot be generated."""
    music = request.music
    compatible_metres(music.metre)
    if music.mode not in t.MODES:
        raise InvalidOrder(f"Mode {music.mode!r} is not known.", f"Use one of {', '.join(t.MODES)}.")
    if music.tonic not in range(12):
        raise InvalidOrder(f"Tonic {music.tonic} is not a pitch class.", "Use 0 (C) to 11 (B).")
    for name, value, known in (("Tempo", music.tempo, TEMPI), ("Length", music.seconds, SECONDS)):
        if value not in known:
            raise InvalidOrder(f"{name} {value} is out of range.", f"Use {known[0]} to {known[-1]}.")
    if bars_of(music) < LEAST_BARS:
        raise InvalidOrder("The piece would be shorter than two bars.", "Ask for more seconds.")
    if len(request.seed) != 32:
        raise InvalidOrder(f"The seed has {len(request.seed)} bytes.", "A seed has 32 bytes.")
    _check_sources(request.sources)


def _check_sources(sources: Sequence[SourceInput]) -> None:
    weights = [source.weight for source in sources]
    if min(weights, default=-1) < 0 or sum(weights) != PPM:
        raise InvalidOrder("The sources' weights do not sum to one.", f"Weights are ppm that sum to {PPM}.")
    if len({source.work_id for source in sources}) < len(sources):
        raise InvalidOrder("A source is named twice.", "Add its weights up and name it once.")


def _check_metres(music: MusicRequest, sources: Sequence[SourceInput], forms: Sequence[SourceForm]) -> None:
    usable = compatible_metres(music.metre)
    for source, form in zip(sources, forms, strict=True):
        metre = form.metre.beats, form.metre.unit
        if metre not in usable:
            asked = " or ".join(f"{beats}/{unit}" for beats, unit in usable)
            raise InvalidOrder(
                f"Source {source.work_id} is in {metre[0]}/{metre[1]}, the piece in {music.metre[0]}/{music.metre[1]}.",
                f"Choose sources in {asked}, or ask for a piece in {metre[0]}/{metre[1]}.",
            )


def _with_unread(note: EventNote, sources: Sequence[SourceInput]) -> EventNote:
    """The note with zeros for the sources that were not read."""
    base, *rest = note.responsibilities
    parts = iter(rest)
    filled = (next(parts) if source.weight > 0 else 0 for source in sources)
    return replace(note, responsibilities=(base, *filled))


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute with so many threads inside, and as before outside."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
