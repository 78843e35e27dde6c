"""An honest history: two catalogues, one model, orders in every state, payouts, a new split and new terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from eth_account import Account

from contrafact.audit import DeployedContract, Report, Tools, audit
from contrafact.domain import events, seeds
from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import canonical_json, sha256, to_hex
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import ModelMetadata, pool_split
from contrafact.domain.orders import Eip712Domain, Quote, Source
from contrafact.domain.recognition import Candidate, Evidence, Likeness
from contrafact.domain.record import AttributionRecord, RecordAudio, RecordSource
from contrafact.domain.shares import default_min_share
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.domain.works import WorkMetadata

from .fakes import TOKEN, FakeDecoder, FakeGenerator, FakeLedger, FakeRenderer, FakeStore

MUSIC = MusicRequest(seconds=45, tempo=112, tonic=2, mode="major", metre=(4, 4))
MAX_BASE, FEE, BASE_RATE = 400_000, 20_001, 50_000
USES = frozenset({Use.PRIVATE, Use.COMMERCIAL})


@cache
def address(name: str) -> str:
    """The address of somebody's key."""
    found = str(Account.from_key(sha256(name.encode())).address)
    _KEYS[found] = sha256(name.encode())
    return found


def sign(signer: str, digest: bytes) -> bytes:
    """The signature of the one with that address; of a stranger where nobody has its key."""
    return bytes(Account.unsafe_sign_hash(digest, _KEYS.get(signer, sha256(b"stranger"))).signature)


_KEYS: dict[str, bytes] = {}


def derive(content: bytes, media_type: str) -> bytes:
    """The fake reading of a music file."""
    return b"form of " + content


def fake_same_tune(first: bytes, second: bytes) -> Candidate | None:
    """Tunes are the same where their titles differ in capital letters alone."""
    alike = first.lower() == second.lower()
    return Candidate(sha256(second), Likeness.VERSION, Evidence.MELODY, 1.0) if alike else None


def terms(private: int, **changes: object) -> Terms:
    fields = {"training": False, "inference": True, "uses": USES, "combinable": True, "max_weight": 900_000}
    fields |= {"valid_from": 0, "valid_until": 0, "training_price": 0}
    fields |= {"prices": (TokenPrice(TOKEN, (private, private * 3, 0, 0)),)}
    return Terms(**(fields | changes))  # type: ignore[arg-type]


