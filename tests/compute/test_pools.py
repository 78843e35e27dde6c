"""Workers in other processes, here and on a Ray cluster: the same piece, bit for bit, whatever happens to them."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from contrafact.compute.opening import open_workers
from contrafact.compute.pool import PooledGenerator, PooledRenderer, Workers
from contrafact.compute.processes import ProcessPool
from contrafact.compute.tasks import Instruments, Packaged, Task, generate, identify, opened, perform
from contrafact.domain.generation import Generation, GenerationRequest, MusicRequest, SourceInput
from contrafact.errors import ComputeError, InvalidInput, InvalidOrder
from contrafact.music.pack import load_pack
from contrafact.music.source_form import SourceForm
from contrafact.ports import Verdict
from tests.jobs.band import WEIGHTS, FakeBand

from .conftest import ROOT, Opened
from .recipes import HANG, Hanging, Mortal, Refusing


@pytest.fixture(scope="module")
def piece() -> GenerationRequest:
    """A short piece of two catalogue tunes in one metre."""
    tunes = [tune for tune in load_pack().by_role("catalogue") if tune.score.metre.beats == 6][:2]
    forms = [SourceForm.from_score(tune.score).to_bytes() for tune in tunes]
    sources = tuple(SourceInput(f"0x{i:064x}", form, 500_000, 0) for i, form in enumerate(forms))
    score = tunes[0].score
    music = MusicRequest(4, 120, score.key.tonic, score.key.mode, (score.metre.beats, score.metre.unit))
    return GenerationRequest(sources, music, bytes(range(32)), 1_000_000)


@pytest.fixture(scope="module")
def inline() -> Instruments:
    return opened(Packaged())


@pytest.fixture(scope="module")
def expected(inline: Instruments, piece: GenerationRequest) -> Generation:
    return inline.generator.generate(piece)


@pytest.mark.slow
def test_pooled_piece_is_the_same_bit_for_bit(
    open_pool: Opened, inline: Instruments, piece: GenerationRequest, expected: Generation
) -> None:
    workers, bars = open_pool(Packaged()), list[tuple[int, int]]()
    generator, renderer = PooledGenerator(workers), PooledRenderer(workers)
    assert generator.generate(piece, lambda *bar: bars.append(bar)) == expected
    assert bars == sorted(set(bars))
    assert (bars[0][0], bars[0][1] >= len(bars)) == (1, True)
    assert renderer.render(expected.events, piece.music) == inline.renderer.render(expected.events, piece.music)
    assert generator.replay(piece, expected.events).verdict is Verdict.IDENTICAL
    assert (generator.model_digest, generator.identity) == (inline.generator.model_digest, inline.generator.identity)
    assert renderer.identity == inline.renderer.identity
    with pytest.raises(InvalidOrder) as caught:
        generator.generate(replace(piece, sources=()))
    assert caught.value.hint


@pytest.mark.slow
def test_killed_worker_is_replaced_and_the_piece_is_the_same(
    open_pool: Opened, piece: GenerationRequest, expected: Generation, tmp_path: Path
) -> None:
    assert PooledGenerator(open_pool(Mortal(Packaged(), tmp_path, 1))).generate(piece) == expected
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.slow
def test_workers_that_die_again_and_again_are_an_error_that_says_so(
    open_pool: Opened, piece: GenerationRequest, tmp_path: Path
) -> None:
    generator = PooledGenerator(open_pool(Mortal(FakeBand(), tmp_path, 3)))
    with pytest.raises(ComputeError, match="lost"):
        generator.generate(piece)
    assert len(list(tmp_path.iterdir())) == 3
    assert generator.generate(piece).events.notes


@pytest.mark.slow
def test_who_asked_may_give_up_at_any_bar(open_pool: Opened, piece: GenerationRequest) -> None:
    generator = PooledGenerator(open_pool(FakeBand()))

    def give_up(bar: int, bars: int) -> None:
        raise KeyError(bar)

    with pytest.raises(KeyError):
        generator.generate(piece, give_up)
    assert generator.generate(piece) == FakeBand().open().generator.generate(piece)


@pytest.mark.slow
def test_worker_that_hangs_is_ended_and_only_its_piece_is_an_error(piece: GenerationRequest) -> None:
    """The other piece waited for its turn; it is played by the worker that comes next."""
    others = multiprocessing.active_children()
    workers = Workers(ProcessPool(Hanging(), 1, seconds=2.0), Hanging())
    generator, begun = PooledGenerator(workers), Event()
    assert generator.model_digest == WEIGHTS
    (worker,) = set(multiprocessing.active_children()).difference(others)
    with ThreadPoolExecutor() as threads:
        hanging = threads.submit(generator.generate, replace(piece, seed=HANG), lambda bar, bars: begun.set())
        assert begun.wait(30)
        waiting = threads.submit(generator.generate, piece)
        with pytest.raises(ComputeError, match="not finished after 2 s"):
            hanging.result()
        assert waiting.result() == FakeBand().open().generator.generate(piece)
    worker.join(30)
    assert worker.exitcode is not None
    workers.close()


def test_workers_end_with_the_process_that_is_killed_over_them() -> None:
    script = (
        "from contrafact.compute.opening import open_workers\n"
        "from tests.jobs.band import FakeBand\n"
        "import multiprocessing, time\n"
        "open_workers('processes', 1, 1, FakeBand()).identity\n"
        "print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
    assert workers
    end = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end, "a worker outlives its owner"
        time.sleep(0.05)


def test_worker_of_another_version_makes_nothing(piece: GenerationRequest) -> None:
    other = replace(identify(FakeBand().open(), print), generator={"version": "another"})
    answer = perform(FakeBand(), Task(generate, (piece,), other), print)
    assert isinstance(answer, ComputeError)


def test_error_of_a_worker_is_handed_back_and_not_raised_in_it() -> None:
    assert isinstance(perform(Refusing(), Task(identify), print), InvalidOrder)


def test_inline_needs_no_workers_and_other_words_are_refused() -> None:
    assert open_workers("inline", 1, 1, Packaged()) is None
    for word in ("cloud", "ray://", "ray:head"):
        with pytest.raises(InvalidInput):
            open_workers(word, 1, 1, Packaged())
