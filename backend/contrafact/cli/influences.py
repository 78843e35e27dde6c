"""`contrafact influence`: which training works made the base of a piece what it is, as far as that can be estimated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.digests import cid, from_hex, to_hex
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.errors import NotFound
from contrafact.influencing import influences, payable
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.site import require_generation

_SHOWN = 10
_CAUTION = (
    "An estimate of the model's own gradients, not a measurement: how far such estimates agree with training again"
    " without the works is in docs/influence.md. The pool of this model is shared by its own rule."
)


def influence(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order's id, or its record: a file, or a CID.")],
    top: Annotated[int, typer.Option(min=1, help="How many training works to show.")] = _SHOWN,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Estimates which works the model learnt this piece's base from, and what the estimate makes of its sources."""
    require_generation()
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    record = AttributionRecord.from_bytes(_record(site, order))
    found = influences(record, site.store, site.influence)
    parts = _parts(payable(found.training_works))
    names = _names()
    ranked = sorted(parts, key=lambda content: (-parts[content], content))
    document = {
        "order": to_hex(record.order_id),
        "model": to_hex(record.model_weights),
        "base_share": record.base_share,
        "training_works": [_row(c, names[c], parts[c], found.training_works[c]) for c in ranked],
        "sources": [
            {"work": to_hex(source.work_id), "share": source.share, "score": score}
            for source, score in zip(record.sources, found.sources, strict=True)
        ],
    }
    rows = [(i, names[c][1], names[c][0], f"{parts[c] / PPM:.3%}") for i, c in enumerate(ranked[:top], start=1)]
    heading = f"Of {len(parts)} training works, these influenced the piece's base most (base share {_percent(record)})"
    by_collection = _collections(parts, names)
    said = [f"By collection: {by_collection}.", _CAUTION]
    output.show(document, as_json, heading, output.table(["", "title", "work", "part %"], rows), *said)


def _record(site: Site, order: str) -> bytes:
    """The record of an order on the chain, or a record by file or CID. Raises NotFound."""
    if not (order.startswith("0x") and len(order) == 66):
        return options.record_bytes(order, site)
    committed = next(iter(site.reader.committed(from_hex(order.lower()))), None)
    if committed is None:
        raise NotFound(f"Order {order} was not delivered.", "Name an order that was committed, or a record's file.")
    return site.store.get(cid(committed.commit.record_digest))


def _parts(scores: Mapping[bytes, int]) -> dict[bytes, int]:
    """Each work's part of all influence above zero, in ppm that sum to the whole."""
    return dict(zip(scores, largest_remainder(list(scores.values())), strict=True))


def _names() -> dict[bytes, tuple[str, str]]:
    """Id and title of each packaged training work, by content digest."""
    from contrafact.music.manifest import training_list

    return {content: (tune.id, tune.title) for content, tune in training_list().tunes.items()}


def _row(content: bytes, named: tuple[str, str], part: int, score: float) -> dict[str, object]:
    return {"content": to_hex(content), "work": named[0], "title": named[1], "part": part, "score": score}


def _collections(parts: Mapping[bytes, int], names: Mapping[bytes, tuple[str, str]]) -> str:
    sums = Counter[str]()
    for content, part in parts.items():
        sums[names[content][0].split("/")[0]] += part
    return ", ".join(f"{name} {part / PPM:.1%}" for name, part in sums.most_common())


def _percent(record: AttributionRecord) -> str:
    return f"{record.base_share / PPM:.2%}"
