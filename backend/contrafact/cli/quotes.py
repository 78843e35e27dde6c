"""`contrafact quote`: what a piece may cost, before anybody pays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from contrafact.cli import naming, options, output, recognised
from contrafact.domain import pitch
from contrafact.domain.digests import to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.order.quoting import OrderRequest
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer


def quote(
    source: Annotated[
        list[str],
        typer.Option(
            metavar="WORK=PART",
            help="A work, or a file that is recognised as one, and its weight: 0x12…=0.5; 1 to 8, summing to 1.",
        ),
    ],
    maker: Annotated[str, typer.Option(metavar="ADDRESS", help="Address of the maker who will pay.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the quote.")] = Path("quote.json"),
    use: Annotated[str, typer.Option(metavar="USE", help="private, commercial, broadcast or live.")] = "private",
    seconds: Annotated[int, typer.Option(metavar="S", help="Length of the piece.")] = 30,
    tempo: Annotated[int, typer.Option(metavar="N", help="Quarter notes a minute.")] = 120,
    key: Annotated[str, typer.Option(metavar="NAME", help="Tonic, for example G or Bb.")] = "G",
    mode: Annotated[str, typer.Option(metavar="MODE", help="major, minor, dorian or mixolydian.")] = "major",
    metre: Annotated[str, typer.Option(metavar="N/N", help="Time signature; the sources' must meet it.")] = "4/4",
    drift: Annotated[
        float, typer.Option(metavar="PART", min=0, max=1, help="How far the weights of a live piece may move, 0 to 1.")
    ] = 0.0,
    part: options.Parts = [],  # noqa: B006
    reader: options.Readers = [],  # noqa: B006
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Offers a piece: what it may cost at most, and the split to expect. Nothing is paid yet.

    A private piece with a --reader is published as ciphertext only; its attribution record stays public.
    """
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store}
    site = Site(load(operator_key_file=operator_key_file, token=token, **places))
    operator = signer(site.settings, "operator_key_file")
    choices = [options.pair(text, "0x12…=0.5") for text in source]
    music = MusicRequest(seconds, tempo, pitch.tonic(key), mode, pitch.metre(metre), options.band(part))
    works = tuple((recognised.source(site, work), weight) for work, weight in choices)
    asked = (site.address(maker), works, Use.parse(use), music, site.token(), tuple(reader))
    request = OrderRequest(*asked, drift=round(drift * PPM))
    signed = site.quoting(operator).offer(request)
    out.write_bytes(signed.to_bytes())
    found = _describe(signed, order_id(signed.quote, site.reader.domain), str(out))
    title = f"Offer of {seconds} s for {use} use; what is not used goes back to you"
    valid_until = options.written_moment(signed.quote.valid_until)
    next_step = (
        f"Valid until {valid_until}. What it will license: contrafact licence {out}. To pay: contrafact order {out}"
    )
    output.show(found, as_json, title, _offer(site, signed), next_step)


def _describe(signed: SignedQuote, identifier: bytes, path: str) -> dict[str, object]:
    quote_ = signed.quote
    return {
        "order": to_hex(identifier),
        "quote": path,
        "escrow": str(quote_.escrow),
        "token": quote_.token,
        "operator_fee": str(quote_.operator_fee),
        "valid_until": quote_.valid_until,
        "deadline": quote_.deadline,
        "sources": [
            {
                "work": to_hex(s.work_id),
                "weight": s.weight,
                "min_share": s.min_share,
                "price": str(s.price),
                "through": s.through,
            }
            for s in quote_.sources
        ],
    }


def _offer(site: Site, signed: SignedQuote) -> Table:
    quote_, currency = signed.quote, site.currency(signed.quote.token)
    expected = quote_.settle(0, [source.weight for source in quote_.inference_set])
    titles = naming.titles(site, [source.work_id for source in quote_.sources])
    rows = [
        (title, output.short(to_hex(source.work_id)), naming.part(source.weight), currency.format(paid))
        for title, source, paid in zip(titles, quote_.sources, expected.sources, strict=True)
    ]
    rows.append(("operator's fee", "", "", currency.format(quote_.operator_fee)))
    rows.append(("you pay at most", "", "", currency.format(quote_.escrow)))
    return output.table(("title", "work", "weight %", "expected amount"), rows)
