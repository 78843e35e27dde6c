"""An honest history: many orders of several makers, in two tokens, and all that happens around them.

The pieces of some are the real generator's; those of the others are recordings of a model that is elsewhere. Works'
terms and splits change between the orders; some orders are refunded, raised, or earn later; holders claim and are paid
out; a bond is taken out; a contest holds money and is withdrawn; a lost holder is replaced; epochs of both models'
pools are closed and claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

from contrafact import registration
from contrafact.consent import read_manifest
from contrafact.demo import world
from contrafact.domain import seeds
from contrafact.domain.digests import sha256
from contrafact.domain.history import Claim, Funded, RoyaltyAccount
from contrafact.domain.licence_facts import Licence, licensed_works
from contrafact.domain.licence_text import licence_text
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.orders import Quote, Source, order_id
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.prices import Use
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.settlement import downstream, raised
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms
from contrafact.domain.works import WorkMetadata
from contrafact.errors import Payment
from contrafact.ledger.calls import Calls
from contrafact.ledger.calls.orders import Finished, Offer
from contrafact.ledger.construction import MIN_CONTEST_BOND
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.ledger.signing import sign_commit, sign_quote
from contrafact.pooling import EpochCloser, Sharing, claimable
from contrafact.wiring import Site
from contrafact.wiring.pools import sharing
from tests.e2e.tampering.stage import file_of
from tests.e2e.town import DOLLAR, Town, operator

from . import pieces
from .bulk import Sent, send_all
from .crooked import mine, pass_until
from .founding import BASE_RATE, split_of, terms_of
from .orders import claim_in

MAKERS = tuple(world.account(i) for i in (2, 16, 17, 18))
LICENSORS = tuple(world.account(3 + i) for i in range(3))
FEE = 5_000
HOUR = 3_600


@dataclass(frozen=True)
class Order:
    """A quote with what funds it, and its secret."""

    signed: SignedQuote
    secret: bytes
    salt: bytes
    order_id: bytes

    @property
    def quote(self) -> Quote:
        return self.signed.quote


@dataclass
class Historian:
    """Makes the history of a town, the same each time."""

    town: Town
    site: Site
    lot: Random = field(default_factory=lambda: Random("an honest history"))
    nonce: int = 0

    def __post_init__(self) -> None:
        self.calls = Calls(Contracts(self.site.connection, self.site.deployment))
        self.tokens = (self.site.token(), NATIVE)
        works = {work.work_id: work for work in self.site.reader.works()}
        self.metadata = {
            work_id: WorkMetadata.from_bytes(file_of(self.site, works[work_id].metadata).read_bytes())
            for work_id in self.town.works
        }
        self.forms = {work: file_of(self.site, works[work].source_form).read_bytes() for work in self.town.works}
        self.terms = {work: terms_of(i, self.tokens[0]) for i, work in enumerate(self.town.works)}
        self.versions = dict.fromkeys(self.town.works, 2)
        self.splits = {work: split_of(i) for i, work in enumerate(self.town.works)}
        self.accounts: dict[Claim, None] = {}
        self.models = self._models()
        self.names = {model.model_id: self._model_name(model) for model in self.models}
        self.documents = {metadata.digest(): metadata for metadata in self.metadata.values()}
        self.decimals = {token: self.site.reader.currency(token).decimals for token in self.tokens}
        self._fill_purses()

    # Before the first order

    def _models(self) -> tuple[Model, Model]:
        """The packaged model, and one that is elsewhere."""
        site = self.site
        (here,) = site.reader.models()
        manifest = read_manifest(here, site.store)
        digests = (pieces.WEIGHTS, pieces.GENERATOR, manifest.root, manifest.digest())
        metadata = ModelMetadata("elsewhere", *digests, len(manifest.leaves), PoolRule())
        rates = dict.fromkeys(self.tokens, BASE_RATE)
        registration.register_model(metadata, manifest, rates, site.store, site.writer(operator()))
        by_weights = {model.weights: model for model in site.reader.models()}
        return here, by_weights[pieces.WEIGHTS]

    def _model_name(self, model: Model) -> str:
        return ModelMetadata.from_bytes(file_of(self.site, model.metadata).read_bytes()).name

    def _fill_purses(self) -> None:
        dollar = self.site.connection.contract("TestDollar", self.tokens[0])
        for maker in MAKERS:
            self.site.writer(maker).mint_dollars(maker.address, 100_000 * DOLLAR)
            self.site.connection.send(dollar.functions.approve(self.site.deployment.escrow, 2**255), maker)
        for token in self.tokens:
            self.site.writer(operator()).deposit_bond(token, 1_000 * DOLLAR)

    # Orders

    def chapter(self, real: int, recorded: int, undelivered: int = 0) -> list[Finished]:
        """Orders that are funded, then delivered or not. What is not, is refunded after its deadline."""
        orders = [self._order(0, pieces.SECONDS) for _ in range(real)]
        orders += [self._order(1, pieces.RECORDED_SECONDS) for _ in range(recorded + undelivered)]
        send_all(self.site, [self._fund(order) for order in orders])
        self.facts = self.site.reader.split_history(), self.site.reader.licensor_changes()
        delivered, left = orders[: real + recorded], orders[real + recorded :]
        finished = [self._delivered(order, self._funded(order)) for order in delivered]
        send_all(self.site, [self._commit(one) for one in finished])
        self._refund(left)
        return finished

    def _order(self, model: int, seconds: int) -> Order:
        self.nonce += 1
        maker, token = self.lot.choice(MAKERS), self.lot.choice(self.tokens)
        score = self.town.tunes[0].score
        metre = (score.metre.beats, score.metre.unit)
        music = pieces.music_of(score.tempo, score.key.tonic, score.key.mode, metre, seconds)
        secret, salt = self.lot.randbytes(32), self.lot.randbytes(32)
        sources = self._sources(token)
        now = self.site.reader.timestamp()
        quote = Quote(
            maker=maker.address,
            operator=operator().address,
            model_id=self.models[model].model_id,
            pool_root=self.models[model].pool_split_root,
            token=token,
            use=Use.PRIVATE,
            duration=seconds,
            request_digest=music.digest(),
            seed_commitment=seeds.commitment(secret),
            base_rate=BASE_RATE,
            operator_fee=FEE,
            max_base_share=1_000_000,
            valid_until=now + HOUR,
            deadline=now + 3 * HOUR,
            nonce=self.nonce,
            sources=sources,
        )
        terms = tuple(self.terms[source.work_id] for source in sources)
        signature = sign_quote(operator(), quote, self.site.reader.domain)
        signed = SignedQuote(quote, signature, terms, music)
        return Order(signed, secret, salt, order_id(quote, self.site.reader.domain))

    def _sources(self, token: str) -> tuple[Source, ...]:
        works = sorted(self.lot.sample(self.town.works, self.lot.randrange(1, 4)))
        weights = [1_000_000 // len(works)] * len(works)
        weights[0] += 1_000_000 - sum(weights)
        return tuple(self._source(work, weight, token) for work, weight in zip(works, weights, strict=True))

    def _source(self, work: bytes, weight: int, token: str) -> Source:
        terms = self.terms[work]
        price = terms.price(Use.PRIVATE, token)
        return Source(work, self.versions[work], self.splits[work].root, weight, 0, price, terms.downstream)

    def _fund(self, order: Order) -> Sent:
        signed = order.signed
        call = self.calls.orders.fund(Offer(signed.quote, signed.signature, order.salt, signed.terms))
        return order.quote.maker, call

    def _funded(self, order: Order) -> Funded:
        return Funded(order.order_id, order.quote, order.salt, order.quote.escrow, 0, "")

    def _delivered(self, order: Order, funded: Funded) -> Finished:
        """The piece is made and published."""
        known = pieces.verified(order.signed, funded, self.forms, self.metadata)
        make = pieces.generated if order.quote.duration == pieces.SECONDS else pieces.recorded
        piece = make(self.site, known, order.secret, self._licence(order))
        for data in (*piece.files, piece.record.to_bytes()):
            self.site.store.put(data)
        for source in order.quote.sources:
            split = self.splits[source.work_id]
            for place in range(len(split.leaves)):
                self.accounts[claim_in(split, place, source.work_id, order.quote.token)] = None
        return Finished(order.quote, order.salt, piece.record.commit(), Use.PRIVATE)

    def _licence(self, order: Order) -> bytes:
        """The licence text that goes with the piece. No work changes its licensor here, so no block is named."""
        quote, domain = order.quote, self.site.reader.domain
        facts = (*self.facts, None)
        works = licensed_works(quote, order.signed.terms, *facts, lambda digest: self.documents[digest])
        name = self.names[quote.model_id]
        return licence_text(Licence(domain, order.order_id, quote, quote.use, works, name, self.decimals[quote.token]))

    def _commit(self, order: Finished) -> Sent:
        signature = sign_commit(operator(), order.commit, self.site.reader.domain)
        return operator().address, self.calls.orders.commit(order.quote, order.maker_salt, order.commit, signature)

    def _refund(self, orders: Sequence[Order]) -> None:
        if orders:
            self.later(4 * HOUR)
            send_all(self.site, [(MAKERS[0].address, self.calls.orders.refund(self._funded(one))) for one in orders])

    def later(self, seconds: int) -> None:
        pass_until(self.site, self.site.reader.timestamp() + seconds)
        mine(self.site)

    # What follows an order

    def raise_uses(self, orders: Sequence[Finished]) -> list[Finished]:
        """To commercial use, by the pinned terms."""
        sent = []
        for order in orders:
            terms = self._pinned(order)
            prices = [one.price(Use.COMMERCIAL, order.quote.token) for one in terms]
            cost = sum(raised(order.quote.rates, prices, order.commit.duration, order.commit.shares))
            call = self.calls.orders.raise_use(order, Use.COMMERCIAL, terms, cost)
            sent.append((order.quote.maker, call))
        send_all(self.site, sent)
        return [replace(order, use=Use.COMMERCIAL) for order in orders]

    def _pinned(self, order: Finished) -> list[Terms]:
        """Prices of a chapter's orders are those of its works now: they change between chapters."""
        return [self.terms[source.work_id] for source in order.quote.sources]

    def pay_later(self, orders: Sequence[Finished]) -> None:
        """Revenue comes in, by the maker or by somebody else."""
        sent = []
        for order in orders:
            amount = self.lot.randrange(1, 10**7)
            percentages = [source.downstream for source in order.quote.sources]
            parts = downstream(amount, order.commit.shares, percentages)
            payer = self.lot.choice(MAKERS).address
            cost = amount - parts.maker if payer == order.quote.maker else amount
            sent.append((payer, self.calls.orders.pay_downstream(order, amount, cost)))
        send_all(self.site, sent)

    # Licensors and holders

    def change_terms(self) -> None:
        """Everybody sets other prices; the first work's licensor shares otherwise, too."""
        for i, work in enumerate(self.town.works):
            price = self.lot.randrange(100_000, 400_000)
            self.terms[work] = terms_of(i, self.tokens[0], price)
            self.versions[work], _ = self.site.writer(LICENSORS[i]).set_terms(
                work, self.splits[work].root, self.terms[work]
            )

    def change_split(self) -> None:
        """The first work's licensor takes a third holder in."""
        work = self.town.works[0]
        people = [world.account(i).address for i in (3, 10, 13)]
        split = Split.of(list(zip(people, (500_000, 300_000, 200_000), strict=True)))
        metadata = replace(self.metadata[work], split=split, confirmations={})
        self.site.store.put(metadata.to_bytes())
        self.documents[metadata.digest()] = metadata
        self.splits[work], self.metadata[work] = split, metadata
        writer = self.site.writer(LICENSORS[0])
        self.versions[work], _ = writer.change_split(work, metadata, self.terms[work])

    def claim_and_pay_out(self) -> None:
        """Every other holder claims, which confirms its place; the others are paid out where they have done so."""
        claims = [claim for claim in self.accounts if self.site.reader.claimable(claim)]
        mine_ = [claim for claim in claims if claim.leaf.index == 0 or self.lot.randrange(2)]
        send_all(self.site, [(claim.leaf.holder, self.calls.royalties.claim(claim)) for claim in mine_])
        for start in range(0, len(claims), 20):
            send_all(self.site, [(MAKERS[1].address, self.calls.royalties.payout(claims[start : start + 20]))])

    def contest(self) -> None:
        """Somebody contests the third work, and has what comes in from now on held."""
        disputes, claimant, work = self.calls.disputes, MAKERS[3], self.town.works[2]
        dollar = self.site.connection.contract("TestDollar", self.tokens[0])
        desk = self.site.deployment.contracts["DisputeDesk"]
        self.site.connection.send(dollar.functions.approve(desk, 2**255), claimant)
        contest = disputes.contest(work, sha256(b"split"), sha256(b"evidence"), MIN_CONTEST_BOND)
        hold = disputes.hold(1, RoyaltyAccount(work, self.splits[work].root, self.tokens[0]), 10**5)
        send_all(self.site, [(claimant.address, contest), (claimant.address, hold)])

    def withdraw_contest(self) -> None:
        """The claimant thinks better of it."""
        assert self.site.reader.held_moved() == []
        send_all(self.site, [(MAKERS[3].address, self.calls.disputes.withdraw_contest(1))])

    def recover_holder(self) -> None:
        """The second holder of work 1 is lost; its guardian, after the time that it must wait, has a place paid to its
        heir.
        """
        claim = next(c for c in self.accounts if (c.beneficiary, c.leaf.index) == (self.town.works[1], 1))
        lost, guardian, heir = world.account(11), MAKERS[2], MAKERS[3].address
        recovery = self.site.connection.contract("HolderRecovery", self.site.deployment.contracts["HolderRecovery"])
        send = self.site.connection.send
        send(recovery.functions.setGuardian(guardian.address), lost)
        send(recovery.functions.startRecovery(lost.address, heir), guardian)
        self.later(30 * 24 * HOUR)
        send(recovery.functions.recover(claim.to_abi()), guardian)

    def take_bond_out(self) -> None:
        """A part of the operator's bond, after the time that it must wait."""
        writer = self.site.writer(operator())
        writer.request_withdrawal(self.tokens[0], 50 * DOLLAR)
        self.later(22 * 24 * HOUR)
        writer.withdraw_bond(self.tokens[0])

    # Pools

    def close_epochs(self) -> int:
        """One of each pool in each token where there is anything; their holders are paid. Returns how many."""
        site, count = self.site, 0
        reader = PoolReader(site.connection, site.deployment)
        writer = PoolWriter(site.connection, site.deployment, operator())
        how = Sharing(site.store, sharing(site).works_of)
        for model in self.models:
            for token in self.tokens:
                with suppress(Payment):
                    EpochCloser(reader, writer, site.store, how, site.settings.home).close(model, token)
                    count += 1
        for holder in {leaf.holder for leaf in self._learners()}:
            writer.claim_epochs([part.claim for part in claimable(reader, site.store, holder)])
        return count

    def _learners(self) -> Iterator[object]:
        people = (world.account(14), world.account(15))
        yield from (replace(split_of(0).leaves[0], holder=person.address) for person in people)
