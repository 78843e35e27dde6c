"""How fast pieces are made: music seconds, tokens and notes a second, first audio, memory, what attribution costs."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from unittest.mock import patch

from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.music.composition import Composition
from contrafact.music.generate import Generator
from contrafact.music.metres import meeting
from contrafact.music.note_sound import note_sound
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.renderer import SoundfontRenderer
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm
from contrafact.music.stream_render import StreamRenderer


@dataclass(frozen=True, slots=True)
class Speed:
    """Figures of some pieces with `sources` sources. Seconds are of the wall clock, on one thread.

    `attribution` is the time with attribution by the time without it; `rendered` includes mix and stems, no note of
    which was rendered before. `first_audio_ms` is the longest of the pieces', with model and font loaded but no note.
    """

    sources: int
    parts: int
    times_real_time: float
    times_real_time_rendered: float
    draws_per_second: float
    notes_per_second: float
    attribution: float
    first_audio_ms: float


def request_of(sources: int, music: MusicRequest, seed: int) -> GenerationRequest:
    """Some catalogue works whose metre meets the piece's, with falling weights."""
    usable = [tune for tune in load_pack().by_role("catalogue") if _metre(tune) in meeting(music.metre)]
    chosen = [usable[(7 * seed + 13 * i) % len(usable)] for i in range(sources)]
    weights = largest_remainder([sources + 1 - i for i in range(sources)], PPM)
    pairs = zip(chosen, weights, strict=True)
    inputs = tuple(
        SourceInput(f"0x{i:064x}", SourceForm.from_score(tune.score).to_bytes(), weight, 0)
        for i, (tune, weight) in enumerate(pairs)
    )
    return GenerationRequest(inputs, music, seed.to_bytes(32, "big"), PPM)


def _metre(tune: PackedTune) -> tuple[int, int]:
    return tune.score.metre.beats, tune.score.metre.unit


def measure(generator: Generator, sources: int, music: MusicRequest, pieces: int = 3) -> Speed:
    """Make and render some pieces, after one that warms up."""
    requests = [request_of(sources, music, seed) for seed in range(1, pieces + 1)]
    first_audio(generator, request_of(sources, music, 0))
    first = max(first_audio(generator, request) for request in requests)
    with _timed_attribution() as attributing:
        generating = rendering = 0.0
        draws = notes = 0
        for request in requests:
            began = time.perf_counter()
            events = generator.generate(request).events
            generating += time.perf_counter() - began
            note_sound.cache_clear()
            began = time.perf_counter()
            SoundfontRenderer().render(events, music)
            rendering += time.perf_counter() - began
            draws, notes = draws + len(events.draws), notes + len(events.notes)
    played = pieces * music.seconds
    return Speed(
        sources=sources,
        parts=len(music.voices),
        times_real_time=played / generating,
        times_real_time_rendered=played / (generating + rendering),
        draws_per_second=draws / generating,
        notes_per_second=notes / generating,
        attribution=generating / (generating - sum(attributing)),
        first_audio_ms=1000 * first,
    )


def first_audio(generator: Generator, request: GenerationRequest) -> float:
    """Seconds from the request to the sound of the first bar; notes that were rendered earlier are forgotten first."""
    note_sound.cache_clear()
    began = time.perf_counter()
    stream = generator.stream(request)
    sound = StreamRenderer(request.music.tempo, request.music.programs)
    sound.bar(next(stream), Metre(*request.music.metre).ticks)
    return time.perf_counter() - began


@contextmanager
def _timed_attribution() -> Iterator[list[float]]:
    """What each bar's attribution takes, in seconds: all that is computed besides what the draws need."""
    attribute = Composition._attributed
    taken: list[float] = []

    def timed(*arguments: object) -> object:
        began = time.perf_counter()
        result = attribute(*arguments)  # type: ignore[arg-type]
        taken.append(time.perf_counter() - began)
        return result

    with patch.object(Composition, "_attributed", timed):
        yield taken


def peak_memory_mb() -> float:
    """The most memory that this process has held, in MB (resident; Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def report(speeds: Sequence[Speed]) -> dict[str, object]:
    """As a JSON document."""
    return {"speeds": [asdict(speed) for speed in speeds], "peak_memory_mb": peak_memory_mb()}
