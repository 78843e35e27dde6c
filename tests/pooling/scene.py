"""A model with a training pool on a real EVM: anchored collections that it learnt from, and orders that earn for it.

The works are tunes of the pack, the contracts the compiled ones. The orders are funded and committed through them with
made-up shares and digests: no music is generated, and nothing is published of an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contrafact import registration
from contrafact.demo.world import TO_TRAIN, account
from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import sha256
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.orders import Commit, Quote, Source, order_id
from contrafact.domain.pool_history import PotKey
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.domain.training_consent import Learner, manifest_of
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment import deploy
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.ledger.signing import sign_commit, sign_quote
from contrafact.music.pack import PackedTune
from contrafact.music.source_form import SourceForm
from contrafact.pooling import Closed, EpochCloser, Sharing
from contrafact.pooling.ports import InfluenceOf
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.pools import sharing

DEPLOYER, OPERATOR, MAKER, LICENSOR = (account(i) for i in range(4))
OWNERS = tuple(account(i) for i in range(4, 8))
"""Who anchors collections."""
SALT, WEIGHTS = sha256(b"salt"), sha256(b"weights of the scene's model")
BASE_RATE, PRICE, FEE = 1_000_000, 2_000_000, 50_000
SPLIT = Split.of([(LICENSOR.address, PPM)])
GAS, TIP = 2_000_000, {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9}

Learnt = tuple[PackedTune, int, Split]
"""A tune, who of `OWNERS` anchors it, and whom it pays."""


class PoolScene:
    """One model on one chain; everything that is written lies in `folder`."""

    def __init__(
        self, connection: Connection, folder: Path, learnt: Sequence[Learnt], rule: PoolRule | None = None
    ) -> None:
        self.connection, self.folder, self.nonce = connection, folder, 0
        settings = Settings(
            deployment=folder / "deployment.json", store=f"folder:{folder / 'store'}", home=folder / "home"
        )
        deploy(connection, DEPLOYER, settings.deployment)
        self.home, self.site = settings.home, Site(settings)
        self.site.connection = connection
        self.token = self.site.token()
        for purse in (MAKER, OPERATOR):
            self.site.writer(DEPLOYER).mint_dollars(purse.address, 10**15)
        self.site.writer(OPERATOR).deposit_bond(self.token, 10**14)
        self.collections = [self._anchored(owner, learnt) for owner in sorted({owner for _, owner, _ in learnt})]
        self.terms = Terms(False, True, frozenset(Use), True, PPM, 0, 0, 0, (TokenPrice(self.token, (PRICE,) * 4),))
        self.work_id = self._source()
        self.contents = {sha256(tune.file): tune.id for tune, _, _ in learnt}
        self.model = self.registered(rule or PoolRule())
        self._allow()

    @property
    def reader(self) -> PoolReader:
        return PoolReader(self.connection, self.site.deployment)

    @property
    def pot(self) -> PotKey:
        return self.model.model_id, self.token

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens on the chain inside is taken back afterwards; files stay."""
        request = self.connection.web3.provider.make_request
        snapshot = request("evm_snapshot", [])["result"]  # type: ignore[arg-type]
        yield
        request("evm_revert", [snapshot])  # type: ignore[arg-type]

    def pass_until(self, moment: int) -> None:
        """The next block comes well after this second."""
        seconds = hex(moment + 600 - self.reader.timestamp())  # the node counts from its own clock
        self.connection.web3.provider.make_request("evm_increaseTime", [seconds])  # type: ignore[arg-type]
        self.connection.web3.provider.make_request("evm_mine", [])  # type: ignore[arg-type]

    def writer(self, who: Any = OPERATOR) -> PoolWriter:
        return PoolWriter(self.connection, self.site.deployment, who)

    def closer(
        self,
        who: Any = OPERATOR,
        writer: Any = None,
        influence_of: InfluenceOf | None = None,
        on_step: Callable[[str], None] = lambda step: None,
    ) -> EpochCloser:
        how = Sharing(self.site.store, sharing(self.site).works_of, influence_of)
        return EpochCloser(self.reader, writer or self.writer(who), self.site.store, how, self.home, on_step)

    def close(self, **options: Any) -> Closed:
        return self.closer(**options).close(self.model, self.token)

    def registered(self, rule: PoolRule, weights: bytes = WEIGHTS) -> Model:
        """A model that learnt from all collections, with this rule."""
        model_id = self.site.reader.model_id_of(OPERATOR.address, weights)
        now = (self.connection.head(), self.site.reader.timestamp())
        manifest = manifest_of(self.contents, self.site.licences(), Learner(model_id, OPERATOR.address, *now))
        metadata = self._described(manifest, weights, rule)
        rates = {self.token: BASE_RATE}
        registration.register_model(metadata, manifest, rates, self.site.store, self.site.writer(OPERATOR))
        return next(model for model in self.site.reader.models() if model.model_id == model_id)

    def earn(self, *base_shares: int, model: Model | None = None) -> list[bytes]:
        """An order for each base share (ppm, up to 400,000), which is what it earns in units. Returns the ids."""
        return self.send([self._quoted(model or self.model) for _ in base_shares], base_shares)

    def send(self, quotes: Sequence[Quote], base_shares: Iterable[int]) -> list[bytes]:
        """Funds and commits these quotes, signed beforehand and sent one after the other."""
        escrow, domain = Contracts(self.connection, self.site.deployment).escrow, self.site.deployment.domain
        words = [list(self.terms.to_words())]
        ids = [order_id(quote, domain) for quote in quotes]
        fund, commit = [], []
        for quote, identifier, base in zip(quotes, ids, base_shares, strict=True):
            signed = sign_quote(OPERATOR, quote, domain)
            made = Commit(identifier, sha256(b"r"), sha256(b"o"), sha256(b"e"), quote.duration, base, (PPM - base,))
            given = (quote.to_abi(), SALT, made.to_abi(), sign_commit(OPERATOR, made, domain))
            fund.append(escrow.encode_abi("fund", (quote.to_abi(), words, [], SALT, signed)))
            commit.append(escrow.encode_abi("commit", given))
        self._send(MAKER, escrow.address, fund)
        self._send(OPERATOR, escrow.address, commit)
        return ids

    def _send(self, who: Any, to: str, calls: Sequence[str]) -> None:
        eth, first = self.connection.web3.eth, self.connection.nonce(who.address)
        common = {**TIP, "chainId": self.connection.chain_id, "type": 2, "to": to, "value": 0, "gas": GAS}
        sent = [
            eth.send_raw_transaction(who.sign_transaction({**common, "data": data, "nonce": first + i}).raw_transaction)
            for i, data in enumerate(calls)
        ]
        for digest in sent:
            assert eth.wait_for_transaction_receipt(digest, poll_latency=0.005)["status"] == 1

    def _quoted(self, model: Model) -> Quote:
        self.nonce += 1
        now = self.site.reader.timestamp()
        source = Source(self.work_id, 2, SPLIT.root, PPM, 0, PRICE)
        return Quote(
            maker=MAKER.address,
            operator=OPERATOR.address,
            model_id=model.model_id,
            pool_root=model.pool_split_root,
            token=self.token,
            use=Use.PRIVATE,
            duration=30,
            request_digest=sha256(b"request"),
            seed_commitment=sha256(b"commitment"),
            base_rate=BASE_RATE,
            operator_fee=FEE,
            max_base_share=400_000,
            valid_until=now + 36_000,
            deadline=now + 72_000,
            nonce=self.nonce,
            sources=(source,),
        )

    def _source(self) -> bytes:
        """The work that the orders are made of: digests alone, with a price."""
        metadata = WorkMetadata("Air", "air", "Airs", (), "text/vnd.abc", sha256(b"air"), sha256(b"form"), SPLIT)
        writer = self.site.writer(LICENSOR)
        work_id, _ = writer.register_work(metadata)
        writer.set_terms(work_id, SPLIT.root, self.terms)
        return work_id

    def _anchored(self, owner: int, learnt: Sequence[Learnt]) -> Collection:
        works = [_collected(tune, split, f"collection {owner}") for tune, who, split in learnt if who == owner]
        collection = Collection.of(f"collection {owner}", works)
        registration.anchor(collection, self.site.store, self.site.writer(OWNERS[owner]))
        return collection

    def _described(self, manifest: Manifest, weights: bytes, rule: PoolRule) -> ModelMetadata:
        digests = (weights, sha256(b"generator"), manifest.root, manifest.digest())
        return ModelMetadata("toy", *digests, len(manifest.leaves), rule)

    def _allow(self) -> None:
        """The maker lets the escrow take what its orders cost."""
        dollar = self.connection.contract("TestDollar", self.token)
        self.connection.send(dollar.functions.approve(self.site.deployment.escrow, 10**15), MAKER)


def _collected(tune: PackedTune, split: Split, collection: str) -> CollectedWork:
    form = SourceForm.from_score(tune.score).to_bytes()
    names = (tune.title, tune.id, collection, tune.credits, tune.media_type)
    metadata = WorkMetadata(*names, sha256(tune.file), sha256(form), split)
    return CollectedWork(metadata, TO_TRAIN, tune.file, form)
