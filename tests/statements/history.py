"""Two months on a real EVM in which everything happens that a statement tells, indexed into a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from contrafact.domain.epoch_tree import EpochClaim, EpochTree
from contrafact.domain.money import Currency
from contrafact.domain.orders import Source
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.ledger.feed import LedgerFeed
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.records.folder import FolderStore
from contrafact.statements import Chain, Frame, Month, frame_of
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from tests.ledger.scene import SALT, Deal, Scene

DIGEST, BOND = bytes([7] * 32), 10**16
HOLDERS = ("composer", "arranger", "publisher", "trainer")


@dataclass(frozen=True)
class History:
    """`month` is the eventful one; the one before has two orders and a claim, the one after nothing."""

    scene: Scene
    reads: IndexedReadModel
    store: FolderStore
    month: Month
    splits: tuple[Split, ...]
    """Those whose holders a document tells."""

    def frame(self, month: Month) -> Frame:
        chain = Chain(self.scene.deployment.chain_id, dict(self.scene.deployment.contracts))
        return frame_of(self.reads, chain, month, self.scene.connection.timestamp)

    def currency(self, token: str) -> Currency:
        return Currency("ETH", 18) if token == NATIVE else Currency("TUSD", 6)


def told(scene: Scene, folder: Path) -> History:
    """Makes it happen."""
    teller = _Teller(scene)
    first = Month.at(scene.now())
    teller.before()
    scene.pass_time(first.end - scene.now() + 86_400)
    month = Month.at(scene.now())
    teller.eventful()
    scene.pass_time(month.end - scene.now() + 86_400)
    store, database = FolderStore(folder / "store"), Database(f"sqlite:///{folder / 'service.db'}")
    for metadata in (*scene.metadata, teller.changed):
        store.put(metadata.to_bytes())
    store.put(scene.model.to_bytes())
    Indexer(database, LedgerFeed(scene.connection, scene.deployment)).catch_up()
    Describer(database, store).step(1000)
    splits = (*(metadata.split for metadata in scene.metadata), teller.changed.split)
    return History(scene, IndexedReadModel(database), store, month, splits)


class _Teller:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.nonce = scene, 100
        scene.terms = [replace(terms, downstream=50_000 + 33_333 * i) for i, terms in enumerate(scene.terms)]
        self.version = [scene.set_terms(i, terms) for i, terms in enumerate(scene.terms)]
        thirds = scene.split("composer", "publisher", shares=(777_777, 222_223))
        self.changed = replace(scene.metadata[0], split=thirds, title="Tune 0, řízná “Štěpánka” № 1 ♭")

    def before(self) -> None:
        scene = self.scene
        for token in scene.tokens:
            self._settled(token=token)
        scene.writer("composer").claim(scene.claim(0, 0, scene.dollar))

    def eventful(self) -> None:
        scene = self.scene
        for token in scene.tokens:
            self._raised(token)
            self._downstream(token)
            self._settled(token=token, works=(1,))
            self._settled(token=token, works=(1, 2))
        self._paid_out()
        self._challenged()
        self._refunded()
        self._contests()
        self._new_split()
        self._epoch()
        scene.writer("operator").request_withdrawal(NATIVE, 1_000)
        open_deal = self._deal(token=scene.dollar, works=(2,))
        scene.writer("maker").fund(*open_deal.fund_arguments())

    def _deal(self, use: Use = Use.COMMERCIAL, **changes: object) -> Deal:
        self.nonce += 1
        deal = self.scene.deal(nonce=self.nonce, use=use, **changes)  # type: ignore[arg-type]
        rows = zip(deal.quote.sources, deal.terms, strict=True)
        sources = tuple(self._source(source, terms, use, deal.quote.token) for source, terms in rows)
        return self.scene.signed(replace(deal.quote, sources=sources), deal.terms)

    def _source(self, source: Source, terms: Terms, use: Use, token: str) -> Source:
        version = self.version[self.scene.works.index(source.work_id)]
        price = terms.price(use, token)
        return replace(source, price=price, downstream=terms.downstream, terms_version=version)

    def _settled(self, **changes: object) -> Deal:
        deal = self._deal(**changes)  # type: ignore[arg-type]
        self.scene.settle(deal)
        return deal

    def _escrow(self, who: str, name: str, *arguments: object, value: int = 0) -> None:
        escrow = self.scene.connection.contract("GenerationEscrow", self.scene.deployment.escrow)
        self.scene.connection.send(escrow.get_function_by_name(name)(*arguments), self.scene.keys[who], value)

    def _desk(self, who: str, name: str, *arguments: object, value: int = 0) -> None:
        desk = self.scene.connection.contract("DisputeDesk", self.scene.deployment.contracts["DisputeDesk"])
        self.scene.connection.send(desk.get_function_by_name(name)(*arguments), self.scene.keys[who], value)

    def _committed(self, deal: Deal, use: Use) -> tuple[object, ...]:
        return deal.quote.to_abi(), SALT, self.scene.commit(deal)[0].to_abi(), int(use)

    def _raised(self, token: str) -> None:
        deal = self._settled(token=token, use=Use.PRIVATE)
        words = [list(terms.to_words()) for terms in deal.terms]
        prices = zip(deal.terms, deal.quote.sources, strict=True)
        self.scene.approve(10**9)
        count = -(-deal.quote.duration // 30)
        shares = self.scene.commit(deal)[0].shares
        cost = sum(
            terms.price(Use.COMMERCIAL, token) * count * share // 10**6 - source.price * count * share // 10**6
            for (terms, source), share in zip(prices, shares, strict=True)
        )
        value = cost if token == NATIVE else 0
        arguments = (*self._committed(deal, Use.PRIVATE), int(Use.COMMERCIAL), words)
        self._escrow("maker", "raiseUse", *arguments, value=value)

    def _downstream(self, token: str) -> None:
        """A stranger's, and the maker's own."""
        deal = self._settled(token=token)
        self.scene.writer("deployer").mint_dollars(self.scene.address("stranger"), 10**9)
        dollar = self.scene.connection.contract("TestDollar", self.scene.dollar)
        self.scene.connection.send(
            dollar.functions.approve(self.scene.deployment.escrow, 10**9), self.scene.keys["stranger"]
        )
        value = 777_777 if token == NATIVE else 0
        self._escrow("stranger", "payDownstream", *self._committed(deal, Use.COMMERCIAL), 777_777, value=value)

    def _paid_out(self) -> None:
        scene = self.scene
        claims = [scene.claim(1, place, token) for token in scene.tokens for place in (1, 2)]
        scene.confirm(*claims)
        scene.writer("stranger").payout(claims)
        scene.writer("composer").claim(scene.claim(0, 0))
        self._settled(works=(1,))

    def _challenged(self) -> None:
        """An arbiter has the operator's bond pay the sources and the maker."""
        deal = self._settled(token=NATIVE)
        bond = -(-deal.quote.escrow // 20)
        self._desk("stranger", "challenge", *self._committed(deal, Use.COMMERCIAL), DIGEST, value=bond)
        self._desk("deployer", "ruleChallenge", deal.quote.to_abi(), [101, 203, 307], 409)

    def _refunded(self) -> None:
        scene = self.scene
        deal = self._deal(token=scene.dollar)
        scene.writer("maker").fund(*deal.fund_arguments())
        scene.pass_time(4_000)
        (funded,) = (each for each in scene.reader.funded() if each.order_id == deal.order_id)
        scene.writer("stranger").refund(funded)

    def _contests(self) -> None:
        """One is ruled on, by which a half of what it holds moves to a split that nobody published; one stays open.

        One is withdrawn, and what it held is free again.
        """
        scene, claimed = self.scene, self.scene.split("trainer")
        late = {work: [self._deal(token=token, works=(work,)) for token in scene.tokens] for work in (1, 2)}
        late[0] = [self._deal(token=NATIVE, works=(0,))]
        deals = [deal for work in (0, 1, 2) for deal in late[work]]
        for deal in deals:
            scene.writer("maker").fund(*deal.fund_arguments())
        for number, work in enumerate((2, 1, 0), start=1):
            self._desk("trainer", "contest", scene.works[work], claimed.root, DIGEST, value=BOND)
            account = (scene.works[work], scene.metadata[work].split.root, NATIVE)
            self._desk("trainer", "holdAccount", number, account, 10_000, value=10_000)
        for deal in deals:
            commit, signature = scene.commit(deal)
            scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
        self._desk("deployer", "ruleContest", 1, 500_000)
        self._desk("trainer", "withdrawContest", 3)

    def _new_split(self) -> None:
        """The work's next orders pay others; what came before stays with those of before."""
        scene = self.scene
        version, _ = scene.writer("bach").change_split(scene.works[0], self.changed, scene.terms[0])
        for token in scene.tokens:
            deal = self._deal(token=token, works=(0,))
            (source,) = deal.quote.sources
            source = replace(source, terms_version=version, split_root=self.changed.split.root)
            scene.settle(scene.signed(replace(deal.quote, sources=(source,)), deal.terms))

    def _epoch(self) -> None:
        scene = self.scene
        pot = (scene.model_id, scene.dollar)
        PoolWriter(scene.connection, scene.deployment, scene.keys["stranger"]).collect(pot)
        tree = EpochTree.of([(scene.address("composer"), 11), (scene.address("trainer"), 23)])
        operator = PoolWriter(scene.connection, scene.deployment, scene.keys["operator"])
        operator.close_epoch(pot, tree.root, tree.total, DIGEST)
        operator.claim_epochs([EpochClaim(*pot, 1, tree.leaves[i], tree.proof(i)) for i in (0, 1)])
