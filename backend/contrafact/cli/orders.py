"""`contrafact order` and `refund`: a piece is paid for and made, or the money comes back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contrafact.cli import options, output
from contrafact.cli.receipt import left_over, receipt
from contrafact.domain.digests import to_hex
from contrafact.domain.licences import hash_in, licence_hash
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.errors import InvalidInput, InvalidOrder, NotFound, NotPermitted
from contrafact.ledger.signing import check_quote_signature
from contrafact.order.folder import OrderFolder
from contrafact.order.job import STEPS, OnBar, OnStep, OrderJob
from contrafact.ports import OrderStatus
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

QuoteFile = Annotated[Path, typer.Argument(metavar="QUOTE", help="A quote, as `contrafact quote` wrote it.")]


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
    keys = {"key_file": key_file, "operator_key_file": operator_key_file}
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, **keys))
    signed = read_quote(site, quote_file)
    identifier = order_id(signed.quote, site.reader.domain)
    with _progress() as (on_step, on_bar):
        job = _job(site, signed, identifier, on_step, on_bar)
        if site.reader.order_status(identifier) is OrderStatus.NONE:
            _fund(site, signed)
        with job.folder.held():
            finished = job.run()
    found, table = receipt(site, signed, finished.record)
    waiting, said = left_over(site, finished.waiting)
    delivery = str(job.folder.path / "delivery")
    found = {"order": to_hex(identifier), **found, "waiting": waiting, "delivery": delivery}
    licence = f"Licence for {signed.quote.use.name.lower()} use: {delivery}/LICENCE.txt"
    digest = f"Its SHA-256, as in the record: {found['licence']}"
    output.show(found, as_json, f"Order {to_hex(identifier)}", table, *said, licence, digest, f"Files: {delivery}")


def refund(
    quote_file: QuoteFile,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Gives the escrow of an order that was not delivered by its deadline back to its maker, and a tenth on top."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file))
    writer = site.writer(signer(site.settings, "key_file"))
    signed = read_quote(site, quote_file)
    identifier = order_id(signed.quote, site.reader.domain)
    funded = next(iter(site.reader.funded(identifier)), None)
    if funded is None:
        raise NotFound(f"Order {to_hex(identifier)} was never funded.", "There is nothing to refund.")
    writer.refund(funded)
    (event,) = site.reader.refunded(identifier)
    amount, penalty = map(site.currency(signed.quote.token).format, (event.amount, event.penalty))
    found = {"order": to_hex(identifier), "refunded": str(event.amount), "penalty": str(event.penalty)}
    said = f"Refunded {amount} to {signed.quote.maker}, and {penalty} from the operator's bond."
    output.show(found, as_json, said)


def read_quote(site: Site, path: Path) -> SignedQuote:
    """The quote in a file. Raises InvalidInput for one that is not, word for word, what its operator signed."""
    signed = SignedQuote.from_bytes(options.read_file(path))
    named = site.reader.signer_of(signed.quote.operator)
    check_quote_signature(signed.quote, signed.signature, site.reader.domain, site.reader.accepts, named=named)
    if signed.music.digest() != signed.quote.request_digest:
        raise InvalidOrder(f"The music request in {path} is not the one that was signed.", "Ask for a new quote.")
    return signed


def _fund(site: Site, signed: SignedQuote) -> None:
    """Pays the escrow in. Raises NotPermitted with another key than the maker's, and what the chain refuses."""
    maker = signer(site.settings, "key_file")
    if maker.address.lower() != signed.quote.maker.lower():
        text = f"The quote was made for {signed.quote.maker}; your key is of {maker.address}."
        raise NotPermitted(text, "Pay with the key of the address that asked for the quote.")
    _require_pinned_terms(site, signed)
    writer = site.writer(maker)
    if site.reader.order_status(order_id(signed.quote, site.reader.domain)) is not OrderStatus.NONE:
        return  # by a transaction that an earlier run had left under way
    writer.fund(signed.quote, signed.signature, secrets.token_bytes(32), signed.terms, signed.grants())


def _require_pinned_terms(site: Site, signed: SignedQuote) -> None:
    """Raises InvalidOrder where the terms in a quote, which its signature does not cover, are not those it pins."""
    for source, terms in zip(signed.quote.sources, signed.terms, strict=True):
        stored = site.reader.licence_of(source.work_id, source.terms_version)
        if hash_in(stored) == licence_hash(source.split_root, terms.to_words()):
            continue
        text = "The terms in the quote are not those that were published."
        raise InvalidOrder(text, "Do not pay; ask the operator for a new quote.")


def _job(site: Site, signed: SignedQuote, identifier: bytes, on_step: OnStep, on_bar: OnBar) -> OrderJob:
    """The job of an order that this operator can finish: nobody shall pay for one that it cannot.

    Raises InvalidInput with another operator's key, NotFound with another operator's home.
    """
    operator = signer(site.settings, "operator_key_file")
    mine = site.operator_of(operator)
    if mine.lower() != signed.quote.operator.lower():
        text = f"The quote is of the operator {signed.quote.operator}; the operator's key is of {mine}."
        raise InvalidInput(text, "Use the key that the quote was made with.")
    folder = OrderFolder(site.settings.home, identifier)
    for name in ("quote.json", "secret"):
        folder.read(name)
    return OrderJob(site.workshop(operator), folder, on_step, on_bar)


@contextmanager
def _progress() -> Iterator[tuple[OnStep, OnBar]]:
    """A bar on standard error, where that is a terminal, that shows the job's steps, and vanishes."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    unseen = not output.aside.is_terminal
    with Progress(*columns, console=output.aside, transient=True, disable=unseen) as progress:
        task = progress.add_task("pay", total=len(STEPS))

        def on_step(step: str) -> None:
            progress.update(task, description=step, completed=STEPS.index(step))

        def on_bar(bar: int, bars: int) -> None:
            progress.update(task, description=f"generate bar {bar} of {bars}")

        yield on_step, on_bar
