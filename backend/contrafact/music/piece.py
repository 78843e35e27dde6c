"""From a request to the notes of a piece, with a drawer that samples or one that follows a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch

from contrafact.domain.generation import EventNote, GenerationRequest, SourceInput
from contrafact.music.checkpoint import Model
from contrafact.music.composition import Composition, Drawer, OnBar, Plan
from contrafact.music.constraints import RunGuard
from contrafact.music.engine import Engine
from contrafact.music.request import bars_of, check, check_metres
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm


def compose(
    model: Model, request: GenerationRequest, drawer: Drawer, on_bar: OnBar | None = None
) -> tuple[tuple[EventNote, ...], RunGuard]:
    """The notes that a drawer's choices lead to. A source of zero weight is not even parsed."""
    check(request)
    read = [source for source in request.sources if source.weight > 0]
    forms = [SourceForm.from_bytes(source.form) for source in read]
    check_metres(request.music, read, forms)
    places = [form.sequenced() for form in forms]
    music = request.music
    plan = Plan(music.mode, Metre(*music.metre), music.tonic, bars_of(music), tuple(source.weight for source in read))
    guard = RunGuard(places)
    composition = Composition(Engine(model.network, places), plan, guard, drawer)
    composition.compose(on_bar)
    return tuple(_with_unread(note, request.sources) for note in composition.notes), guard


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
