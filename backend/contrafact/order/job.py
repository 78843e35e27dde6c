"""The order job: verify → generate → render → record → commit → pay out → deliver.

Each step is keyed by the order and safe to repeat: what it makes is a file of the order's folder, written
once, or a fact of the chain, looked up before it is made. A job that was killed anywhere is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from contrafact.domain import events, seeds
from contrafact.domain.digests import to_hex
from contrafact.domain.generation import Generation, GenerationRequest
from contrafact.domain.licence_text import licence_text
from contrafact.domain.orders import Commit, Eip712Domain
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.domain.terms import Use
from contrafact.errors import BoundsNotKept, ChainError, OrderClosed, Payment
from contrafact.order import certifying, delivery, payouts, privacy
from contrafact.order.attempt import Attempt
from contrafact.order.drafting import draft_record
from contrafact.order.folder import OrderFolder
from contrafact.order.licensing import licence_of
from contrafact.order.live.book import LiveBook
from contrafact.order.live.concluding import concluded
from contrafact.order.payouts import Waiting
from contrafact.order.rendering import rendered_once
from contrafact.order.verification import SourceFormReader, VerifiedOrder, verify
from contrafact.ports import (
    Certifying,
    ContentStore,
    Generator,
    LedgerReader,
    LedgerWriter,
    OrderStatus,
    Rendered,
    Renderer,
    Sealing,
)

MAX_ATTEMPTS = 16
GAS_OF_AN_ORDER = 1_000_000
"""Enough to commit, to confirm ten holders and to pay them out; see contracts/gas.json."""
FEW_ORDERS = 10
"""An operator whose coin pays the gas of fewer is short of it."""
STEPS = ("verify", "generate", "render", "record", "commit", "pay out", "deliver")

OnStep = Callable[[str], None]
OnBar = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What an operator runs orders with. `sign` signs a commit with the operator's key; `sealing` encrypts pieces.

    `certifying` puts the operator's certificate into the maker's files. `paying` is held by whoever pays holders.
    """

    reader: LedgerReader
    writer: LedgerWriter
    sign: Callable[[Commit, Eip712Domain], bytes]
    store: ContentStore
    generator: Generator
    renderer: Renderer
    derive: SourceFormReader
    home: Path
    sealing: Sealing | None = None
    certifying: Certifying | None = None
    paying: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Finished:
    """An order at its end: the record of its piece, and the money that could not be sent to its holders yet."""

    record: AttributionRecord
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class OrderJob:
    """Runs one funded order to its end. Raises what the steps raise; running it again resumes."""

    workshop: Workshop
    folder: OrderFolder
    on_step: OnStep = lambda step: None
    on_bar: OnBar = lambda bar, bars: None

    @classmethod
    def of(cls, workshop: Workshop, order_id: bytes, on_step: OnStep, on_bar: OnBar) -> OrderJob:
        return cls(workshop, OrderFolder(workshop.home, order_id), on_step, on_bar)

    def run(self) -> Finished:
        """The whole way of a funded order."""
        order = self._verify()
        attempt = self._generate(order)
        rendered = self._render(order, attempt.generation)
        record = self._record(order, attempt, rendered)
        self._commit(order, record)
        waiting = self._pay_out(order)
        self._deliver(order, record)
        return Finished(record, waiting)

    def _verify(self) -> VerifiedOrder:
        self.on_step("verify")
        signed = SignedQuote.from_bytes(self.folder.read("quote.json"))
        shop = self.workshop
        return verify(signed, self.folder.order_id, shop.reader, shop.store, shop.derive)

    def _generate(self, order: VerifiedOrder) -> Attempt:
        self.on_step("generate")
        kept = self._attempt(order)
        if kept.maker_salt in (b"", order.funded.maker_salt):
            return kept
        self.folder.set_aside()  # a reorganisation took the payment back, and it was paid anew: another seed
        return self._attempt(order)

    def _attempt(self, order: VerifiedOrder) -> Attempt:
        make = self._played if order.signed.quote.use is Use.LIVE else self._first_within
        return Attempt.from_bytes(self.folder.once("attempt.json", lambda: make(order).to_bytes()))

    def _played(self, order: VerifiedOrder) -> Attempt:
        """A live piece is made while its maker listens, not here. Raises Busy before it is over."""
        shop, book = self.workshop, LiveBook(self.folder)
        return concluded(order, book, shop.generator, shop.reader.timestamp(), self.on_bar)

    def _first_within(self, order: VerifiedOrder) -> Attempt:
        """The first attempt whose shares keep the order's bounds; the attempt's number is part of its seed."""
        quote, secret = order.signed.quote, self.folder.read("secret")
        for number in range(MAX_ATTEMPTS):
            seed = seeds.seed(order.funded.order_id, order.funded.maker_salt, secret, number)
            request = GenerationRequest(order.sources, order.signed.music, seed, quote.max_base_share)
            generation = self.workshop.generator.generate(request, self.on_bar)
            if quote.keeps_bounds(*events.shares(generation.events)):
                return Attempt(number, generation, order.funded.maker_salt)
        text = f"None of {MAX_ATTEMPTS} attempts kept the shares that order {to_hex(order.funded.order_id)} demands."
        raise BoundsNotKept(text, "The maker is refunded after the deadline; quote again with wider bounds.")

    def _render(self, order: VerifiedOrder, generation: Generation) -> Rendered:
        self.on_step("render")
        render, music = self.workshop.renderer.render, order.signed.music
        return rendered_once(self.folder, lambda: render(generation.events, music))

    def _record(self, order: VerifiedOrder, attempt: Attempt, rendered: Rendered) -> AttributionRecord:
        self.on_step("record")
        shop, generation = self.workshop, attempt.generation
        secret, domain = self.folder.read("secret"), shop.reader.domain
        identities = shop.generator.identity, shop.renderer.identity
        licence = licence_text(licence_of(order.funded, order.signed.terms, shop.reader, shop.store))
        notes, sound = (events.to_bytes(generation.events), rendered.midi, licence), (rendered.mix, *rendered.stems)
        protection, evidence = privacy.published(self.folder, shop.sealing, order.metadata, notes, sound)
        made = (generation, rendered, identities, domain, licence, protection)
        record = draft_record(order, secret, attempt.number, *made)
        for data in (*evidence, record.to_bytes()):
            shop.store.put(data)
        return record

    def _commit(self, order: VerifiedOrder, record: AttributionRecord) -> None:
        """Settles on the chain, unless it already did; another record for the same order is an error."""
        self.on_step("commit")
        shop, commit, order_id = self.workshop, record.commit(), self.folder.order_id
        status = require_paid(order_id, shop.reader)
        if status is OrderStatus.FUNDED:
            self._send_commit(order, commit)
        elif status is OrderStatus.REFUNDED:
            raise OrderClosed(f"Order {to_hex(order_id)} was refunded.", "Its deadline passed; quote again.")
        settled = shop.reader.committed(order_id)
        if not settled:
            text = f"The commit of order {to_hex(order_id)} was taken back by a reorganisation."
            raise ChainError(text, "Run the order again: it is sent again.")
        if [event.commit for event in settled] != [commit]:
            raise OrderClosed(f"Order {to_hex(order_id)} is committed with another record.", "Audit this order.")

    def _send_commit(self, order: VerifiedOrder, commit: Commit) -> None:
        """Sends the commit. One that fails because another already settled the order is as good as sent.

        That other may be this job's earlier run, whose transaction was still on its way, or a second process.
        """
        shop = self.workshop
        signature = shop.sign(commit, shop.reader.domain)
        try:
            shop.writer.commit(order.signed.quote, order.funded.maker_salt, commit, signature)
        except ChainError:
            if require_paid(self.folder.order_id, shop.reader) is not OrderStatus.COMMITTED:
                raise

    def _pay_out(self, order: VerifiedOrder) -> tuple[Waiting, ...]:
        self.on_step("pay out")
        shop = self.workshop
        return payouts.pay_out(payouts.payables(order), shop.reader, shop.writer, shop.paying)

    def _deliver(self, order: VerifiedOrder, record: AttributionRecord) -> None:
        self.on_step("deliver")
        titles = [metadata.title for metadata in order.metadata[: len(order.sources)]]
        privacy.hand_over(self.folder)
        certifying.remember(self.folder, certifying.claims_of(record, order.signed.quote, titles))
        delivery.deliver(self.folder, record, titles, self.workshop.store, self.workshop.certifying)


def require_paid(order_id: bytes, reader: LedgerReader) -> OrderStatus:
    """How a paid order stands. Raises Payment for one that is not paid: it may have been, on a chain that was."""
    status = reader.order_status(order_id)
    if status is OrderStatus.NONE:
        text = f"Order {to_hex(order_id)} is not paid on this chain."
        raise Payment(
            text, "A reorganisation may have taken the payment back; it comes again, or its maker pays again."
        )
    return status
