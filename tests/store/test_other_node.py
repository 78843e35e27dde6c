"""Another project's node reorganises: what is gone from the chain is gone from the index, and comes back with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from contrafact.ledger.connection import Connection
from contrafact.ledger.feed import LedgerFeed
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderQuery, OrderRow, Page
from contrafact.store.comparison import differences
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer, Outcome, Step
from contrafact.store.read_model import IndexedReadModel
from tests.clients.anvil import Anvil
from tests.ledger.scene import ROLES, SALT, Deal, Scene

ALL = Page(100)


@pytest.mark.slow
def test_reorganisation_takes_a_funding_and_a_commit_back(
    start_anvil: Callable[..., Anvil], databases: Sequence[Database]
) -> None:
    node = start_anvil()
    scene = Scene(Connection.open(node.url), [node.account(i) for i in range(len(ROLES))])
    feed = LedgerFeed(scene.connection, scene.deployment)
    indexers = [Indexer(database, feed) for database in databases]
    reads = [IndexedReadModel(database) for database in databases]

    def orders() -> list[OrderRow]:
        """The orders of all databases, which have to be alike and as a rebuild is."""
        rows = []
        for indexer, read in zip(indexers, reads, strict=True):
            indexer.catch_up()
            assert differences(indexer.database, feed) == []
            rows.append(read.orders(OrderQuery(), ALL).rows)
        assert all(each == rows[0] for each in rows)
        return list(rows[0])

    old, new = scene.deal(nonce=1), scene.deal(nonce=2)
    scene.writer("maker").fund(*old.fund_arguments())
    assert [row.status for row in orders()] == [OrderStatus.FUNDED]
    node.rpc("anvil_mine", ["0x3"])
    scene.writer("maker").fund(*new.fund_arguments())
    commit(scene, old)
    assert [row.status for row in orders()] == [OrderStatus.FUNDED, OrderStatus.COMMITTED]
    before = reads[0].balances(scene.address("publisher"))

    node.rpc("anvil_reorg", [5, []])  # of these blocks one had the second funding, one the commit, three were empty
    steps: list[Step] = []
    indexers[0].catch_up(steps.append)
    assert [step.outcome for step in steps if step.undone] == [Outcome.ROLLED_BACK]
    (left,) = orders()
    assert [order.order_id for order in scene.reader.funded()] == [left.order_id] == [old.order_id]
    assert (left.status, left.commit, left.credits) == (OrderStatus.FUNDED, None, ())
    assert reads[0].balances(scene.address("publisher")) == []
    assert reads[0].status().block_hash == feed.head().hash

    scene.writer("maker").fund(*new.fund_arguments())
    commit(scene, old)
    assert [row.status for row in orders()] == [OrderStatus.FUNDED, OrderStatus.COMMITTED]
    assert reads[0].balances(scene.address("publisher")) == before


def commit(scene: Scene, deal: Deal) -> None:
    made, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, made, signature)


@pytest.mark.slow
def test_node_that_is_set_back_and_one_that_begins_anew_are_followed(
    start_anvil: Callable[..., Anvil], databases: Sequence[Database]
) -> None:
    """`evm_revert` makes the chain shorter; a development node that starts anew has the same addresses."""
    node, database = start_anvil(), databases[0]
    scene = Scene(Connection.open(node.url), [node.account(i) for i in range(len(ROLES))])
    feed = LedgerFeed(scene.connection, scene.deployment)
    indexer, read = Indexer(database, feed), IndexedReadModel(database)
    indexer.catch_up()
    with scene.undone():
        scene.settle(scene.deal(nonce=1))
        indexer.catch_up()
        assert len(read.orders(OrderQuery(), ALL).rows) == 1
    indexer.catch_up()
    assert read.orders(OrderQuery(), ALL).rows == ()
    assert differences(database, feed) == []

    again = start_anvil()
    other = Scene(Connection.open(again.url), [again.account(i) for i in range(len(ROLES))])
    assert other.deployment.contracts == scene.deployment.contracts
    other.settle(other.deal(nonce=1))
    feed = LedgerFeed(other.connection, other.deployment)
    Indexer(database, feed).catch_up()
    assert len(read.orders(OrderQuery(), ALL).rows) == 1
    assert differences(database, feed) == []
