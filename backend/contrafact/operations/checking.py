"""`contrafact serve --check`: what would run, and whether what it needs is there. Nothing is started or changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url

from contrafact.errors import ContrafactError
from contrafact.ledger.checklist import Check, fail, ok
from contrafact.operations.assembling import operator_key
from contrafact.operations.checks import bond_is_free, node_answers, places, store_answers
from contrafact.operations.health import disk_space
from contrafact.operations.probes import networks
from contrafact.operations.roles import Role
from contrafact.records.places import folder_of
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.indexing import database_url, open_database


def described(settings: Settings, roles: frozenset[Role]) -> dict[str, str]:
    """What would run, in words."""
    probes = settings.port if settings.metrics_port is None else settings.metrics_port
    return {
        "parts": ", ".join(role.value for role in Role if role in roles),
        "API": f"http://{settings.host}:{settings.port}" if Role.API in roles else "none",
        "health and metrics": f"http://{settings.host}:{probes}",
        "database": make_url(database_url(settings)).render_as_string(hide_password=True),
        "content store": settings.store,
        "home": str(settings.home),
        "generation": f"{settings.compute}, {settings.workers} workers, {settings.jobs_at_once} orders at once",
    }


def preflight(settings: Settings, roles: frozenset[Role]) -> list[Check]:
    """Whether everything is there. A database that is not, and is a file, is made at the first start."""
    site, key = Site(settings), None
    found = [_checked("metrics", lambda: f"for {len(networks(settings.metrics_from))} networks")]
    try:
        key = operator_key(settings, roles)
        found.append(ok("operator", site.operator_of(key) if key else "no key: nothing is quoted, no order is run"))
    except ContrafactError as error:
        found.append(fail("operator", error.message, error.hint))
    folders = places(settings.home, folder_of(settings.store), None)
    found += [
        _checked("database", lambda: _database(settings)),
        _checked("node", node_answers(site)),
        _checked("content store", store_answers(site.store)),
        _checked("disk", disk_space(folders, settings.ready_disk_mb)),
    ]
    if key is not None and all(check.verdict == "ok" for check in found):
        found.append(_checked("bond", bond_is_free(site, site.operator_of(key))))
    return found


def _checked(name: str, test: Callable[[], str]) -> Check:
    try:
        return ok(name, test())
    except ContrafactError as error:
        return fail(name, error.message, error.hint)


def _database(settings: Settings) -> str:
    url = make_url(database_url(settings))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return "it is made at the first start"
    database = open_database(settings)
    try:
        with database.reading():
            return "it answers"
    finally:
        database.close()
