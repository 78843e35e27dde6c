"""`contrafact serve` as a process of its own, on the town's chain."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from contrafact.settings import Settings

from .command import EXECUTABLE

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Served:
    """A running service. `log` is what it wrote on standard error so far."""

    process: subprocess.Popen[bytes]
    url: str
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=30, **arguments)

    def gauge(self, series: str) -> float:
        """A series of `/metrics`, 0 while it is not there."""
        lines = self.get("/metrics").text.splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{series} ")), 0.0)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal and waits. Returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(LONGEST)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Waits until something is so; fails with the log where it does not come to be."""
        end = time.monotonic() + LONGEST
        while not is_so():
            assert self.process.poll() is None, f"it ended while it was to {what}:\n{self.log}"
            assert time.monotonic() < end, f"it did not {what}:\n{self.log}"
            time.sleep(0.05)


@contextmanager
def serving(settings: Settings, folder: Path, *arguments: object, **changes: object) -> Iterator[Served]:
    """Starts the service under these settings, on a free port; kills it at the end if it still runs."""
    log_file = folder / f"service-{len(list(folder.glob('service-*.log')))}.log"
    command = [str(EXECUTABLE), "serve", "--port", "0", *map(str, arguments)]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=_environment(settings, changes))
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        assert said.startswith("Listening on "), log_file.read_text()
        yield Served(process, said.split()[-1], log_file)
    finally:
        process.kill()
        process.communicate()


def _environment(settings: Settings, changes: dict[str, object]) -> dict[str, str]:
    given = {name: getattr(settings, name) for name in settings.model_fields_set} | changes
    named = {f"CONTRAFACT_{name.upper()}": str(value) for name, value in given.items() if value is not None}
    return {**os.environ, "OMP_NUM_THREADS": "1", **named}
