"""The part of the service that audits its own ledger now and then, in a process of its own.

An audit is minutes of work of one processor, and takes the model's memory: in a process apart it hinders no request,
and can be ended at any moment; its journal goes on at the next start.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

from contrafact.errors import ChainError, ComputeError, ContrafactError, StoreError
from contrafact.leash import live_by
from contrafact.operations.supervisor import Supervised
from contrafact.settings import Settings
from contrafact.web.audits import Standing
from contrafact.wiring import Site
from contrafact.wiring.own_audit import audit_into, folder_of, kept_order, kept_summary

logger = logging.getLogger(__name__)

FIRST_AFTER = 60.0
"""Seconds from the start of the service to its first audit: others want the processor then."""
SHORTEST_HOURS, RESTS = 1.0, 100
"""After an audit the part rests this many times as long as that took: it needs one processor's hundredth at most."""
SOON, SHORT, NEWS_RESTS = 60.0, 120.0, 5
"""After orders were settled the next one comes sooner, where audits take `SHORT` seconds at most: `SOON` seconds after
the last, and no more than a sixth of a processor, for which everything else goes first.
"""
_LOOK = 0.5
_NEWS_LOOK = 15.0
_NICE = 10  # whoever waits for a page or a piece comes first


class KeptAudits:
    """Implements the port `web.audits.Audits` with what the audits of this home left, in whatever process they ran."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._every = folder_of(settings.home), settings.audit_hours

    def standing(self) -> Standing:
        latest, problem = self.latest(), _text(self._folder / "problem")
        rests = rest_hours(self._every, latest), rest_hours(self._every, latest, news=problem is None)
        return Standing(*rests, _text(self._folder / "step"), problem)

    def latest(self) -> Mapping[str, Any] | None:
        return kept_summary(self._folder)

    def order(self, order: str) -> Mapping[str, Any] | None:
        return kept_order(self._folder, order)


def rest_hours(longest: float, latest: Mapping[str, Any] | None, news: bool = False) -> float:
    """Hours from the end of the newest audit to the next: an hour where audits are short, at most `longest`.

    With `news`, where orders were settled since: minutes, if audits are short.
    """
    took = latest.get("seconds", 0.0) if latest else 0.0
    rest = max(SHORTEST_HOURS, RESTS * took / 3600)
    if news and took <= SHORT:
        rest = min(rest, max(SOON, NEWS_RESTS * took) / 3600)
    return min(longest, rest)


def auditor(settings: Settings, has_news: Callable[[int], bool], first_after: float = FIRST_AFTER) -> Supervised:
    """Audits after each `rest_hours`; what failed is tried again after the same time, and its reason is shown.

    `has_news` says whether orders were settled since a block.
    """
    tried = 0.0  # outlives a run that a lost audit ends: the next run does not begin it again at once

    def run(stop: Event) -> None:
        nonlocal tried
        stop.wait(first_after)
        while not stop.is_set():
            wait = due_at(settings, tried, has_news) - time.time()
            if wait > 0:
                stop.wait(min(wait, _NEWS_LOOK))
                continue
            try:
                _audit(settings, stop)
            finally:
                tried = time.time()

    return Supervised("auditor", run)


def due_at(settings: Settings, tried: float, has_news: Callable[[int], bool]) -> float:
    """When the next audit is due, in seconds since the epoch; `tried` is when this process's last try ended, or 0.

    News bring none forward while the last try has failed: it would fail again, every minute.
    """
    folder = folder_of(settings.home)
    latest = kept_summary(folder)
    ended = max(tried, latest["finished_at"] if latest else 0.0)
    news = latest is not None and has_news(latest["block"]) and _text(folder / "problem") is None
    return ended + rest_hours(settings.audit_hours, latest, news) * 3600


def _audit(settings: Settings, stop: Event) -> None:
    """One audit in a process of its own, which is ended when `stop` is set. Raises ComputeError where it is lost."""
    context = multiprocessing.get_context("spawn")
    leash, mine = context.Pipe(duplex=False)
    process = context.Process(target=_once, args=(settings, leash), name="contrafact-audit", daemon=True)
    process.start()
    while process.is_alive() and not stop.is_set():
        process.join(_LOOK)
    if stop.is_set():
        process.kill()
    process.join()
    mine.close()
    folder = folder_of(settings.home)
    (folder / "step").unlink(missing_ok=True)
    if process.exitcode and not stop.is_set():
        lost = ComputeError("The process of the audit was lost.", "Look at the machine's memory.")
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "problem", _told(lost))
        raise lost


def _once(settings: Settings, leash: Connection) -> None:
    """The whole life of that process."""
    live_by(leash)
    os.nice(_NICE)
    folder = folder_of(settings.home)
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(settings)
    try:
        audit_into(site, folder, settings.audit_replays, lambda step: _write(folder / "step", step))
        (folder / "problem").unlink(missing_ok=True)
    except ContrafactError as error:  # a node or a store that is away: it is tried again when the next one is due
        logger.warning("the audit did not come to its end: %s", error)
        _write(folder / "problem", _told(error))
    finally:
        site.close()


def _told(error: ContrafactError) -> str:
    """A reason for everybody. Only those of a node or a store name no file of this machine."""
    return str(error) if isinstance(error, ChainError | StoreError) else "Something in the service itself hinders it."


def _write(file: Path, text: str) -> None:
    draft = file.with_suffix(".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return None
