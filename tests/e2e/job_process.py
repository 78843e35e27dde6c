"""The order job in a process of its own, which kills itself (SIGKILL) where it is told to.

`python -m tests.e2e.job_process SETTINGS ORDER` runs one to its end; SETTINGS is the settings as JSON, ORDER the id
in hex. From Python, `run` is the target of a process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier
from typing import NoReturn

from contrafact.domain.digests import from_hex
from contrafact.errors import ContrafactError
from contrafact.order.job import OrderJob
from contrafact.settings import Settings
from contrafact.wiring import Site

from .town import operator

OnStep = Callable[[str], None]


def run(
    settings: Settings, order_id: bytes, kill_at: str = "", meet_at: str = "", meeting: Barrier | None = None
) -> None:
    """Runs the job; ends the process with the exit code of the error if there is one.

    `kill_at`: `step NAME` (at its start), `file NAME` (half of it written), `stored N` (before the Nth content
    lies in the store), `sending N` / `sent N` (before the Nth transaction leaves, after it was answered).
    At the step `meet_at` the process waits until all others of the `meeting` are there too.
    """
    killer = Killer(kill_at, settings)
    sys.addaudithook(killer.audit)

    def on_step(step: str) -> None:
        if meeting is not None and step == meet_at:
            meeting.wait(timeout=60)
        killer.step(step)

    try:
        job = OrderJob.of(Site(settings).workshop(operator()), order_id, on_step, lambda bar, bars: None)
        job.run()
    except ContrafactError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


class Killer:
    """Watches what the interpreter does and ends the process at one point, without a chance to clean up."""

    def __init__(self, kill_at: str, settings: Settings) -> None:
        self._kind, _, self._which = kill_at.partition(" ")
        self._store = settings.store.removeprefix("folder:")
        self._stored = self._sent = 0

    def step(self, name: str) -> None:
        if (self._kind, self._which) == ("step", name):
            _die()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in ("os.rename", "os.link"):
            self._renaming(Path(str(arguments[0])), str(arguments[1]))
        elif event == "http.client.send":
            self._sending(arguments[1])

    def _renaming(self, partial: Path, target: str) -> None:
        """Files come to be under another name and are renamed, or linked, when they are whole."""
        if target.startswith(self._store):
            self._stored += 1
            if (self._kind, self._which) == ("stored", str(self._stored)):
                _die()
        elif self._kind == "file" and target.endswith(f"/{self._which}"):
            os.truncate(partial, partial.stat().st_size // 2)
            _die()

    def _sending(self, data: object) -> None:
        """Sees each request as it leaves. The one after a transaction leaves when the transaction was answered."""
        if self._kind == "sent" and self._which == str(self._sent):
            _die()
        if isinstance(data, bytes) and b"eth_sendRawTransaction" in data:
            self._sent += 1
            if (self._kind, self._which) == ("sending", str(self._sent)):
                _die()


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a killed process goes no further")


if __name__ == "__main__":
    run(Settings.model_validate_json(sys.argv[1]), from_hex(sys.argv[2]))
