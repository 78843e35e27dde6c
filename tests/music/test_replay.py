from __future__ import annotations

from dataclasses import replace

import pytest
import tiny
import torch

from contrafact.domain.generation import EventLedger
from contrafact.music.checkpoint import Model
from contrafact.music.generate import Generator
from contrafact.music.replay import TOLERANCE
from contrafact.music.sampling import SCALE
from contrafact.ports import Verdict

REQUEST = tiny.request()


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(tiny.model())


@pytest.fixture(scope="module")
def ledger(generator: Generator) -> EventLedger:
    return generator.generate(REQUEST).events


def with_draw(ledger: EventLedger, index: int, **changes: int) -> EventLedger:
    draws = list(ledger.draws)
    draws[index] = replace(draws[index], **changes)
    return replace(ledger, draws=tuple(draws))


def with_note(ledger: EventLedger, index: int, **changes: object) -> EventLedger:
    notes = list(ledger.notes)
    notes[index] = replace(notes[index], **changes)  # type: ignore[arg-type]
    return replace(ledger, notes=tuple(notes))


def test_what_was_generated_is_replayed_identically(generator: Generator, ledger: EventLedger) -> None:
    assert generator.replay(REQUEST, ledger).verdict is Verdict.IDENTICAL
    assert Generator(tiny.model(), threads=2).replay(REQUEST, ledger).verdict is Verdict.IDENTICAL


@pytest.mark.parametrize("index", [0, 1, 2, 40])
def test_a_changed_draw_is_contradicted_there(generator: Generator, ledger: EventLedger, index: int) -> None:
    drawn = ledger.draws[index]
    for changes in (
        {"drawn": drawn.drawn ^ 1},
        {"margin": (drawn.margin + SCALE // 3) % SCALE},
        {"token": drawn.token - 1 if drawn.token else 1},
        {"token": 10_000},
    ):
        result = generator.replay(REQUEST, with_draw(ledger, index, **changes))
        assert (result.verdict, result.event) == (Verdict.CONTRADICTED, index)


def test_a_changed_note_is_contradicted_there(generator: Generator, ledger: EventLedger) -> None:
    note = ledger.notes[5]
    base, first, second = note.responsibilities
    assert first > 1000
    for changes in (
        {"pitch": note.pitch + 1},
        {"duration": note.duration + 1},
        {"onset": note.onset + 1},
        {"bar": note.bar + 1},
        {"responsibilities": (base, first - 1000, second + 1000)},
        {"responsibilities": (base, first + second)},
    ):
        result = generator.replay(REQUEST, with_note(ledger, 5, **changes))
        assert (result.verdict, result.event) == (Verdict.CONTRADICTED, 5)


def test_missing_and_added_events_are_contradicted(generator: Generator, ledger: EventLedger) -> None:
    for changed in (
        replace(ledger, draws=ledger.draws[:-1]),
        replace(ledger, draws=(*ledger.draws, ledger.draws[-1])),
        replace(ledger, notes=ledger.notes[:-1]),
        replace(ledger, components=("base", *reversed(ledger.components[1:]))),
    ):
        assert generator.replay(REQUEST, changed).verdict is Verdict.CONTRADICTED


def test_another_seed_source_or_weight_is_contradicted(generator: Generator, ledger: EventLedger) -> None:
    for other in (
        replace(REQUEST, seed=b"2" * 32),
        replace(REQUEST, sources=(replace(REQUEST.sources[0], form=tiny.tune(8).to_bytes()), REQUEST.sources[1])),
        tiny.request((500_000, 500_000)),
    ):
        assert generator.replay(other, ledger).verdict is Verdict.CONTRADICTED


def nudged(by: float) -> Model:
    """The model as if its arithmetic were off by a relative `by`."""
    model = tiny.model()
    generator = torch.Generator().manual_seed(1)
    for parameter in model.network.parameters():
        noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        parameter.mul_(1 + by * noise)
    return model


def test_another_arithmetic_is_told_from_another_model(ledger: EventLedger) -> None:
    """Noise far below the tolerance may move a last digit, never more; a different model is contradicted."""
    rounding = Generator(nudged(1e-10)).replay(REQUEST, ledger)
    assert rounding.verdict in (Verdict.IDENTICAL, Verdict.DIVERGENT)
    assert Generator(nudged(1e-3)).replay(REQUEST, ledger).verdict is Verdict.CONTRADICTED


def test_a_last_digit_is_a_numerical_divergence(generator: Generator, ledger: EventLedger) -> None:
    base, first, second = ledger.notes[5].responsibilities
    close = with_note(ledger, 5, responsibilities=(base + 1, first - 1, second))
    result = generator.replay(REQUEST, close)
    assert (result.verdict, result.event) == (Verdict.DIVERGENT, 5)
    near = with_draw(ledger, 3, margin=ledger.draws[3].margin + TOLERANCE // 2)
    assert generator.replay(REQUEST, near).verdict is Verdict.IDENTICAL


def test_a_token_within_the_tolerance_of_its_boundary_is_a_numerical_divergence() -> None:
    """Two tokens of all but equal chance, and a drawn integer on the boundary between them."""
    import numpy as np

    from contrafact.domain.generation import Draw
    from contrafact.music.replay import _Follower
    from contrafact.music.sampling import drawn_integer

    seed = bytes(32)
    drawn = drawn_integer(seed, 0)
    here = np.array([drawn + 0.5, SCALE - drawn - 0.5])  # the boundary lies at the drawn integer
    follower = _Follower(seed, [Draw(0, drawn, 1)])
    assert follower.draw(here) == 0
    assert follower.divergence is not None
    assert follower.divergence.verdict is Verdict.DIVERGENT
