"""`contrafact bench generate`: how fast pieces are made on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.generation import MusicRequest
from contrafact.domain.instruments import BAND, voices
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.site import require_generation

_SOURCES = (1, 3, 8)
_COLUMNS = (
    "sources",
    "parts",
    "× real time ratio",
    "with sound ratio",
    "draws/s",
    "notes/s",
    "attribution ratio",
    "first audio, ms",
)


def generate(
    seconds: Annotated[int, typer.Option(metavar="S", help="Length of each piece.")] = 40,
    pieces: Annotated[int, typer.Option(metavar="N", help="Pieces a row.")] = 3,
    threads: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="CPU threads.")] = None,
    as_json: options.Json = False,
) -> None:
    """Measures melodies of 1, 3 and 8 sources, and a piece of four parts: speed, first audio, memory, attribution.

    The ratios compare what ran in the same process; other work on the machine slows all of them.
    """
    require_generation()
    from contrafact.music import timing
    from contrafact.music.generate import Generator

    generator = Site(load(threads=threads)).generator
    assert isinstance(generator, Generator)
    band = voices(["harmony", "bass", "drums"])
    asked = [(sources, BAND[:1]) for sources in _SOURCES] + [(3, band)]
    speeds = [
        timing.measure(generator, sources, MusicRequest(seconds, 120, 2, "major", (6, 8), parts), pieces)
        for sources, parts in asked
    ]
    rows = [
        (
            speed.sources,
            speed.parts,
            f"{speed.times_real_time:.1f}",
            f"{speed.times_real_time_rendered:.1f}",
            f"{speed.draws_per_second:.0f}",
            f"{speed.notes_per_second:.0f}",
            f"{speed.attribution:.3f}",
            f"{speed.first_audio_ms:.0f}",
        )
        for speed in speeds
    ]
    memory = f"Peak memory of the process: {timing.peak_memory_mb():.0f} MB"
    output.show(timing.report(speeds), as_json, output.table(_COLUMNS, rows), memory)
