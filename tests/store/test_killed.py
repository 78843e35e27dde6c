"""A process that is killed while it indexes leaves a database that the next one goes on with."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from contrafact.store.batches import BatchSize
from contrafact.store.comparison import differences
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer

from .fake_chain import FakeChain

_INDEXING = """
import sys
from contrafact.store.batches import BatchSize
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer
from tests.store.test_killed import chain
indexer = Indexer(Database(sys.argv[1]), chain(), size=BatchSize(1))
print("begun", flush=True)
while True:
    indexer.step()
"""


def chain() -> FakeChain:
    """The same in every process."""
    made = FakeChain(8)
    made.mine(150, remember=False)
    return made


@pytest.mark.slow
def test_index_of_killed_processes_equals_a_rebuild(database_url: str) -> None:
    moments, database = random.Random(1), Database(database_url)
    for _ in range(2):
        command = [sys.executable, "-c", _INDEXING, database_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as indexing:
            assert indexing.stdout
            assert indexing.stdout.readline() == "begun\n"
            time.sleep(moments.uniform(0.05, 0.5))
            indexing.kill()
    told = chain()
    indexer = Indexer(database, told, size=BatchSize(50))
    assert indexer.catch_up().block == told.height
    assert differences(database, told) == []
    database.close()
