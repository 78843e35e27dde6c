"""Whether the service is alive, and whether it is ready for work: small checks with a time limit, kept for a second."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from contrafact.errors import ContrafactError

LONGEST = 3.0
"""Seconds that a check may take."""
KEPT = 1.0
"""Seconds that an answer is kept, so that asking often costs nothing."""

Test = Callable[[], str]
"""Says what was found, or raises ContrafactError with what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check ended: what was found, and what to do where it is not ok."""

    ok: bool
    found: str
    advice: str = ""

    def to_dict(self) -> dict[str, object]:
        return {"ok": self.ok, "found": self.found} | ({"advice": self.advice} if self.advice else {})


class Readiness:
    """All checks at once. `answer` is cheap: nothing is checked again within a second, nor while a check still runs."""

    def __init__(self, tests: Mapping[str, Test]) -> None:
        self._tests = dict(tests)
        self._pool = ThreadPoolExecutor(max(1, len(tests)), thread_name_prefix="readiness")
        self._running: dict[str, Future[Finding]] = {}
        self._lock = Lock()
        self._kept: dict[str, Finding] = {}
        self._at = float("-inf")
        self._ending = False

    def end(self) -> None:
        """From now on the service is not ready: it is told to end."""
        self._ending = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def answer(self) -> tuple[bool, dict[str, object]]:
        """Whether it is ready, and each check as a document."""
        findings = {"shutdown": Finding(False, "the service ends")} if self._ending else self._findings()
        ready = all(finding.ok for finding in findings.values())
        return ready, {"ready": ready, "checks": {name: finding.to_dict() for name, finding in findings.items()}}

    def _findings(self) -> dict[str, Finding]:
        with self._lock:
            if time.monotonic() - self._at >= KEPT:
                self._kept, self._at = self._checked(), time.monotonic()
            return self._kept

    def _checked(self) -> dict[str, Finding]:
        for name, test in self._tests.items():
            if name not in self._running:
                self._running[name] = self._pool.submit(_finding, test)
        end = time.monotonic() + LONGEST
        return {name: self._result(name, end) for name in self._tests}

    def _result(self, name: str, end: float) -> Finding:
        """One that takes too long goes on, and is asked for again the next time."""
        try:
            found = self._running[name].result(max(0.0, end - time.monotonic()))
        except TookTooLong:
            return Finding(False, f"no answer within {LONGEST:g} s")
        del self._running[name]
        return found


def _finding(test: Test) -> Finding:
    try:
        return Finding(True, test())
    except ContrafactError as error:
        return Finding(False, error.message, error.hint)
    except Exception as error:  # a check that crashes is a check that failed
        return Finding(False, f"{type(error).__name__}: {error}")


def disk_space(folders: Sequence[Path], least_mb: int) -> Test:
    """Whether so much is free in each of the folders, or in the nearest above that is there."""

    def test() -> str:
        free = min((shutil.disk_usage(_existing(folder)).free // 10**6, str(folder)) for folder in folders)
        if free[0] < least_mb:
            raise ContrafactError(f"{free[0]} MB are free at {free[1]}.", f"Free some: {least_mb} MB are needed.")
        return f"{free[0]} MB are free"

    return test


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())
