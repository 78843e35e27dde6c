"""`contrafact similar`: works that sound like something, and a second opinion on an order's shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contrafact.cli import options, output
from contrafact.domain.digests import cid
from contrafact.errors import InvalidInput, NotFound
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.site import require_generation

if TYPE_CHECKING:
    from contrafact.music.embedding.catalogue import OnProgress
    from contrafact.music.embedding.comparison import Comparison
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
            metavar="ORDER", show_default=False, help="An order's id, or its record: a second opinion on its shares."
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
        _show_opinion(Site(load(rpc_url=rpc_url, deployment=deployment, store=store)), order, as_json)
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


def _show_opinion(site: Site, order: str, as_json: bool) -> None:
    from contrafact.opinion import opinion_on

    found = opinion_on(_record(site, order), site.store)
    agree = "the same source first" if found.same_top else "NOT the same source first"
    rank = "" if found.rank_correlation is None else f", rank correlation {found.rank_correlation:.2f}"
    rows = [
        (output.short(name), f"{exact:.1%}", f"{guess:.1%}")
        for name, exact, guess in zip(found.sources, found.exact, found.estimated, strict=True)
    ]
    output.show(
        _document(found),
        as_json,
        output.table(["source", "exact share %", "by ear %"], rows),
        f"Of the whole piece, shares and ear name {agree}{rank}."
        f" Of single windows of 4 s they name the same source first in {found.windows_agree:.0%}.",
        "Exact shares are the model's own, here without the base; the ear's are an estimate, and pay nobody.",
    )


def _document(found: Comparison) -> dict[str, Any]:
    return {
        "sources": list(found.sources),
        "exact": [round(share, 6) for share in found.exact],
        "estimated": [round(share, 6) for share in found.estimated],
        "same_top": found.same_top,
        "rank_correlation": found.rank_correlation,
        "windows_agree": found.windows_agree,
        "windows": [list(tops) for tops in zip(found.exact_tops, found.estimated_tops, strict=True)],
    }


def _record(site: Site, order: str) -> bytes:
    """The record of an order by its id on the chain, or a record that is named itself."""
    if not order.startswith("0x"):
        return options.record_bytes(order, site)
    committed = next(iter(site.reader.committed(options.hex_bytes(order))), None)
    if committed is None:
        raise NotFound(f"No commit of an order {output.short(order)} is on the chain.", "Check the id, and the chain.")
    return site.store.get(cid(committed.commit.record_digest))


@contextmanager
def _progress(what: str) -> Iterator[OnProgress]:
    """A bar on standard error while something is built; nothing where that is no terminal."""
    columns = TextColumn(what), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=output.aside, transient=True, disable=not output.aside.is_terminal) as bars:
        task = bars.add_task("", total=None, visible=False)
        yield lambda done, of: bars.update(task, completed=done, total=of, visible=True)
