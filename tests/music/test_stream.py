"""A piece that plays: bar by bar, steered on the way, and in the end the same ledger as a finished piece."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
import tiny

from contrafact.domain import events
from contrafact.domain.generation import Voice, WeightChange
from contrafact.errors import InvalidOrder
from contrafact.music.generate import Generator
from contrafact.ports import Verdict

REQUEST = tiny.request((500_000, 500_000), seconds=36)


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(tiny.model())


def test_a_stream_to_its_end_is_the_finished_piece(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    bars = list(stream)
    assert len(bars) == stream.bars
    assert stream.generation() == generator.generate(REQUEST)
    assert [note for bar in bars for note in bar] == list(stream.generation().events.notes)


def test_a_bar_does_not_depend_on_what_is_played_later(generator: Generator) -> None:
    stream, steered = generator.stream(REQUEST), generator.stream(REQUEST)
    assert [next(stream) for _ in range(5)] == [next(steered) for _ in range(5)]
    steered.steer((900_000, 100_000))
    assert [next(stream) for _ in range(5)] != [next(steered) for _ in range(5)]


def test_running_shares_are_those_of_the_bars_so_far(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    played = []
    for _ in range(4):
        played += next(stream)
        assert stream.shares() == events.shares_of(played, 3)
    list(stream)
    assert stream.shares() == events.shares(stream.generation().events)


def test_steering_moves_the_shares_and_is_recorded(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    for _ in range(12):
        next(stream)
    stream.steer((950_000, 50_000))
    later = [note for bar in stream for note in bar]
    assert stream.generation().events.changes == (WeightChange(12, (950_000, 50_000)),)
    _, (first, second) = events.shares_of(later, 3)
    assert first > 3 * second


def test_a_steered_piece_is_replayed_identically(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    for bar, _ in enumerate(stream):
        if bar in (3, 9):
            stream.steer((300_000 + 50_000 * bar, 700_000 - 50_000 * bar))
    ledger = stream.generation().events
    assert len(ledger.changes) == 2
    assert events.from_bytes(events.to_bytes(ledger)) == ledger
    found = generator.replay(REQUEST, ledger)
    assert (found.verdict, found.longest_runs) == (Verdict.IDENTICAL, stream.generation().longest_runs)


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (WeightChange(3, (450_000, 550_000)),),
        (WeightChange(4, (450_000, 550_000)), WeightChange(9, (750_000, 250_000))),
        (WeightChange(3, (450_000, 550_000)), WeightChange(9, (750_000, 250_000)), WeightChange(17, (1, 999_999))),
        (WeightChange(3, (450_000, 550_000)), WeightChange(9, (750_000, 250_000)), WeightChange(99, (1, 999_999))),
    ],
)
def test_other_changes_than_those_played_are_contradicted(
    generator: Generator, changes: tuple[WeightChange, ...]
) -> None:
    stream = generator.stream(REQUEST)
    for bar, _ in enumerate(stream):
        if bar in (2, 8):
            stream.steer((450_000, 550_000) if bar == 2 else (750_000, 250_000))
    ledger = stream.generation().events
    assert generator.replay(REQUEST, replace(ledger, changes=changes)).verdict is Verdict.CONTRADICTED


def test_a_piece_that_was_stopped_is_replayed_as_far_as_it_was_played(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    for bar in range(5):
        next(stream)
        if bar == 2:
            stream.steer((700_000, 300_000))
    ledger = stream.generation().events
    assert ledger.stopped == 5
    assert events.from_bytes(events.to_bytes(ledger)) == ledger
    assert generator.replay(REQUEST, ledger).verdict is Verdict.IDENTICAL
    for forged in (None, 4, 6, stream.bars, stream.bars + 1):
        assert generator.replay(REQUEST, replace(ledger, stopped=forged)).verdict is Verdict.CONTRADICTED
    whole = generator.generate(REQUEST).events
    assert generator.replay(REQUEST, replace(whole, stopped=stream.bars)).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("weights", [(1,), (500_000, 600_000), (-1, 1_000_001), (0, 0)])
def test_weights_that_do_not_sum_to_one_change_nothing(generator: Generator, weights: tuple[int, ...]) -> None:
    stream = generator.stream(REQUEST)
    next(stream)
    with pytest.raises(InvalidOrder, match="do not sum to one"):
        stream.steer(weights)
    list(stream)
    assert stream.generation() == generator.generate(REQUEST)


@pytest.mark.parametrize("weights", [(200_000.0, 800_000.0), ("200000", "800000"), ((1,), (2,)), None, 5])
def test_weights_that_are_no_whole_numbers_are_refused(generator: Generator, weights: object) -> None:
    stream = generator.stream(REQUEST)
    with pytest.raises(InvalidOrder, match="not whole numbers"):
        stream.steer(weights)  # type: ignore[arg-type]


def test_whole_numbers_of_other_libraries_become_documents(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    next(stream)
    stream.steer(np.array([200_000, 800_000]))  # type: ignore[arg-type]
    list(stream)
    ledger = events.from_bytes(events.to_bytes(stream.generation().events))
    assert ledger.changes == (WeightChange(1, (200_000, 800_000)),)


def test_weights_moved_and_moved_back_before_a_bar_are_no_change(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    for bar, _ in enumerate(stream):
        if bar == 2:
            stream.steer((900_000, 100_000))
            stream.steer((500_000, 500_000))
        if bar in (5, 8):
            stream.steer((700_000, 300_000))
        if bar == 8:
            stream.steer((100_000, 900_000))
            stream.steer((700_000, 300_000))
    ledger = stream.generation().events
    assert ledger.changes == (WeightChange(6, (700_000, 300_000)),)
    assert generator.replay(REQUEST, ledger).verdict is Verdict.IDENTICAL


def test_what_has_played_does_not_hold_a_change_to_come(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    next(stream)
    stream.steer((900_000, 100_000))
    assert stream.generation().events.changes == ()
    next(stream)
    assert len(stream.generation().events.changes) == 1


def test_a_piece_steered_from_another_thread_while_it_plays_is_replayed_identically(generator: Generator) -> None:
    stream = generator.stream(REQUEST)
    playing = Thread(target=lambda: list(stream))
    playing.start()
    step = 0
    while playing.is_alive():
        step += 1
        stream.steer((100_000 * (1 + step % 9), 100_000 * (9 - step % 9)))
    ledger = stream.generation().events
    assert generator.replay(REQUEST, ledger).verdict is Verdict.IDENTICAL


def test_a_recorded_change_to_a_source_that_was_not_read_is_contradicted(generator: Generator) -> None:
    request = tiny.request((1_000_000, 0))
    ledger = generator.generate(request).events
    told = replace(ledger, changes=(WeightChange(2, (500_000, 500_000)),))
    result = generator.replay(request, told)
    assert (result.verdict, result.event) == (Verdict.CONTRADICTED, 0)
    assert "was not read" in result.detail


def test_a_source_that_was_not_read_cannot_be_steered_to(generator: Generator) -> None:
    stream = generator.stream(tiny.request((1_000_000, 0)))
    next(stream)
    with pytest.raises(InvalidOrder, match="was not read"):
        stream.steer((500_000, 500_000))


def test_accompaniment_carries_the_mean_of_its_bar_and_does_not_count(generator: Generator) -> None:
    voices = tuple(Voice(part, 0) for part in ("melody", "harmony", "bass", "drums"))
    request = replace(REQUEST, music=replace(REQUEST.music, voices=voices))
    alone, band = generator.generate(REQUEST).events, generator.generate(request).events
    melody = [note for note in band.notes if note.part == "melody"]
    assert melody == list(alone.notes)
    assert events.shares(band) == events.shares(alone)
    assert {note.part for note in band.notes} == {"melody", "harmony", "bass", "drums"}
    for bar in range(max(note.bar for note in band.notes)):
        written = [note for note in melody if note.bar == bar]
        time = sum(note.duration for note in written)
        for note in band.notes:
            if note.bar == bar and note.part != "melody":
                for k, part in enumerate(note.responsibilities):
                    assert abs(part - sum(n.duration * n.responsibilities[k] for n in written) / time) <= 1
