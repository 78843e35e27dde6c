"""What the index says of money is what the contracts say, whatever happened to it: paid, held, moved, readdressed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from contrafact.domain import settlement
from contrafact.domain.history import Claim
from contrafact.domain.splits import Split, part_of
from contrafact.domain.terms import NATIVE, Use
from contrafact.ledger.feed import LedgerFeed
from contrafact.read_model import CreditRow, EarningRow, OrderQuery, Page, WorkQuery
from contrafact.store.database import Database
from contrafact.store.describer import Describer, keep_split
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from tests.ledger.scene import SALT, Deal, Scene

from .fake_store import FakeStore

MIN_BOND = 10**16


class Books:
    """The scene with an index beside it that is brought up to date before it is asked."""

    def __init__(self, scene: Scene, databases: Sequence[Database]) -> None:
        self.scene = scene
        self.claimed = scene.split("trainer", "composer", shares=(600_000, 400_000))
        self._feed = LedgerFeed(scene.connection, scene.deployment)
        self._indexes = [(Indexer(database, self._feed), IndexedReadModel(database)) for database in databases]
        self._documents = FakeStore({each.digest(): each.to_bytes() for each in (*scene.metadata, scene.model)})
        for database, (indexer, _) in zip(databases, self._indexes, strict=True):
            indexer.catch_up()
            Describer(database, self._documents).step()
            with database.writing() as session:  # no document of the catalogue tells the claimant's split
                keep_split(session, self.claimed)

    @property
    def reads(self) -> list[IndexedReadModel]:
        """One for each kind of database."""
        for indexer, _ in self._indexes:
            indexer.catch_up()
        return [read for _, read in self._indexes]

    @property
    def read(self) -> IndexedReadModel:
        return self.reads[-1]

    def holders(self) -> list[str]:
        return [self.scene.address(role) for role in ("composer", "arranger", "publisher", "trainer")]

    def require_same_as_the_chain(self) -> None:
        """Every balance of everybody, and that its lines sum to what was earned."""
        for read in self.reads:
            assert sum(self._require_same(read, holder) for holder in self.holders())

    def _require_same(self, read: IndexedReadModel, holder: str) -> int:
        """How many balances were compared."""
        lines, rows = every_line(read, holder), read.balances(holder)
        for row in rows:
            claim = self._claim(row.beneficiary, row.split_root, row.token, row.index)
            place = self.scene.reader.place(row.account, row.index)
            assert (row.claimable, row.drawn) == (self.scene.reader.claimable(claim), place.drawn)
            assert row.status is place.status
            assert sum(line.due for line in lines if line.account == row.account) == row.earned
        return len(rows)

    def _claim(self, beneficiary: bytes, root: bytes, token: str, index: int) -> Claim:
        split = next(each for each in self.splits() if each.root == root)
        return Claim(beneficiary, root, token, split.leaves[index], split.proof(index))

    def splits(self) -> Sequence[Split]:
        return [*(each.split for each in self.scene.metadata), self.claimed]

    def desk(self, who: str, name: str, *arguments: object, value: int = 0) -> None:
        desk = self.scene.connection.contract("DisputeDesk", self.scene.deployment.contracts["DisputeDesk"])
        self.scene.connection.send(desk.get_function_by_name(name)(*arguments), self.scene.keys[who], value)

    def settle(self, nonce: int, **changes: object) -> Deal:
        deal = self.scene.deal(nonce=nonce, **changes)
        self.scene.settle(deal)
        return deal


def every_line(read: IndexedReadModel, holder: str) -> list[EarningRow]:
    """A page at a time."""
    page, found = Page(limit=3), []
    while True:
        listing = read.earnings(holder, page)
        found += listing.rows
        if listing.following is None:
            return found
        page = Page(limit=3, after=listing.following)


@pytest.fixture
def books(scene: Scene, databases: Sequence[Database]) -> Books:
    return Books(scene, databases)


def test_balances_are_the_chains_after_orders_and_payouts(books: Books) -> None:
    scene = books.scene
    for nonce, token in enumerate((NATIVE, scene.dollar, NATIVE)):
        scene.settle(scene.deal(token, nonce=nonce))
        books.require_same_as_the_chain()
        scene.confirm(scene.claim(1, 1, token))
        scene.writer("stranger").payout([scene.claim(1, 1, token)])
    scene.writer("composer").claim(scene.claim(1, 0))
    books.require_same_as_the_chain()
    paid = books.read.payments(scene.address("arranger"), Page()).rows
    assert [row.amount for row in reversed(paid)] == [p.amount for p in scene.reader.paid() if p.index == 1]
    assert {row.beneficiary for row in paid} == {scene.works[1]}


def test_the_parts_of_an_order_sum_to_what_its_holders_have_to_the_unit(books: Books) -> None:
    """Though each order's parts of units are rounded away: they add up over the account's orders."""
    for nonce in range(1, 5):
        books.settle(nonce)
    for read in books.reads:
        found, alone = Counter[str](), Counter[str]()
        for order in read.orders(OrderQuery(), Page()).rows:
            for credit, split in ((credit, split_of(read, credit)) for credit in order.credits):
                for leaf in split.leaves if split else ():
                    found[leaf.holder] += part_of(credit.before, credit.amount, leaf.share)
                    alone[leaf.holder] += part_of(0, credit.amount, leaf.share)
        assert found == {holder: sum(row.earned for row in read.balances(holder)) for holder in found}
        assert found != alone


def split_of(read: IndexedReadModel, credit: CreditRow) -> Split | None:
    """None for a model's pool."""
    is_work = credit.beneficiary in {row.work_id for row in read.works(WorkQuery(), Page()).rows}
    return read.work(credit.beneficiary).split if is_work else None


