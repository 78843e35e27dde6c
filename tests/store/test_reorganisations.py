"""Whatever the chain does, and wherever the indexer is ended, the index is what a rebuild from the chain is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from sqlalchemy import delete, event, func, insert, select, update

from contrafact.errors import DatabaseError
from contrafact.read_model import OrderQuery, Page, WorkQuery
from contrafact.store import tables
from contrafact.store.batches import BatchSize
from contrafact.store.comparison import COMPARED, differences
from contrafact.store.database import Database
from contrafact.store.indexer import PATIENCE, Indexer, Outcome
from contrafact.store.read_model import IndexedReadModel

from .fake_chain import FakeChain


class Killed(Exception):
    """The process ended here."""


@pytest.mark.parametrize("seed", range(4))
def test_index_equals_a_rebuild_after_any_history(database: Database, seed: int) -> None:
    random, chain = Random(seed), FakeChain(seed)
    chain.mine(10)
    for _ in range(25):
        _something_happens(random, chain)
        _index_for_a_while(random, chain, database)
    Indexer(database, chain).catch_up()
    assert differences(database, chain) == []
    assert len(IndexedReadModel(database).orders(OrderQuery(), Page(100)).rows) > 3


def _something_happens(random: Random, chain: FakeChain) -> None:
    if random.random() < 0.4:
        chain.reorganise(random.randint(1, min(8, chain.height)), random.randint(0, 9))
    else:
        chain.mine(random.randint(1, 6))


def _index_for_a_while(random: Random, chain: FakeChain, database: Database) -> None:
    """Some steps, in one of which the process may end, or the chain may change while it is read."""
    indexer = Indexer(database, chain, size=BatchSize(random.choice([1, 3, 20])))
    ends = [_after(random.randint(1, 40), partial(_break, random, chain)), _after(random.randint(1, 300), _end)]
    chain.on_call = lambda name: ends[0]()
    statements = database.engine, "before_cursor_execute", lambda *_: ends[1]()
    event.listen(*statements)
    try:
        for _ in range(random.randint(1, 8)):
            indexer.step()
    except Killed:
        pass
    finally:
        chain.on_call = lambda name: None
        event.remove(*statements)


def _after(calls: int, what: Callable[[], None]) -> Callable[[], None]:
    """Does it at one of its calls."""
    count = itertools.count(1)
    return lambda: what() if next(count) == calls else None


def _break(random: Random, chain: FakeChain) -> None:
    if random.random() < 0.5:
        _end()
    chain.reorganise(random.randint(1, 3), random.randint(1, 5))


def _end() -> None:
    raise Killed


def test_rolled_back_events_leave_nothing_behind(database: Database) -> None:
    chain = FakeChain(3)
    chain.mine(30)
    indexer = Indexer(database, chain)
    indexer.catch_up()
    assert indexer.catch_up().events > 20
    chain.reorganise(chain.height, then=3)
    chain._events = [[] for _ in chain._events]
    indexer.catch_up()
    with database.reading() as session:
        kept = {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in COMPARED}
    assert not any(kept.values())


def test_comparison_finds_a_row_too_many_one_missing_and_one_that_is_wrong(database: Database) -> None:
    chain = FakeChain(5)
    chain.mine(40)
    Indexer(database, chain).catch_up()
    with database.writing() as session:
        missing, wrong, *_ = session.execute(select(tables.works.c.work_id).order_by(tables.works.c.work_id)).scalars()
        session.execute(delete(tables.works).where(tables.works.c.work_id == missing))
        session.execute(update(tables.works).where(tables.works.c.work_id == wrong).values(barred=True))
        session.execute(insert(tables.order_works).values(order_id=bytes(32), work_id=bytes(32)))
    found = {(each.table, each.key[0], each.what) for each in differences(database, chain)}
    assert found == {
        ("works", missing, "is missing"),
        ("works", wrong, "is different"),
        ("order_works", bytes(32), "is not the chain's"),
    }


def test_comparison_is_exact_while_the_index_goes_on(database: Database) -> None:
    chain = FakeChain(5)
    chain.mine(30)
    indexer = Indexer(database, chain)
    indexer.catch_up()

    def go_on() -> None:
        chain.mine(5)
        indexer.catch_up()

    chain.on_call = _once("events", go_on)
    assert differences(database, chain) == []
    assert IndexedReadModel(database).status().block == 35


def test_two_indexers_of_one_database_do_no_harm(database: Database) -> None:
    """One reads a batch, the other has written it before the first comes to it."""
    chain = FakeChain(2)
    chain.mine(20)
    slow, quick = Indexer(database, chain), Indexer(database, chain)
    chain.on_call = _once("events", quick.catch_up)
    assert slow.step().outcome is Outcome.WAITING
    assert slow.step().outcome is Outcome.IDLE
    assert differences(database, chain) == []


def _once(name: str, what: Callable[[], object]) -> Callable[[str], None]:
    """Does it at the first call of this name."""
    left = [what]

    def on_call(called: str) -> None:
        if called == name and left:
            left.pop()()

    return on_call


def test_event_that_is_delivered_twice_counts_once(database: Database) -> None:
    chain = FakeChain(2)
    chain.mine(20)
    once = chain.events
    chain.events = lambda first, last: [*once(first, last), *reversed(once(first, last))]  # type: ignore[method-assign]
    Indexer(database, chain).catch_up()
    chain.events = once  # type: ignore[method-assign]
    assert differences(database, chain) == []


def test_shorter_chain_is_believed_when_it_stays_short(database: Database) -> None:
    """A node that is behind must not take rows away for a moment."""
    chain = FakeChain(2)
    chain.mine(20)
    indexer = Indexer(database, chain)
    before = indexer.catch_up()
    chain.reorganise(5)
    outcomes = [indexer.step().outcome for _ in range(PATIENCE)]
    assert outcomes == [Outcome.WAITING] * (PATIENCE - 1) + [Outcome.ROLLED_BACK]
    assert indexer.catch_up().block == before.block - 5
    assert differences(database, chain) == []


def test_development_chain_that_began_anew_is_indexed_anew(database: Database) -> None:
    chain = FakeChain(2, first=4)
    chain.mine(20)
    Indexer(database, chain).catch_up()
    chain.reorganise(20, then=30)
    assert Indexer(database, chain).catch_up().block == 30
    assert differences(database, chain) == []


def test_chain_that_has_not_come_to_the_deployment_is_waited_for(database: Database) -> None:
    chain = FakeChain(2, first=4)
    indexer = Indexer(database, chain)
    assert indexer.catch_up().events == 0
    chain.mine(10)
    indexer.catch_up()
    assert differences(database, chain) == []


def test_database_of_another_deployment_is_refused(database: Database) -> None:
    chain = FakeChain()
    Indexer(database, chain)
    chain.identity = "another chain"
    with pytest.raises(DatabaseError, match="another deployment") as caught:
        Indexer(database, chain)
    assert "index rebuild" in caught.value.hint


def test_rows_are_confirmed_when_the_network_says_so(database: Database) -> None:
    """At once, but with the confirmations still to come: the block itself is the first of three."""
    chain = FakeChain(2, confirmations=3)
    chain.mine(30)
    Indexer(database, chain).catch_up()
    read = IndexedReadModel(database)
    assert read.status().confirmed == 28
    rows = read.orders(OrderQuery(), Page(100)).rows
    assert {row.confirmed for row in rows if row.block > 28} <= {False}
    assert [work.confirmed for work in read.works(WorkQuery(), Page()).rows[:2]] == [True, True]
