"""Where each cheat begins: one order, paid on a real chain, generated honestly, and not yet committed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from contrafact.audit import Report
from contrafact.domain import events, seeds
from contrafact.domain.digests import cid
from contrafact.domain.generation import Generation, GenerationRequest, SourceInput
from contrafact.domain.licence_text import licence_text
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.ledger.signing import sign_commit
from contrafact.order.attempt import Attempt
from contrafact.order.drafting import draft_record
from contrafact.order.folder import OrderFolder
from contrafact.order.job import MAX_ATTEMPTS, OrderJob
from contrafact.order.licensing import licence_of
from contrafact.order.verification import VerifiedOrder, verify
from contrafact.ports import ContentStore, Rendered
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from ..town import Town, operator

SECONDS = 8


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an operator says a generation was: the record, and every file that it names."""

    record: AttributionRecord
    files: tuple[bytes, ...]

    def saying(self, **changes: object) -> Delivery:
        """The same files under a record that says something else."""
        return replace(self, record=replace(self.record, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Stage:
    """A paid order, and two attempts at it that keep its bounds; the honest operator delivers the first."""

    town: Town
    site: Site
    order: VerifiedOrder
    secret: bytes
    attempts: tuple[Attempt, Attempt]
    honest: Delivery

    @property
    def order_id(self) -> bytes:
        return self.order.funded.order_id

    @property
    def quote(self) -> Quote:
        return self.order.signed.quote

    def site_in(self, folder: Path) -> Site:
        """An installation with a copy of the content store of its own, to tamper with."""
        shutil.copytree(Path(self.site.settings.store.removeprefix("folder:")), folder / "store")
        return self.like(folder, store=f"folder:{folder / 'store'}")

    def like(self, folder: Path, **settings: object) -> Site:
        """An installation with other settings; the model and the sound font are loaded once for all of them."""
        site = self.town.site(home=folder / "operator", **settings)
        site.generator, site.renderer = self.site.generator, self.site.renderer
        return site

    def run_honestly(self) -> AttributionRecord:
        """The order job to its end, payout and delivery included."""
        job = OrderJob.of(self.site.workshop(operator()), self.order_id, lambda step: None, lambda bar, bars: None)
        return job.run().record

    def prepare(self, attempt: Attempt, secret: bytes | None = None, rendered: Rendered | None = None) -> Delivery:
        """Events, sound and record of an attempt, all of them consistent with one another."""
        made = attempt.generation
        sound = rendered or self.site.renderer.render(made.events, self.order.signed.music)
        identity, domain = (self.site.generator.identity, self.site.renderer.identity), self.site.reader.domain
        known = InTheKnow(self.site.store, {cid(one.digest()): one.to_bytes() for one in self.order.metadata})
        licence = licence_text(licence_of(self.order.funded, self.order.signed.terms, self.site.reader, known))  # type: ignore[arg-type]
        record = draft_record(self.order, secret or self.secret, attempt.number, made, sound, identity, domain, licence)
        return Delivery(record, (events.to_bytes(made.events), sound.midi, sound.mix, *sound.stems, licence))

    def attempts_within_bounds(
        self, secret: bytes | None = None, salt: bytes | None = None, sources: tuple[SourceInput, ...] = ()
    ) -> Iterator[Attempt]:
        """Attempts within the order's bounds, made with the given secret, salt or sources instead of its own."""
        order, key = self.order, secret or self.secret
        for number in count():
            assert number < 4 * MAX_ATTEMPTS, "the model keeps the bounds too seldom to test with"
            seed = seeds.seed(self.order_id, salt or order.funded.maker_salt, key, number)
            request = GenerationRequest(sources or order.sources, order.signed.music, seed, self.quote.max_base_share)
            generation = self.site.generator.generate(request)
            if self.quote.keeps_bounds(*events.shares(generation.events)):
                yield Attempt(number, generation)

    def retold(self, generation: Generation) -> Delivery:
        """The delivery of other events than those generated; shares, sound and record all follow from the new ones."""
        return self.prepare(replace(self.attempts[0], generation=generation))


@dataclass(frozen=True, slots=True)
class InTheKnow:
    """A content store as read by an accomplice, who has documents that nobody published."""

    store: ContentStore
    unpublished: dict[str, bytes]

    def get(self, cid: str) -> bytes:
        return self.unpublished.get(cid) or self.store.get(cid)


@dataclass(frozen=True, slots=True)
class Scene:
    """One cheat's own chain (undone afterwards) and its own copy of the store."""

    stage: Stage
    site: Site

    def settle(self, delivery: Delivery, commit: Commit | None = None) -> Report:
        """Publishes the files and the record, commits on the chain as the operator, and audits."""
        self.deliver(delivery, commit)
        return audit_site(self.site)

    def deliver(self, delivery: Delivery, commit: Commit | None = None) -> None:
        """The same without the audit."""
        for data in (*delivery.files, delivery.record.to_bytes()):
            self.site.store.put(data)
        self.commit(commit or self.commit_to(delivery.record))

    def commit(self, commit: Commit) -> None:
        """Commits as the operator, to whichever order the commit is about."""
        (funded,) = self.site.reader.funded(commit.order_id)
        signature = sign_commit(operator(), commit, self.site.reader.domain)
        self.site.writer(operator()).commit(funded.quote, funded.maker_salt, commit, signature)

    def commit_to(self, record: AttributionRecord) -> Commit:
        """The commit that settles this order by `record`; with honest shares where it refuses the record's."""
        commit = replace(record.commit(), order_id=self.stage.order_id, duration=self.stage.quote.duration)
        honest = self.stage.honest.record.commit()
        fits = len(commit.shares) == len(honest.shares) and self.stage.quote.keeps_bounds(
            commit.base_share, commit.shares
        )
        return commit if fits else replace(commit, base_share=honest.base_share, shares=honest.shares)


def with_copied_store(town: Town, folder: Path) -> Site:
    """An installation whose store is a copy of the town's, so that no lie gets into the town's own."""
    shutil.copytree(Path(town.settings.store.removeprefix("folder:")), folder / "store")
    return town.site(home=folder / "operator", store=f"folder:{folder / 'store'}")


def set_up(town: Town, site: Site) -> Stage:
    """Quotes and funds an order on the site's contracts, and generates it."""
    order_id = town.funded(site, SECONDS)
    kept = OrderFolder(site.settings.home, order_id)
    signed = SignedQuote.from_bytes(kept.read("quote.json"))
    order = verify(signed, order_id, site.reader, site.store, site.derive)
    return generated(Stage(town, site, order, kept.read("secret"), (), ()))  # type: ignore[arg-type]


def generated(bare: Stage) -> Stage:
    """The stage with its two attempts, and what the honest operator would deliver."""
    first, second = islice(bare.attempts_within_bounds(), 2)
    return replace(bare, attempts=(first, second), honest=bare.prepare(first))


def file_of(site: Site, digest: bytes) -> Path:
    """Where the folder store keeps the content of `digest`."""
    name, root = cid(digest), Path(site.settings.store.removeprefix("folder:"))
    (found,) = root.rglob(name)
    return found
