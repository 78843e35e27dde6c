from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from numpy.typing import NDArray

from contrafact.domain import events
from contrafact.domain.generation import GenerationRequest, Voice
from contrafact.errors import InvalidOrder, InvalidScore
from contrafact.music import tokens as t
from contrafact.music.constraints import LONGEST_RUN
from contrafact.music.engine import Engine
from contrafact.music.generate import Generator
from contrafact.music.request import bars_of, compatible_metres
from contrafact.music.score import Metre

BACKEND = Path(__file__).parents[2] / "backend"


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(tiny.model())


def told(engine: Engine, piece: t.Sequenced, writer: int) -> Iterator[NDArray[np.float64]]:
    """What the base and the writer expect at each place; the others can be asked later."""
    for row in zip(piece.tokens, piece.ticks, piece.bars, piece.left, strict=True):
        engine.append(*(int(x) for x in row))
        yield engine.of_writer(writer)


def test_cached_probabilities_are_those_of_the_whole_sequence() -> None:
    """Longer than four windows, so that the buffers are moved, with sources of different lengths."""
    network = tiny.model().network
    sources = [tiny.tune(1).sequenced(), tiny.tune(2, bars=5).sequenced()]
    piece = tiny.tune(3, bars=12).sequenced()
    assert len(piece) > 4 * network.config.window
    asked = []
    for writer in range(3):
        engine = Engine(network, sources)
        asked.append(np.stack(list(told(engine, piece, writer)), axis=1))
        cached = engine.of_everyone(writer)
        np.testing.assert_allclose(asked[-1], cached[[0, writer] if writer else [0]], atol=1e-12)

    def planes(sequence: t.Sequenced) -> list[torch.Tensor]:
        return [torch.from_numpy(x)[None] for x in (sequence.tokens, sequence.ticks, sequence.bars, sequence.left)]

    states = network.trunk(network.embed(*planes(piece)))
    windows = network.expert.recent.windows(planes(piece)[0])
    whole = [network.base_logits(states).softmax(-1)[0]]
    for source in sources:
        remembered = network.trunk(network.embed(*planes(source)))[:, :-1]
        memory = network.expert.remember(remembered, torch.from_numpy(source.tokens)[None])
        output = network.consult(states, windows, memory)
        copied = output.pointer @ torch.nn.functional.one_hot(memory.following, t.VOCABULARY).double()
        copy = torch.sigmoid(output.copy)[..., None]
        whole.append(((1 - copy) * output.logits.softmax(-1) + copy * copied)[0])
    np.testing.assert_allclose(cached, torch.stack(whole).numpy(), atol=1e-12)


def test_every_bar_is_full_and_the_piece_ends_on_the_tonic(generator: Generator) -> None:
    request = tiny.request()
    result = generator.generate(request)
    notes = result.events.notes
    assert {note.bar for note in notes} == set(range(bars_of(request.music)))
    for before, after in pairwise(notes):
        assert before.onset + before.duration <= after.onset
    for note in notes:
        assert note.bar * 72 <= note.onset
        assert note.onset + note.duration <= (note.bar + 1) * 72
    assert notes[-1].onset + notes[-1].duration == bars_of(request.music) * 72
    assert notes[-1].pitch % 12 == request.music.tonic
    assert result.model_digest == generator.model_digest


def test_the_ledger_is_a_sound_document_whose_shares_sum_to_one(generator: Generator) -> None:
    ledger = generator.generate(tiny.request()).events
    assert events.from_bytes(events.to_bytes(ledger)) == ledger
    base, sources = events.shares(ledger)
    assert base + sum(sources) == 1_000_000
    assert all(sum(note.responsibilities) == 1_000_000 for note in ledger.notes)


def test_a_source_of_zero_weight_has_no_influence_and_no_share(generator: Generator) -> None:
    one = generator.generate(tiny.request((700_000, 0, 300_000)))
    request = tiny.request((700_000, 0, 300_000))
    unread = replace(request.sources[1], form=b"never read")
    other = generator.generate(replace(request, sources=(request.sources[0], unread, request.sources[2])))
    assert one == other
    assert all(note.responsibilities[2] == 0 for note in one.events.notes)
    assert one.longest_runs[1] == 0


def test_a_source_of_weight_has_influence(generator: Generator) -> None:
    one = generator.generate(tiny.request())
    other = generator.generate(tiny.request(forms=(tiny.tune(0), tiny.tune(9))))
    assert one.events != other.events


def test_another_seed_gives_another_piece(generator: Generator) -> None:
    assert generator.generate(tiny.request()).events != generator.generate(tiny.request(seed=b"1" * 32)).events