def test_lines_of_earnings_say_what_for_and_when(books: Books) -> None:
    scene = books.scene
    first, second = books.settle(1), books.settle(2)
    lines = every_line(books.read, scene.address("publisher"))
    assert {line.order_id for line in lines} == {first.order_id, second.order_id}
    assert {(line.use, line.operator, line.token) for line in lines} == {
        (Use.COMMERCIAL, scene.address("operator"), NATIVE)
    }
    assert [line.order_id for line in lines] == [second.order_id] * 2 + [first.order_id] * 2
    since = lines[0].at
    assert [line.order_id for line in books.read.earnings(scene.address("publisher"), Page(), since).rows] == [
        second.order_id
    ] * 2
    assert len(books.read.earnings(scene.address("publisher"), Page(), 0, since).rows) == 2


def test_held_and_awarded_money_is_where_the_chain_has_it(books: Books) -> None:
    """A contest holds what comes in; a ruling moves a part; another contest of the same work begins a new epoch."""
    scene = books.scene
    early, late = scene.deal(nonce=1), scene.deal(nonce=2)
    for deal in (early, late, third := scene.deal(nonce=3)):
        scene.writer("maker").fund(*deal.fund_arguments())
    _commit(scene, early)
    account = (scene.works[1], scene.metadata[1].split.root, NATIVE)
    books.desk("trainer", "contest", scene.works[1], books.claimed.root, bytes([1] * 32), value=MIN_BOND)
    books.desk("trainer", "holdAccount", 1, account, 40, value=40)
    _commit(scene, late)
    books.require_same_as_the_chain()
    held = sum(row.held for row in books.read.balances(scene.address("arranger")))
    assert held > 0
    books.desk("deployer", "ruleContest", 1, 500_000)
    books.require_same_as_the_chain()
    assert sum(row.earned for row in books.read.balances(scene.address("trainer"))) > 0
    books.desk("trainer", "contest", scene.works[1], books.claimed.root, bytes([2] * 32), value=MIN_BOND)
    _commit(scene, third)
    books.require_same_as_the_chain()
    books.desk("trainer", "holdAccount", 2, account, 40, value=40)
    books.require_same_as_the_chain()
    books.desk("trainer", "withdrawContest", 2)
    books.require_same_as_the_chain()
    assert sum(row.held for row in books.read.balances(scene.address("arranger"))) == 0


def test_wider_use_of_a_finished_order_counts_as_earned(books: Books) -> None:
    scene = books.scene
    deal = scene.deal(use=Use.PRIVATE, nonce=4)
    rows = zip(deal.quote.sources, deal.terms, strict=True)
    sources = tuple(replace(source, price=terms.price(Use.PRIVATE, NATIVE)) for source, terms in rows)
    deal = scene.signed(replace(deal.quote, sources=sources), deal.terms)
    commit = scene.settle(deal)
    before = books.read.order(deal.order_id)
    escrow = scene.connection.contract("GenerationEscrow", scene.deployment.escrow)
    words = [list(terms.to_words()) for terms in deal.terms]
    raised = escrow.functions.raiseUse(
        deal.quote.to_abi(), SALT, commit.to_abi(), int(Use.PRIVATE), int(Use.COMMERCIAL), words
    )
    prices = [terms.price(Use.COMMERCIAL, NATIVE) for terms in deal.terms]
    cost = sum(settlement.raised(deal.quote.rates, prices, commit.duration, commit.shares))
    scene.connection.send(raised, scene.keys["maker"], cost)
    after = books.read.order(deal.order_id)
    assert sum(row.amount for row in after.credits) == sum(row.amount for row in before.credits) + cost
    books.require_same_as_the_chain()


def test_pool_of_a_model_has_what_its_account_received(books: Books) -> None:
    scene = books.scene
    books.settle(1)
    (model,) = books.read.models()
    (pool,) = model.pools
    received = scene.reader.received(scene.reader.credited()[0].account)
    assert (model.model, model.name, model.training_works) == (scene.reader.models()[0], "toy", 3)
    assert (pool.token, pool.closed, pool.epochs) == (NATIVE, 0, 0)
    assert pool.credited == sum(c.amount for c in scene.reader.credited() if c.beneficiary == scene.model_id) > 0
    assert received


def _commit(scene: Scene, deal: Deal) -> None:
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
