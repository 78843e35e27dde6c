"""The part of the service that audits its own ledger now and then, in a process of its own.

An audit is minutes of work of one processor, and takes the model's memory: in a process apart it hinders no request,
and can be ended at any moment; its journal goes on at the next start.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Mapping
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
_LOOK = 0.5
_NICE = 10  # whoever waits for a page or a piece comes first


class KeptAudits:
    """Implements the port `web.audits.Audits` with what the audits of this home left, in whatever process they ran."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._every = folder_of(settings.home), settings.audit_hours

    def standing(self) -> Standing:
        step, problem = self._folder / "step", self._folder / "problem"
        return Standing(rest_hours(self._every, self.latest()), _text(step), _text(problem))

    def latest(self) -> Mapping[str, Any] | None:
        return kept_summary(self._folder)

    def order(self, order: str) -> Mapping[str, Any] | None:
        return kept_order(self._folder, order)


def rest_hours(longest: float, latest: Mapping[str, Any] | None) -> float:
    """Hours from the end of the newest audit to the next: an hour where audits are short, at most `longest`."""
    took = latest.get("seconds", 0.0) if latest else 0.0
    return min(longest, max(SHORTEST_HOURS, RESTS * took / 3600))


def auditor(settings: Settings, first_after: float = FIRST_AFTER) -> Supervised:
    """Audits after each `rest_hours`; what failed is tried again after the same time, and its reason is shown."""

    def run(stop: Event) -> None:
        stop.wait(max(first_after, _due_in(settings)))
        while not stop.is_set():
            _audit(settings, stop)
            stop.wait(rest_hours(settings.audit_hours, kept_summary(folder_of(settings.home))) * 3600)

    return Supervised("auditor", run)


def _due_in(settings: Settings) -> float:
    """Seconds until the next audit is due."""
    latest = kept_summary(folder_of(settings.home))
    rest = rest_hours(settings.audit_hours, latest) * 3600
    return 0.0 if latest is None else latest["finished_at"] + rest - time.time()


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
    (folder_of(settings.home) / "step").unlink(missing_ok=True)
    if process.exitcode and not stop.is_set():
        raise ComputeError("The process of the audit was lost.", "Look at the machine's memory.")


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
