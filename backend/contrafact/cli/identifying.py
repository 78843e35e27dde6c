"""`contrafact identify`: is a file a registered work, a copy or a version of one, or new?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import naming, options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.recognition import Candidate, Likeness, Recognition
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.identifying import identified


def identify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A score (MIDI, ABC, MusicXML) or recording (WAV, FLAC, OGG, MP3).")
    ],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Says which registered works a file is a copy or a version of, and shows the bars that agree."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    data, media_type = options.read_file(file), registration.media_type(file.name)
    found = identified(site, data, media_type)
    titles = naming.titles(site, [candidate.work_id for candidate in found.candidates])
    pieces = [{"order": to_hex(made.order_id), "evidence": made.evidence.value} for made in found.pieces]
    document = {
        "verdict": found.likeness.value,
        "candidates": list(map(to_dict, found.candidates)),
        "pieces": pieces,
        "pieces_not_compared": found.not_compared,
    }
    if not found.candidates:
        output.show(document, as_json, _verdict(file.name, found))
        return
    cells = [_cells(title, candidate) for title, candidate in zip(titles, found.candidates, strict=True)]
    columns = ("title", "work", "recognised as", "score", "bars, file = work", "key", "tempo")
    output.show(document, as_json, _verdict(file.name, found), output.table(columns, cells))


def to_dict(candidate: Candidate) -> dict[str, object]:
    """A candidate for machines; bars from 1, inclusive."""
    return {
        "work": to_hex(candidate.work_id),
        "likeness": candidate.likeness.value,
        "evidence": candidate.evidence.value,
        "score": round(candidate.score, 4),
        "bars": [{"file": list(one.file), "work": list(one.work)} for one in candidate.bars],
        "transposition": candidate.transposition,
        "tempo": None if candidate.tempo is None else round(candidate.tempo, 3),
    }


def _verdict(name: str, found: Recognition) -> str:
    words = {
        Likeness.NEW: "new: no work of the catalogue, nor a version of one",
        Likeness.PIECE: f"a piece that was made here{_orders(found)}",
        Likeness.COPY: "a copy of a registered work",
        Likeness.VERSION: "a version of a registered work",
    }
    left = f" Pieces that it could not be compared with: {found.not_compared}." if found.not_compared else ""
    return f"{name} is {words[found.likeness]}.{left}"


def _orders(found: Recognition) -> str:
    return "".join(f", of order {to_hex(made.order_id)} (by {made.evidence.value})" for made in found.pieces)


def _cells(title: str, candidate: Candidate) -> tuple[str, ...]:
    bars = "\n".join(f"{_range(one.file)} = {_range(one.work)}" for one in candidate.bars)
    key = "" if candidate.transposition is None else f"+{candidate.transposition}"
    tempo = "" if candidate.tempo is None else f"{candidate.tempo:.0%}"
    recognised = f"{candidate.likeness.value} by {candidate.evidence.value}"
    work = output.short(to_hex(candidate.work_id))
    return title, work, recognised, f"{candidate.score:.2f}", bars, key, tempo


def _range(bars: tuple[int, int]) -> str:
    return f"{bars[0]}–{bars[1]}"
