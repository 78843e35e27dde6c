"""Judging orders in several processes. Each has a chain connection, a store and tools of its own."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection

from contrafact import leash
from contrafact.audit.judged import Judged
from contrafact.audit.judging import Common, OrderJudge, OrderTask
from contrafact.audit.ports import AuditedLedger, Tools
from contrafact.errors import ComputeError
from contrafact.ports import ContentStore

Opened = tuple[AuditedLedger, ContentStore, Tools]
"""What an auditor looks with."""
Opener = Callable[[], Opened]
"""Opens it anew in another process, as of the same block; it is sent there, so it must be picklable."""
_AHEAD = 3  # orders that wait for each worker

_judge: OrderJudge | None = None


def judged(judge: OrderJudge, tasks: Iterable[OrderTask]) -> Iterator[Judged]:
    """What is said of each order, in this process."""
    return map(judge.judge, tasks)


def judged_by_many(opener: Opener, common: Common, jobs: int, tasks: Iterable[OrderTask]) -> Iterator[Judged]:
    """The same, in the same order, by so many processes. Raises ComputeError where one is lost."""
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)  # a worker ends with this process, however that ends
    pool = ProcessPoolExecutor(jobs, context, _begin, (opener, common, theirs))
    try:
        yield from _in_order(pool, jobs * _AHEAD, tasks)
    except BrokenProcessPool:
        hint = "Give the same command again: with --journal it goes on where it stopped. Fewer --jobs need less memory."
        raise ComputeError("A process that judges orders was lost.", hint) from None
    finally:
        pool.shutdown(cancel_futures=True)
        ours.close()
        theirs.close()


def _in_order(pool: ProcessPoolExecutor, most: int, tasks: Iterable[OrderTask]) -> Iterator[Judged]:
    """Results in the order of the tasks, of which no more than `most` are under way."""
    waiting: deque[Future[Judged]] = deque()
    for task in tasks:
        waiting.append(pool.submit(_work, task))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(opener: Opener, common: Common, end: Connection) -> None:
    global _judge
    leash.live_by(end)
    ledger, store, tools = opener()
    _judge = OrderJudge(ledger, common.store(store), tools, common)


def _work(task: OrderTask) -> Judged:
    assert _judge is not None, "the worker was not begun"
    return _judge.judge(task)
