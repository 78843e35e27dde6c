"""`contrafact gallery`: twenty example pieces on one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from contrafact.cli import options, output
from contrafact.domain.shares import PPM
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.site import require_generation

if TYPE_CHECKING:
    from contrafact.gallery.build import OnPiece


def gallery(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write the page.")] = Path("gallery"),
    seed: Annotated[int, typer.Option(min=0, metavar="K", help="Another number, other pieces.")] = 0,
    full: Annotated[bool, typer.Option("--full", help="Also FLAC, stems, MIDI and events of each piece.")] = False,
    threads: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="CPU threads.")] = None,
    as_json: options.Json = False,
) -> None:
    """Makes twenty pieces of the catalogue's works, inspects them, and writes one page about them: about a minute."""
    require_generation()
    from contrafact.gallery.build import build

    site = Site(load(threads=threads))
    with _progress() as told:
        found = build(site.generator, out, seed, full=full, on_piece=told)
    table = output.table(("piece", "metre", "base %", "share error %", "what stands out"), map(_row, found["pieces"]))
    output.show(found, as_json, table, f"Written: {out / 'index.html'}")


def _row(piece: dict[str, Any]) -> tuple[str, ...]:
    flags = "; ".join(piece["flags"])
    return piece["title"], piece["metre"], f"{piece['base'] / PPM:.1%}", f"{piece['share_error']:.1%}", flags


@contextmanager
def _progress() -> Iterator[OnPiece]:
    """A bar on standard error for the pieces; nothing where that is no terminal."""
    columns = TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn()
    with Progress(*columns, console=output.aside, transient=True, disable=not output.aside.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda title, done, of: bars.update(task, description=title, completed=done, total=of)
