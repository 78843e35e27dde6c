"""The timer of interval mining: a thread that asks the node's thread for a block now and then."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Executor

from .mining import Miner

_log = logging.getLogger(__name__)


class BlockTimer:
    """Makes a block every `miner.interval` seconds, for as long as there is an interval."""

    def __init__(self, miner: Miner, evm: Executor) -> None:
        self._miner = miner
        self._evm = evm
        self._changed = threading.Event()
        self._ended = False
        miner.on_interval = self._changed.set
        self._thread = threading.Thread(target=self._run, name="block timer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Make no more blocks."""
        self._ended = True
        self._changed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended:
            if self._changed.wait(self._miner.interval):
                self._changed.clear()
                continue  # with the new interval
            try:
                self._evm.submit(self._mine).result()
            except Exception:  # the timer must outlive a block that cannot be made
                _log.exception("no block could be made")

    def _mine(self) -> None:
        if self._miner.interval is not None:  # it may have been stopped while this waited in line
            self._miner.mine()
