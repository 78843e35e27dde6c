"""Running a node inside a Python process, in a thread of its own."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from .accounts import DEFAULT_MNEMONIC, DevAccount
from .app import ANY_ORIGIN, DRAIN, create_app, evm_worker
from .errors import DevnetError
from .limits import Limits
from .mining import MAX_INTERVAL
from .node import Node, open_node
from .settings import ETHER, Settings
from .timer import BlockTimer

DEFAULT_LIMITS = Limits()
START_SECONDS = 30
BACKLOG = 4096  # connections that may wait to be accepted


class Devnet:
    """A development node on a socket, as a context manager:

        with Devnet(accounts=3) as node:
            Web3(HTTPProvider(node.url)).eth.get_balance(node.accounts[0].address)

    `balance` is in wei. `port` 0 takes a free one. With `state` the chain is kept in that file.
    `block_time`, in seconds, makes a block that often instead of one for each transaction; `automine` False
    makes none by itself. Web pages of `origins` may talk to it.
    """

    def __init__(
        self,
        *,
        chain_id: int = 31337,
        accounts: int = 20,
        balance: int = 10_000 * ETHER,
        mnemonic: str = DEFAULT_MNEMONIC,
        host: str = "127.0.0.1",
        port: int = 0,
        state: Path | str | None = None,
        gas_limit: int = 30_000_000,
        block_time: float | None = None,
        automine: bool = True,
        origins: Sequence[str] = ANY_ORIGIN,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.settings = Settings(chain_id, accounts, balance, mnemonic, gas_limit)
        if block_time is not None and not 0 < block_time <= MAX_INTERVAL:
            raise DevnetError(f"block time must be above 0 and at most {MAX_INTERVAL} seconds")
        self._mining = (automine and block_time is None, block_time)
        self._origins = tuple(origins)
        self._address = (host, port)
        self._state = None if state is None else Path(state)
        self._limits = limits
        self._running: _Running | None = None

    @property
    def url(self) -> str:
        """Where the node listens."""
        host, port = self._alive.socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def ws_url(self) -> str:
        """Where the node listens for WebSockets: the same port."""
        return "ws" + self.url.removeprefix("http")

    @property
    def accounts(self) -> tuple[DevAccount, ...]:
        """The funded accounts."""
        return self._alive.node.accounts

    @property
    def chain_id(self) -> int:
        return self.settings.chain_id

    def start(self) -> Self:
        """Listen, and return when requests are answered.

        Raises:
            DevnetError: the port or the state file cannot be used, or the mnemonic is none.
        """
        if self._running is None:
            listener = _listen(*self._address)
            try:
                node = open_node(self.settings, self._state, self._limits)
            except BaseException:
                listener.close()
                raise
            node.miner.automine, node.miner.interval = self._mining
            self._running = _Running(node, listener, self._origins)
            self._running.wait_until_ready()
        return self

    def stop(self) -> None:
        """Finish what is being executed, stop listening, and close the state file."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def is_running(self) -> bool:
        return self._running is not None and self._running.thread.is_alive()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _alive(self) -> _Running:
        if self._running is None:
            raise DevnetError("the node is not running; call start(), or use it in a `with` block")
        return self._running


class _Running:
    """The parts of a node that runs: the listening socket, the server's thread, the EVM's thread."""

    def __init__(self, node: Node, listener: socket.socket, origins: Sequence[str]) -> None:
        self.node = node
        self.socket = listener
        self._evm = evm_worker()
        config = uvicorn.Config(
            create_app(node, self._evm, origins),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=node.limits.body * DRAIN,  # the application refuses less than that in words
        )
        self._server = uvicorn.Server(config)
        self._timer = BlockTimer(node.miner, self._evm)
        self.thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self.thread.start()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self.thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise DevnetError("the HTTP server did not start; its log says why")
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self.thread.join()
        self._timer.stop()
        self._evm.shutdown()
        self.node.chain.close()
        self.socket.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where TCP is named; with it, every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere the option would let two nodes share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        return listener
    except (OSError, OverflowError) as error:
        listener.close()
        hint = "choose another port, or 0 for a free one"
        raise DevnetError(f"cannot listen on {host}:{port} ({error}); {hint}") from error
