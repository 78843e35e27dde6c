"""`contrafact quote`, `order`, `refund`, `claim`: the way of one piece of music and its money."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from contrafact.cli import options, output
from contrafact.domain import pitch
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.history import Claim
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.settlement import settle
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import NotFound
from contrafact.keys import load_key
from contrafact.order.job import STEPS, OrderJob
from contrafact.order.payouts import split_claims
from contrafact.order.quoting import OrderRequest
from contrafact.ports import OrderStatus
from contrafact.settings import load
from contrafact.wiring import Site

QuoteFile = Annotated[Path, typer.Argument(help="A quote, as `contrafact quote` wrote it.")]


def quote(
    source: Annotated[list[str], typer.Option(help="A work and its weight, WORK=0.5; 1 to 8 of them, summing to 1.")],
    maker: Annotated[str, typer.Option(help="Address of the maker who will pay.")],
    out: Annotated[Path, typer.Option(help="Where to write the quote.")] = Path("quote.json"),
    use: Annotated[str, typer.Option(help="private, commercial, broadcast or live.")] = "private",
    seconds: Annotated[int, typer.Option(help="Length of the piece.")] = 30,
    tempo: Annotated[int, typer.Option(help="Quarter notes a minute.")] = 120,
    key: Annotated[str, typer.Option(help="Tonic, for example G or Bb.")] = "G",
    mode: Annotated[str, typer.Option(help="major, minor, dorian or mixolydian.")] = "major",
    metre: Annotated[str, typer.Option(help="Time signature.")] = "4/4",
    token: Annotated[str | None, typer.Option(help="usd, native, or a token's address.")] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Offers a piece: what it may cost at most, and the split to expect. Nothing is paid yet."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, operator_key_file=operator_key_file, token=token))
    choices = [options.pair(text, "0x12…=0.5") for text in source]
    music = MusicRequest(seconds, tempo, pitch.tonic(key), mode, pitch.metre(metre))
    works = tuple((options.identifier(work), weight) for work, weight in choices)
    request = OrderRequest(site.address(maker), works, Use.parse(use), music, site.token())
    signed = site.quoting(load_key(site.settings.operator_key_file, "operator_key_file")).offer(request)
    out.write_bytes(signed.to_bytes())
    found = _describe(signed, order_id(signed.quote, site.reader.domain), str(out))
    output.show(found, as_json, _offer_table(site, signed))


def order(
    quote_file: QuoteFile,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Funds a quote with the maker's key, unless it is funded, and runs the order to its end. Safe to repeat."""
    overrides = {"deployment": deployment, "store": store, "key_file": key_file}
    site = Site(load(rpc_url=rpc_url, operator_key_file=operator_key_file, **overrides))
    signed = SignedQuote.from_bytes(options.read_file(quote_file))
    identifier = order_id(signed.quote, site.reader.domain)
    if site.reader.order_status(identifier) is OrderStatus.NONE:
        maker = site.writer(load_key(site.settings.key_file, "key_file"))
        maker.fund(signed.quote, signed.signature, secrets.token_bytes(32), signed.terms)
    workshop = site.workshop(load_key(site.settings.operator_key_file, "operator_key_file"))
    with Progress(console=output.console, transient=True, disable=as_json) as progress:
        task = progress.add_task("starting", total=len(STEPS))

        def on_step(step: str) -> None:
            progress.update(task, description=step, completed=STEPS.index(step))

        def on_bar(bar: int, bars: int) -> None:
            progress.update(task, description=f"generating bar {bar} of {bars}")

        job = OrderJob.of(workshop, identifier, on_step, on_bar)
        record = job.run()
    shares = {to_hex(source.work_id): source.share for source in record.sources}
    found = {
        "order": to_hex(identifier),
        "record": to_hex(record.digest()),
        "shares": shares,
        "base_share": record.base_share,
        "delivery": str(job.folder.path / "delivery"),
    }
    rows = [(output.short(work), f"{share / PPM:.2%}") for work, share in shares.items()]
    rows.append(("the model itself", f"{record.base_share / PPM:.2%}"))
    output.show(found, as_json, output.table(f"Order {to_hex(identifier)}", ("work", "share %"), rows))
    if not as_json:
        output.console.print(f"Files: {job.folder.path / 'delivery'}", highlight=False)


def refund(
    quote_file: QuoteFile,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Gives the escrow of an order that was not delivered by its deadline back to its maker."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file))
    signed = SignedQuote.from_bytes(options.read_file(quote_file))
    identifier = order_id(signed.quote, site.reader.domain)
    funded = next(iter(site.reader.funded(identifier)), None)
    if funded is None:
        raise NotFound(f"Order {to_hex(identifier)} was never funded.", "There is nothing to refund.")
    site.writer(load_key(site.settings.key_file, "key_file")).refund(signed.quote, funded.maker_salt)
    amount = site.currency(signed.quote.token).format(funded.escrowed)
    output.show({"order": to_hex(identifier), "refunded": str(funded.escrowed)}, as_json, f"Refunded {amount}.")


def claim(
    holder: Annotated[str | None, typer.Option(help="Rights holder; default: your key's address.")] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Sends a rights holder all that is claimable. Anybody may call it; the money only goes to the holder."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    account = load_key(site.settings.key_file, "key_file")
    whose = site.address(holder) if holder else account.address
    writer, rows = site.writer(account), []
    for one in _claims_of(site, whose):
        if (amount := site.reader.claimable(one)) > 0:
            transaction = writer.claim(one)
            rows.append(
                {"beneficiary": to_hex(one.beneficiary), "amount": str(amount), "token": one.token, "tx": transaction}
            )
    cells = [(output.short(r["beneficiary"]), site.currency(r["token"]).format(int(r["amount"]))) for r in rows]
    output.show(rows, as_json, output.table(f"Paid to {whose}", ("work", "amount"), cells))


def _claims_of(site: Site, holder: str) -> Iterator[Claim]:
    """Every claim of `holder` on every account that ever received money."""
    documents = {split.split_root: split.metadata for split in site.reader.split_history()}
    splits = {root: WorkMetadata.from_bytes(site.store.get(cid(digest))).split for root, digest in documents.items()}
    accounts = {(c.beneficiary, c.split_root, c.token) for c in site.reader.credited() if c.split_root in splits}
    for beneficiary, root, token in sorted(accounts):
        for one in split_claims(beneficiary, splits[root], token):
            if one.leaf.holder.lower() == holder.lower():
                yield one


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
            {"work": to_hex(s.work_id), "weight": s.weight, "min_share": s.min_share, "price": str(s.price)}
            for s in quote_.sources
        ],
    }


def _offer_table(site: Site, signed: SignedQuote) -> Table:
    quote_, currency = signed.quote, site.currency(signed.quote.token)
    weights = [source.weight for source in quote_.sources]
    expected = settle(quote_.prices, quote_.base_rate, quote_.operator_fee, quote_.duration, weights, 0)
    rows = [
        (output.short(to_hex(source.work_id)), f"{source.weight / PPM:.1%}", currency.format(paid))
        for source, paid in zip(quote_.sources, expected.sources, strict=True)
    ]
    rows.append(("operator's fee", "", currency.format(quote_.operator_fee)))
    rows.append(("at most in all", "", currency.format(quote_.escrow)))
    return output.table("Offer (what is not used goes back to you)", ("work", "weight %", "expected amount"), rows)
