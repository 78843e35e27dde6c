"""Making the whole gallery: pieces, sound, data and page, in one folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from contrafact.domain import events
from contrafact.gallery import sound
from contrafact.gallery.document import document, entry, identities
from contrafact.gallery.grid import Grid
from contrafact.gallery.making import Made, make
from contrafact.gallery.page import LETTERS, Shown, html
from contrafact.gallery.roll import roll_svg
from contrafact.gallery.shares_plot import shares_svg
from contrafact.gallery.specs import SPECS, Spec
from contrafact.music.audio import pcm_digest, read_pcm
from contrafact.music.inspection import inspect_sound
from contrafact.music.renderer import SoundfontRenderer
from contrafact.ports import Generator, Rendered

OnPiece = Callable[[str, int, int], None]


def build(
    generator: Generator,
    out: Path,
    seed: int = 0,
    *,
    full: bool = False,
    specs: Sequence[Spec] = SPECS,
    on_piece: OnPiece = lambda title, done, of: None,
) -> dict[str, Any]:
    """Writes `index.html`, `gallery.json` and compact sound to `out`, with `full` also FLAC, stems, MIDI and events.

    Returns the data. What is in `out` under other names stays; `on_piece` is told of every piece before it is made.
    Raises NotFound, InvalidOrder as `make` does.
    """
    renderer = SoundfontRenderer()
    shown = []
    for done, spec in enumerate(specs):
        on_piece(spec.title, done, len(specs))
        made = make(generator, spec, seed)
        shown.append(_shown(made, renderer.render(made.generation.events, spec.music), out, full))
    made_by = identities(generator.identity, generator.model_digest, renderer.identity)
    found = document(seed, made_by, [piece.data for piece in shown])
    _write(out, "gallery.json", (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    _write(out, "index.html", html(found, shown).encode())
    return found


def _shown(made: Made, rendered: Rendered, out: Path, full: bool) -> Shown:
    pcm, sample_rate = read_pcm(rendered.mix)
    data = entry(made, pcm_digest(pcm, sample_rate), inspect_sound(pcm, sample_rate))
    audio = ""
    if made.spec.audio or full:
        audio = _write(out, f"audio/{made.spec.slug}.{sound.SUFFIX}", sound.compact(rendered.mix))
    files, stems = _write_full(made, rendered, out) if full else ([], [])
    roll, shares = pictures(made)
    return Shown(data, roll, shares, audio, stems, files)


def pictures(made: Made) -> tuple[Markup, Markup]:
    """Piano roll and shares over time, as SVG."""
    grid = Grid(made.bars, made.bar_ticks, tuple(change.bar for change in made.generation.events.changes))
    named = made.spec.title
    return (
        roll_svg(made.notes, grid, f"Piano roll of {named}, {made.bars} bars, {len(made.notes)} notes"),
        shares_svg(made.shares_by_bar(), grid, f"Shares of the sources in each bar of {named}"),
    )


def _write_full(made: Made, rendered: Rendered, out: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(name, path) of the files of the piece, and of its stems."""
    files: Mapping[str, bytes] = {
        "piece.flac": rendered.mix,
        "piece.mid": rendered.midi,
        "events.json": events.to_bytes(made.generation.events),
    }
    folder = f"full/{made.spec.slug}"
    written = [(name, _write(out, f"{folder}/{name}", data)) for name, data in files.items()]
    stems = [
        (name, _write(out, f"{folder}/stems/{name}.flac", stem))
        for name, stem in zip(_stem_names(), rendered.stems, strict=False)
    ]
    return written, stems


def _stem_names() -> Iterator[str]:
    yield "base"
    yield from LETTERS


def _write(out: Path, name: str, data: bytes) -> str:
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name
