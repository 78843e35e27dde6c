"""The service's audit of its own ledger: as anybody's, but that its report is kept for who looks at it.

A report is one SQLite file, put in the place of the one before when it is whole. The journal of an audit that was
interrupted lies beside it, and the next one goes on there.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from contrafact.audit import Plan, Replays, Report
from contrafact.audit.public import order_documents, public_document
from contrafact.errors import InvalidInput
from contrafact.wiring.auditing import audit_site
from contrafact.wiring.site import Site

_SCHEMA = """
CREATE TABLE summary (body TEXT NOT NULL);
CREATE TABLE orders (order_id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
"""


def folder_of(home: Path) -> Path:
    """Where an operator's home has the audit."""
    return home / "audit"


def audit_into(
    site: Site, folder: Path, replays: str, on_step: Callable[[str], None] = lambda step: None
) -> dict[str, Any]:
    """Audits the site up to its newest confirmed block, keeps the report in the folder, and returns its summary.

    `replays` is as of `contrafact audit --replay`. Raises as `audit_site` does, but for a journal that is of another
    audit: that is put aside.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    report = _audited(site, folder / "journal.sqlite", replays, on_step)
    took = {"finished_at": int(time.time()), "seconds": round(time.monotonic() - begun, 1)}
    summary = public_document(report) | took | {"replays": replays}
    _keep(folder, summary, report)
    return summary


def _audited(site: Site, journal: Path, replays: str, on_step: Callable[[str], None]) -> Report:
    plan = Plan(replays=Replays.parse(replays), journal=journal)
    try:
        return audit_site(site, on_step, confirmed=True, plan=plan)
    except InvalidInput:
        if not journal.exists():
            raise
        journal.unlink()  # of other settings or another version: what it holds is worth nothing now
        return audit_site(site, on_step, confirmed=True, plan=plan)


def _keep(folder: Path, summary: dict[str, Any], report: Report) -> None:
    draft = folder / "report.part"
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as database, database:
        database.executescript(_SCHEMA)
        database.execute("INSERT INTO summary VALUES (?)", (json.dumps(summary),))
        rows = ((order, json.dumps(body)) for order, body in order_documents(report))
        database.executemany("INSERT INTO orders VALUES (?, ?)", rows)
    os.replace(draft, folder / "report.sqlite")


def kept_summary(folder: Path) -> dict[str, Any] | None:
    """The summary of the newest report, or None before there is one."""
    return _read(folder, "SELECT body FROM summary")


def kept_order(folder: Path, order: str) -> dict[str, Any] | None:
    """What the newest report says of an order; None for one that was not in it."""
    return _read(folder, "SELECT body FROM orders WHERE order_id = ?", order)


def _read(folder: Path, query: str, *values: str) -> dict[str, Any] | None:
    with _opened(folder / "report.sqlite") as database:
        row = database.execute(query, values).fetchone() if database else None
        return dict(json.loads(row[0])) if row else None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection | None]:
    """The report to read; None where there is none."""
    if not file.exists():
        yield None
        return
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        yield database