@dataclass
class World:
    """The history with what an auditor has."""

    ledger: FakeLedger
    store: FakeStore
    tools: Tools
    works: list[bytes]
    splits: list[Split]
    model: bytes
    model_split: Split
    orders: dict[str, bytes]

    def audit(self) -> Report:
        return audit(self.ledger, self.store, self.tools)

    # Building

    def anchor(self, licensor: str, collection: Collection) -> Collection:
        """Publishes and anchors a collection."""
        self.store.put(collection.to_bytes())
        self.ledger.anchor(address(licensor), collection)
        return collection

    def consented(self, *titles: str, licensor: str = "steward") -> list[Leaf]:
        """The leaves of works of the licensor's last collection."""
        document = Collection.from_bytes(self.store.held_by(self.ledger.collection_list[-1].document))
        works = [document.work(sha256(title.encode())) for title in titles]
        return [Leaf(address(licensor), work.content, work.licence, document.root) for work in works]

    def register_model(
        self, weights: bytes, leaves: Sequence[Leaf], publish: bool = True, registrant: str = "lab"
    ) -> bytes:
        """Registers a model with this manifest, as a contract does it that asks for no consent."""
        manifest = Manifest.of(leaves)
        document = ModelMetadata(
            "tunes-small",
            weights,
            sha256(canonical_json(GENERATOR)),
            manifest.root,
            manifest.digest(),
            len(manifest.leaves),
        )
        self.store.put(document.to_bytes())
        if publish:
            self.store.put(manifest.to_bytes())
        digests = (manifest.root, self.model_split.root, BASE_RATE, document.digest())
        return self.ledger.register_model(address(registrant), weights, *digests)

    def add_work(self, title: str, licensor: str, split: Split) -> bytes:
        content = title.encode()
        metadata = self.describe(title, content, split)
        for data in (content, derive(content, "")):
            self.store.put(data)
        work = self.ledger.register_work(
            address(licensor), sha256(content), sha256(derive(content, "")), metadata, split.root
        )
        self.works.append(work)
        self.splits.append(split)
        return work

    def describe(self, title: str, content: bytes, split: Split) -> bytes:
        form = sha256(derive(content, ""))
        document = WorkMetadata(title, "T1", "Tunes", ("trad.",), "text/vnd.abc", sha256(content), form, split)
        self.store.put(document.to_bytes())
        return document.digest()

    def quote(self, nonce: int, weights: tuple[int, int] = (600_000, 400_000), use: Use = Use.PRIVATE) -> Quote:
        """An offer at the terms in force, for the first two works."""
        pairs = sorted(zip(self.works[:2], weights, strict=True))
        sources = tuple(self._source(work, weight, use) for work, weight in pairs)
        now = self.ledger.timestamp()
        secret = sha256(b"secret %d" % nonce)
        return Quote(
            maker=address("maker"),
            operator=address("operator"),
            model_id=self.model,
            pool_root=self.model_split.root,
            token=TOKEN,
            use=use,
            duration=MUSIC.seconds,
            request_digest=MUSIC.digest(),
            seed_commitment=seeds.commitment(secret),
            base_rate=BASE_RATE,
            operator_fee=FEE,
            max_base_share=MAX_BASE,
            valid_until=now + 3600,
            deadline=now + 7200,
            nonce=nonce,
            sources=sources,
        )

    def _source(self, work: bytes, weight: int, use: Use) -> Source:
        version = [v for v in self.ledger.terms_list if v.work_id == work][-1]
        price = version.terms.price(use, TOKEN)
        lowest = default_min_share(weight, MAX_BASE)
        pinned = (work, version.version, self.ledger.split_now[work])
        return Source(*pinned, weight, lowest, price, version.terms.downstream)

    def fund(self, name: str, quote: Quote) -> bytes:
        self.orders[name] = self.ledger.fund(quote, sha256(b"salt %d" % quote.nonce))
        return self.orders[name]

    def deliver(self, order: bytes, skip: int = 0) -> None:
        """Generates, records and commits; `skip` passes over attempts that would have done."""
        self.ledger.commit(self.record(order, skip).commit())

    def record(self, order: bytes, skip: int = 0) -> AttributionRecord:
        """The published record of an order, with all its files in the store."""
        funded = next(event for event in self.ledger.funded_list if event.order_id == order)
        quote, secret, number = funded.quote, sha256(b"secret %d" % funded.quote.nonce), -1
        while number < 100:
            number += 1
            generation = FakeGenerator(b"").generate(self.request(order, secret, number))
            base, shares = events.shares(generation.events)
            if base <= quote.max_base_share:
                skip -= 1
            if skip < 0:
                break
        rendered = FakeRenderer().render(generation.events, MUSIC)
        ledger_bytes = events.to_bytes(generation.events)
        for data in (ledger_bytes, rendered.mix, rendered.midi, *rendered.stems):
            self.store.put(data)
        pairs = zip(rendered.stem_pcm_digests, rendered.stems, strict=True)
        record = AttributionRecord(
            order_id=order,
            chain_id=self.ledger.domain.chain_id,
            contract=self.ledger.domain.contract,
            maker_salt=funded.maker_salt,
            secret=secret,
            attempt=number,
            request=MUSIC,
            model_id=quote.model_id,
            model_weights=WEIGHTS,
            max_base_share=quote.max_base_share,
            base_share=base,
            sources=tuple(
                RecordSource(s.work_id, s.terms_version, self._form(s.work_id), s.weight, s.min_share, share, 3)
                for s, share in zip(quote.inference_set, shares, strict=True)
            ),
            events=sha256(ledger_bytes),
            midi=sha256(rendered.midi),
            mix=RecordAudio(rendered.pcm_digest, sha256(rendered.mix)),
            stems=tuple(RecordAudio(pcm, sha256(flac)) for pcm, flac in pairs),
            generator=GENERATOR,
            renderer=FakeRenderer().identity,
        )
        self.store.put(record.to_bytes())
        return record

    def request(self, order: bytes, secret: bytes, number: int) -> GenerationRequest:
        funded = next(event for event in self.ledger.funded_list if event.order_id == order)
        sources = tuple(
            SourceInput(to_hex(s.work_id), self.store.held_by(self._form(s.work_id)), s.weight, s.min_share)
            for s in funded.quote.inference_set
        )
        seed = seeds.seed(order, funded.maker_salt, secret, number)
        return GenerationRequest(sources, MUSIC, seed, funded.quote.max_base_share)

    def _form(self, work: bytes) -> bytes:
        return next(entry.source_form for entry in self.ledger.work_list if entry.work_id == work)


