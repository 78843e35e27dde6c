"""The acts of the demo, without a word on the terminal: deploy, fill the catalogue, order, refuse, run, audit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contrafact import registration
from contrafact.demo import world
from contrafact.demo.pool import SharedOut, share_out
from contrafact.domain.collections import Collection
from contrafact.domain.digests import sha256
from contrafact.domain.generation import MusicRequest
from contrafact.domain.instruments import BAND
from contrafact.domain.orders import Source, order_id
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, Use
from contrafact.errors import ContrafactError, NotPermitted
from contrafact.ledger import roles
from contrafact.ledger.deployment import deploy
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.signing import sign_quote
from contrafact.ledger.writer import Writer
from contrafact.music.pack import load_pack
from contrafact.music.score import Metre
from contrafact.order.job import Finished, OnBar, OnStep, OrderJob
from contrafact.order.quoting import OrderRequest
from contrafact.wiring import Site, collecting
from contrafact.wiring.access import open_connection

WEIGHTS = (500_000, 300_000, 200_000)
SECONDS = 30
BASE_RATE = 20 * world.CENT
JIG = Metre(6, 8)
PURSE = 100 * 100 * world.CENT
BOND = 20 * 100 * world.CENT


@dataclass(frozen=True, slots=True)
class Listed:
    """A work of the demo's catalogue, registered."""

    work_id: bytes
    entry: world.Entry


