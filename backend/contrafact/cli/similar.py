"""`contrafact similar`: works that sound like something, and three views of who is in an order's piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contrafact.cli import options, output
from contrafact.domain.opinions import ONLY_EXACT_PAYS
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.opinions import opinions_of
from contrafact.wiring.site import require_generation

if TYPE_CHECKING:
    from contrafact.music.embedding.catalogue import OnProgress
    from contrafact.music.embedding.index import Match


def similar(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE_OR_WORK]", show_default=False, help="A recording, a score, or a tune of the pack."
        ),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100, help="How many works to show.")] = 10,
    everything: Annotated[
        bool, typer.Option("--all", help="Among the training works too; their index is built when first asked for.")
    ] = False,
    graph: Annotated[
        bool, typer.Option("--graph", help="Search through a graph (HNSW): faster where works are many.")
    ] = False,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER",
            show_default=False,
            help="An order's id, or its record: what sound and gradients say of its shares.",
        ),
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Works that sound like a recording, a score or a work, whatever key, instrument and tempo; by the sound alone."""
    require_generation()
    if (what is None) == (order is None):
        raise InvalidInput("Say what to look up, or give --order.", "For example: contrafact similar recording.wav.")
    if order is not None:
        _show_opinions(Site(load(rpc_url=rpc_url, deployment=deployment, store=store)), order, as_json)
    else:
        _show_similar(str(what), count, everything, graph, as_json)


def _show_similar(what: str, count: int, everything: bool, graph: bool, as_json: bool) -> None:
    from contrafact import similar as finding
    from contrafact.music.embedding.weights import load_ear

    ear, asked = load_ear(), finding.asked(what)
    with _progress("works") as told:
        index = finding.index_of(ear, everything, load().home / "embeddings", told)
    found = finding.similar(ear, index, asked, count, exact=not graph)
    among = f"{asked.name}: among {output.counted(len(index.entries), 'work')} the most alike are"
    rows = [
        (i, f"{m.similarity:.3f}", m.entry.id, m.entry.title, m.entry.collection, f"{m.tempo:.2g} ×")
        for i, m in enumerate(found, 1)
    ]
    table = output.table(["", "similarity", "work", "title", "collection", "tempo beside it"], rows)
    document = {
        "asked": asked.name,
        "works": len(index.entries),
        "encoder": ear.digest.hex(),
        "similar": list(map(_match, found)),
    }
    output.show(document, as_json, among, table)


def _match(match: Match) -> dict[str, object]:
    entry = match.entry
    return {
        "work": entry.id,
        "title": entry.title,
        "collection": entry.collection,
        "similarity": round(match.similarity, 4),
        "tempo": round(match.tempo, 3),
    }


def _show_opinions(site: Site, order: str, as_json: bool) -> None:
    found = opinions_of(site)(options.record_of(order, site))
    names = list(map(output.short, found.sources))
    gradients = ["–"] * len(names) if found.gradients is None else _percents(found.gradients)
    rows = zip(names, _percents(found.exact), _percents(found.heard), gradients, strict=True)
    output.show(
        found.to_dict(),
        as_json,
        output.table(["source", "exact share %", "by sound %", "by gradients %"], rows),
        f"{found.in_words(names)} {found.windows_in_words()} {found.correlations_in_words()}",
        f"Parts of the sources, without the base. {ONLY_EXACT_PAYS}",
    )


def _percents(parts: Sequence[int]) -> list[str]:
    return [f"{part / PPM:.1%}" for part in parts]


@contextmanager
def _progress(what: str) -> Iterator[OnProgress]:
    """A bar on standard error while something is built; nothing where that is no terminal."""
    columns = TextColumn(what), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=output.aside, transient=True, disable=not output.aside.is_terminal) as bars:
        task = bars.add_task("", total=None, visible=False)
        yield lambda done, of: bars.update(task, completed=done, total=of, visible=True)
