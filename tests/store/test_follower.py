"""Following goes on through failures, and says how it goes."""

from __future__ import annotations

from threading import Event, Thread

from contrafact.errors import ChainError, ContrafactError
from contrafact.store.comparison import differences
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.follower import Follower, Progress
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from tests.ledger.sent import wait_for

from .fake_chain import FakeChain
from .fake_store import FakeStore


def test_follower_keeps_up_through_failures_and_reorganisations(database: Database) -> None:
    chain, errors, stop = FakeChain(3), [], Event()
    chain.mine(20)
    store = FakeStore(chain.story.documents)
    seen: list[Progress] = []
    follower = Follower(
        Indexer(database, chain), Describer(database, store), 0.01, seen.append, lambda error: errors.append(error)
    )
    progress = follower.progress
    thread = Thread(target=follower.run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: progress.block == 20 and progress.lag_blocks == 0)
        chain.on_call = _down
        wait_for(lambda: progress.errors >= 2)
        assert progress.last_error == "The node is down."
        chain.on_call = lambda name: None
        chain.reorganise(4, then=9)
        wait_for(lambda: progress.block == 25)
        assert (progress.reorganisations, progress.blocks_undone >= 4) == (1, True)
        wait_for(lambda: IndexedReadModel(database).status().undescribed == 0)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    assert all(isinstance(error, ContrafactError) for error in errors)
    assert progress.events > 0
    assert seen
    assert differences(database, chain) == []


def _down(name: str) -> None:
    raise ChainError("The node is down.")