WEIGHTS = sha256(b"weights")
GENERATOR = FakeGenerator(WEIGHTS).identity
NAMES = ("Authority", "Catalogue", "HolderRecovery", "GenerationEscrow", "DisputeDesk", "TrainingPool")
BOND = 2**90
DAY = 86_400


def empty_world() -> World:
    """Contracts and tools, a model, and nothing else."""
    contracts = [DeployedContract(name, address(name)) for name in NAMES]
    ledger = FakeLedger(Eip712Domain(31337, address("GenerationEscrow")), contracts, sign)
    ledger.times[1] = 1_760_000_000
    store = FakeStore()
    tools = Tools(FakeGenerator(WEIGHTS), FakeRenderer(), FakeDecoder(), derive, same_tune=fake_same_tune)
    world = World(ledger, store, tools, [], [], b"", pool_split(address("TrainingPool")), {})
    world.anchor("steward", lessons("The First Lesson", "The Second Lesson"))
    ledger.next_block(2 * DAY)
    world.model = world.register_model(WEIGHTS, world.consented("The First Lesson", "The Second Lesson"))
    ledger.deposit(address("operator"), TOKEN, BOND)
    return world


def lessons(*titles: str, **changes: object) -> Collection:
    """A collection to learn from, and not to make pieces of; `changes` of its terms."""
    works = [lesson(title, **changes) for title in titles]
    return Collection.of("Lessons", works)


def lesson(title: str, **changes: object) -> CollectedWork:
    content, form = title.encode(), derive(title.encode(), "")
    split = Split.of([(address("steward"), 1_000_000)])
    names = (title, "L1", "Lessons", ("trad.",), "text/vnd.abc")
    permitted = terms(0, **({"training": True, "inference": False, "uses": frozenset()} | changes))
    return CollectedWork(WorkMetadata(*names, sha256(content), sha256(form), split), permitted, content, form)


def honest_world() -> World:
    """Orders: `first` (committed, paid out), `lost` (refunded), `second` (after new terms and split), `open`."""
    world = empty_world()
    ann, ben, cat = address("ann"), address("ben"), address("cat")
    world.add_work("The Blackbird", "publisher", Split.of([(ann, 333_333), (ben, 666_667)]))
    world.add_work("Drowsy Maggie", "estate", Split.of([(cat, 1_000_000)]))
    world.ledger.set_terms(world.works[0], terms(200_003))
    world.ledger.set_terms(world.works[1], terms(150_001))
    world.deliver(world.fund("first", world.quote(1)))
    world.ledger.payout(world.works[0], world.splits[0], 0, TOKEN)
    world.ledger.payout(world.works[0], world.splits[0], 1, TOKEN)
    lost = world.fund("lost", world.quote(2))
    new_split = Split.of([(ann, 250_000), (ben, 250_000), (cat, 500_000)])
    new_metadata = world.describe("The Blackbird", b"The Blackbird", new_split)
    world.ledger.change_split(world.works[0], new_split.root, new_metadata)
    world.ledger.transfer_licensor(world.works[1], address("heir"))
    world.ledger.set_terms(world.works[1], terms(180_007))
    second = world.fund("second", world.quote(3, (300_000, 700_000), Use.COMMERCIAL))
    world.deliver(second)
    world.ledger.payout(world.works[1], world.splits[1], 0, TOKEN)
    world.ledger.payout(world.model, world.model_split, 0, TOKEN)
    world.ledger.refund(lost)
    world.fund("open", world.quote(4))
    return world
