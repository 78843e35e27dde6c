"""Measurements of the index, for `contrafact bench index`."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_account import Account

from contrafact.chain_feed import ChainFeed
from contrafact.domain.prices import Use
from contrafact.ledger.connection import Connection
from contrafact.ledger.feed import LedgerFeed
from contrafact.read_model import Page, WorkQuery
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from hardhat_free_devnet import Devnet
from tests.ledger.scene import ROLES, Scene

from .fake_chain import FakeChain
from .fake_store import FakeStore
from .story import DOLLAR

Row = dict[str, Any]
REPEATS = 20


def from_memory(count: int) -> Row:
    """Catching up with a made-up chain of at least so many events."""
    chain = FakeChain(1)
    while sum(map(len, chain._events)) < count:
        chain.mine(1_000, transactions=6, remember=False)
    return _caught_up("a chain in memory", chain)


def from_node(orders: int) -> Row:
    """Catching up with a development node, in this process, on which so many orders were committed and paid out."""
    with Devnet(accounts=len(ROLES)) as node:
        scene = Scene(Connection.open(node.url, node.chain_id), [Account.from_key(each.key) for each in node.accounts])
        scene.settle(scene.deal(scene.dollar, nonce=0))
        claims = [scene.claim(1, index, scene.dollar) for index in range(3)]
        scene.confirm(*claims)
        for nonce in range(1, orders):
            scene.settle(scene.deal(scene.dollar, nonce=nonce))
            scene.writer("stranger").payout(claims)
        return _caught_up("a development node", LedgerFeed(scene.connection, scene.deployment))


def _caught_up(name: str, feed: ChainFeed) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'index.db'}")
        indexer = Indexer(database, feed)
        began, cpu = time.perf_counter(), time.process_time()
        at = indexer.catch_up()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        database.close()
    figures = {"events": at.events, "blocks": at.block - at.first + 1, "bytes_per_event": round(size / at.events)}
    times = {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}
    return {"of": name, **figures, **times, "per_second": round(at.events / seconds)}


def searches(works: int) -> list[Row]:
    """Medians of searches among so many described works."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'index.db'}")
        chain = FakeChain(1)
        chain.story.register(works)
        chain.mine(1)
        Indexer(database, chain).catch_up()
        describer = Describer(database, FakeStore(chain.story.documents))
        while describer.step(500):
            pass
        found = IndexedReadModel(database)
        last = found.works(WorkQuery(text="neill"), Page(1)).rows[0]
        queries = {
            "two words, in most works": WorkQuery(text="neill march"),
            "one reference": WorkQuery(text=last.catalogue_id),
            "a word that no work has": WorkQuery(text="nowhere"),
            "use, token and highest price": WorkQuery(use=Use.COMMERCIAL, token=DOLLAR, max_price=1_000),
            "holder, available": WorkQuery(holder=last.licensor, available=True),
        }
        return [
            _timed(name, lambda query=query: len(found.works(query, Page()).rows)) for name, query in queries.items()
        ]


def _timed(name: str, search: Callable[[], int]) -> Row:
    rows, times, cpu = search(), [], []
    for _ in range(REPEATS):
        began, used = time.perf_counter(), time.process_time()
        search()
        times.append(1_000 * (time.perf_counter() - began))
        cpu.append(1_000 * (time.process_time() - used))
    medians = {"milliseconds": round(statistics.median(times), 2)}
    medians["cpu_milliseconds"] = round(statistics.median(cpu), 2)
    return {"of": name, **medians, "rows": rows}