class Stage:
    """One run of the demo on one chain."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.maker = world.account(world.MAKER)
        self.operator = world.account(world.OPERATOR)

    @cached_property
    def entries(self) -> list[world.Entry]:
        return world.catalogue(load_pack())

    def deploy(self) -> Deployment:
        """Deploys the contracts, gives maker and operator some test dollars, and lets the operator deposit a bond."""
        settings = self.site.settings
        account = world.account(world.DEPLOYER)
        connection, who = open_connection(settings), account.address
        made = deploy(connection, account, settings.deployment)
        roles.set_up(connection, made, account, admin=who, arbiter=who, guardian=who)
        for purse in (self.maker, self.operator):
            self.site.writer(account).mint_dollars(purse.address, PURSE)
        self.site.writer(self.operator).deposit_bond(self.site.token(), BOND)
        return made

    def register(self, on_work: Callable[[int, int], None]) -> list[Listed]:
        """Every licensor registers its works and sets their terms; the last work is then opted out."""
        listed = []
        for number, entry in enumerate(self.entries, start=1):
            listed.append(Listed(self._register(entry), entry))
            on_work(number, len(self.entries))
        last = listed[-1]
        self._writer(last).set_terms(last.work_id, last.entry.split.root, Terms.opted_out())
        return listed

    def anchor_collections(self) -> list[Collection]:
        """Each steward anchors the training works of one collection: to train from, not to condition pieces with."""
        return [self._anchor(steward) for steward in world.STEWARDS]

    def register_model(self) -> int:
        """The operator registers the packaged model, with what it learnt from. Returns how many works those are."""
        manifest = self.site.packaged_manifest(self.operator.address)
        metadata, rates = self.site.packaged_model(manifest, PoolRule()), {self.site.token(): BASE_RATE}
        writer = self.site.writer(self.operator)
        registration.register_model(metadata, manifest, rates, self.site.store, writer)
        return metadata.training_works

    def refused_model(self) -> str:
        """What the operator is told who registers the model before anybody consented.

        Raises ContrafactError if it lets it pass.
        """
        try:
            self.site.packaged_manifest(self.operator.address)
        except NotPermitted as refusal:
            return refusal.message
        raise ContrafactError("A model was about to be registered without consent.")

    def choose(self, listed: list[Listed]) -> list[Listed]:
        """Three works of different licensors in one metre and mode whose terms permit the order; jigs if there are."""
        for first in sorted(listed, key=lambda work: work.entry.tune.score.metre != JIG):
            same = [work for work in listed if _form(work) == _form(first) and _fits(work)]
            by_licensor = {work.entry.licensor.name: work for work in reversed(same)}
            if len(by_licensor) >= len(WEIGHTS):
                return list(by_licensor.values())[: len(WEIGHTS)]
        raise ContrafactError("The demo's catalogue has no three works that fit together.")

    def quote(self, chosen: list[Listed], weights: Sequence[int] = WEIGHTS) -> SignedQuote:
        """The operator's offer for a private piece of 30 seconds, in key, metre and tempo of the first work."""
        score = chosen[0].entry.tune.score
        metre = (score.metre.beats, score.metre.unit)
        music = MusicRequest(SECONDS, score.tempo, score.key.tonic, score.key.mode, metre, BAND)
        choices = tuple(zip((work.work_id for work in chosen), weights, strict=True))
        request = OrderRequest(self.maker.address, choices, Use.PRIVATE, music, self.site.token())
        return self.site.quoting(self.operator).offer(request)

    def fund(self, signed: SignedQuote) -> bytes:
        """The maker pays the escrow in. Returns the order's id."""
        maker = self.site.writer(self.maker)
        maker.fund(signed.quote, signed.signature, secrets.token_bytes(32), signed.terms, signed.grants())
        return order_id(signed.quote, self.site.reader.domain)

    def refusals(self, signed: SignedQuote, opted_out: Listed) -> tuple[str, str]:
        """What happens to an order with an opted-out work: refused by the operator's desk, and by the contract itself.

        Raises ContrafactError if either lets it pass.
        """
        return self._refusal_of_desk(opted_out), self._refusal_of_contract(signed, opted_out)

    def run(self, identifier: bytes, on_step: OnStep, on_bar: OnBar) -> Finished:
        """The operator runs the order to its end."""
        return OrderJob.of(self.site.workshop(self.operator), identifier, on_step, on_bar).run()

    def share_pool(self, model_id: bytes) -> SharedOut:
        """The operator closes an epoch of the model's training pool, and all holders are paid."""
        return share_out(self.site, model_id, self.operator, self.maker)

    def _register(self, entry: world.Entry) -> bytes:
        tune, site = entry.tune, self.site
        licensor = world.account(entry.licensor.account)
        people = [world.account(holder.account) for holder in world.HOLDERS]
        confirmed = site.confirmations(site.reader.work_id_of(licensor.address, sha256(tune.file)), entry.split, people)
        names = (tune.title, tune.id, tune.collection, tune.credits, tune.media_type)
        draft = registration.Draft(*names, entry.split, world.NOTE, confirmed)
        writer = site.writer(licensor)
        work_id = registration.register(draft, tune.file, site.derive, site.store, writer)
        writer.set_terms(work_id, entry.split.root, world.terms(entry.licensor, site.token()))
        return work_id

    def _anchor(self, steward: world.Steward) -> Collection:
        account = world.account(steward.account)
        split = Split.of([(account.address, PPM)])
        collection = collecting.from_pack(steward.collection, split, world.TO_TRAIN, world.NOTE)
        registration.anchor(collection, self.site.store, self.site.writer(account))
        return collection

    def _writer(self, listed: Listed) -> Writer:
        return self.site.writer(world.account(listed.entry.licensor.account))

    def _refusal_of_desk(self, opted_out: Listed) -> str:
        try:
            self.quote([opted_out], [1_000_000])
        except NotPermitted as refusal:
            return refusal.message
        raise ContrafactError("The operator's desk offered an opted-out work.")

    def _refusal_of_contract(self, signed: SignedQuote, opted_out: Listed) -> str:
        """A dishonest operator signs an offer for the work all the same, under its earlier terms."""
        history = [v for v in self.site.reader.terms_history() if v.work_id == opted_out.work_id]
        version, split = history[-1], opted_out.entry.split
        source = Source(opted_out.work_id, version.version, split.root, 1_000_000, 0, 0)
        quote = replace(signed.quote, sources=(source,), nonce=signed.quote.nonce ^ 1)
        signature = sign_quote(self.operator, quote, self.site.reader.domain)
        try:
            self.site.writer(self.maker).fund(quote, signature, bytes(32), [version.terms])
        except NotPermitted as refusal:
            return refusal.message
        raise ContrafactError("The contract took an order with an opted-out work.")


def _form(listed: Listed) -> tuple[object, ...]:
    score = listed.entry.tune.score
    return score.metre, score.key.mode


def _fits(listed: Listed) -> bool:
    holder = listed.entry.licensor
    return Use.PRIVATE in holder.uses and holder.combinable and holder.max_weight >= max(WEIGHTS)