def test_the_number_of_threads_changes_nothing() -> None:
    request = tiny.request()
    one, two = (Generator(tiny.model(), threads=n).generate(request) for n in (1, 2))
    assert events.to_bytes(one.events) == events.to_bytes(two.events)


def test_another_process_gives_the_same_bytes(generator: Generator) -> None:
    code = (
        "import sys, tiny; from contrafact.domain import events; from contrafact.music.generate import Generator\n"
        "ledger = Generator(tiny.model(), threads=2).generate(tiny.request()).events\n"
        "sys.stdout.buffer.write(events.to_bytes(ledger))"
    )
    path = os.pathsep.join([str(BACKEND), str(Path(__file__).parent)])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "2"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert run.stdout == events.to_bytes(generator.generate(tiny.request()).events)


def test_progress_is_told_bar_by_bar(generator: Generator) -> None:
    seen: list[tuple[int, int]] = []
    generator.generate(tiny.request(), on_bar=lambda n, m: seen.append((n, m)))
    assert seen == [(n, 8) for n in range(1, 9)]


def test_no_source_is_repeated_for_longer_than_the_limit() -> None:
    """A source of one note over and over tempts the pointer to copy without end."""
    dull = replace(tiny.tune(0), bars=((t.Event(0, 12),) * 6,) * 8)
    request = tiny.request((1_000_000,), forms=(dull,), seconds=60)
    result = Generator(tiny.model()).generate(request)
    told = " ".join(str(d.token) for d in result.events.draws if d.token >= t.FIRST_PITCH or d.token == t.REST)
    source = " ".join(f"{t.pitch_token(0)} {t.duration_token(12)}" for _ in range(48))
    runs = [n for n in range(1, 96) for i in (0, 1) if f" {' '.join(source.split()[i : i + n])} " in f" {told} "]
    assert max(runs) == result.longest_runs[0] <= LONGEST_RUN


def changed(**music: object) -> GenerationRequest:
    request = tiny.request()
    return replace(request, music=replace(request.music, **music))


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (changed(metre=(7, 16)), "Metre"),
        (changed(metre=(3, 4)), "6/8"),
        (changed(voices=()), "parts"),
        (changed(voices=(Voice("bass", 32),)), "parts"),
        (changed(voices=(Voice("melody", 73),) * 2), "parts"),
        (changed(voices=(Voice("melody", 73), Voice("kazoo", 1))), "parts"),
        (changed(voices=(Voice("melody", 128),)), "instrument"),
        (changed(voices=(Voice("melody", 73), Voice("drums", 5))), "Drums"),
        (changed(mode="locrian"), "Mode"),
        (changed(tonic=12), "Tonic"),
        (changed(tempo=29), "Tempo"),
        (changed(tempo=301), "Tempo"),
        (changed(seconds=3), "Length"),
        (changed(seconds=601), "Length"),
        (changed(seconds=4, tempo=30), "two bars"),
        (replace(tiny.request(), seed=b"short"), "seed"),
        (replace(tiny.request(), sources=()), "0 sources"),
        (tiny.request((200_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000)), "9 sources"),
        (tiny.request((10**15, 1_000_000 - 10**15)), "weights"),
        (tiny.request((600_000, 300_000)), "weights"),
        (tiny.request((1_200_000, -200_000)), "weights"),
        (replace(tiny.request(), sources=(replace(tiny.request().sources[0], weight=500_000),) * 2), "twice"),
    ],
)
def test_a_request_that_cannot_be_generated_says_what_to_change(
    generator: Generator, bad: GenerationRequest, word: str
) -> None:
    with pytest.raises(InvalidOrder, match=word) as caught:
        generator.generate(bad)
    assert caught.value.hint


def test_a_source_form_that_cannot_be_read_is_refused(generator: Generator) -> None:
    request = tiny.request((1_000_000,))
    with pytest.raises(InvalidScore):
        generator.generate(replace(request, sources=(replace(request.sources[0], form=json.dumps({}).encode()),)))


def test_common_and_cut_time_go_together(generator: Generator) -> None:
    assert set(compatible_metres((4, 4))) == {(4, 4), (2, 2), (2, 4)}
    assert set(compatible_metres((6, 8))) == {(6, 8), (3, 8), (12, 8)}
    forms = (tiny.tune(0, metre=Metre(4, 4)), tiny.tune(1, metre=Metre(2, 2)))
    assert generator.generate(tiny.request(forms=forms, metre=(4, 4))).events.notes
