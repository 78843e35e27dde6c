"""A service put together from the settings: what of it runs in this process, and what it must have to be ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from contrafact.errors import ContrafactError, NotFound
from contrafact.ledger.signer import Signer
from contrafact.operations import checks, own_audit, parts, warming
from contrafact.operations.api import make_api
from contrafact.operations.gauges import Gauges
from contrafact.operations.health import Readiness, Test, disk_space
from contrafact.operations.roles import Role
from contrafact.operations.service import Plan
from contrafact.operations.supervisor import Supervised
from contrafact.operations.watching import watched_site
from contrafact.records.places import folder_of
from contrafact.settings import Settings
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.store.read_model import IndexedReadModel
from contrafact.web.held import HeldStore
from contrafact.wiring import Site
from contrafact.wiring.access import passphrase, signer
from contrafact.wiring.indexing import open_database
from contrafact.wiring.recognising import ServiceIdentification
from contrafact.wiring.site import generation_is_installed


@contextmanager
def planned(settings: Settings, roles: frozenset[Role]) -> Iterator[Plan]:
    """The plan of a process; its database is closed at the end.

    Raises what wrong settings raise, and DatabaseError. A node that is away raises nothing: it is waited for.
    """
    key = operator_key(settings, roles)
    database = open_database(settings)
    try:
        database.migrate()
        yield _plan(settings, roles, database, key)
    finally:
        database.close()


def operator_key(settings: Settings, roles: frozenset[Role]) -> Signer | None:
    """The key that quotes and commits are signed with; None without one: then nothing is quoted and no order run.

    Raises NotFound where jobs are wanted by themselves, and what `load_key` raises.
    """
    if settings.operator_key_file is None:
        if roles == {Role.JOBS}:
            raise NotFound("Orders cannot be run without a key.", "Set CONTRAFACT_OPERATOR_KEY_FILE.")
        return None
    return signer(settings, "operator_key_file") if roles & {Role.API, Role.JOBS} else None


def known_secrets(settings: Settings, key: Signer | None) -> Iterable[str]:
    """What no line of the log may hold, as far as this process knows it."""
    yield from (part for url in settings.rpc_url.split(",") if (part := url.partition("://")[2].partition("/")[2]))
    for given in (settings.key_passphrase, settings.operator_key_passphrase):
        if given is not None:
            yield given.get_secret_value()
    if settings.operator_key_passphrase_file is not None and settings.operator_key_file is not None:
        yield passphrase(settings, "operator_key_file").read(settings.operator_key_file, "operator_key_file")
    if (private := getattr(key, "key", None)) is not None:  # a signer elsewhere keeps its own
        yield bytes(private).hex()


def _plan(settings: Settings, roles: frozenset[Role], database: Database, key: Signer | None) -> Plan:
    site, index = watched_site(settings), IndexedReadModel(database)
    supervised = _supervised(site, roles, database, key)
    known = _identification(site, index) if Role.API in roles and generation_is_installed() else None
    return Plan(
        api=make_api(site, database, index, key, known) if Role.API in roles else None,
        parts=[*supervised, warming.manifests(index, site.kept_store)] if Role.API in roles else supervised,
        readiness=Readiness(_tests(site, database, index, key, supervised)),
        gauges=Gauges(index.status, Jobs(database).counts, supervised),
        closing=[site.close] if known is None else [known.close, site.close],
    )


def _identification(site: Site, index: IndexedReadModel) -> ServiceIdentification:
    return ServiceIdentification(site, index, HeldStore(site.kept_store))


def _supervised(site: Site, roles: frozenset[Role], database: Database, key: Signer | None) -> list[Supervised]:
    index = IndexedReadModel(database)
    found = [parts.indexer(site.settings, database)] if Role.INDEXER in roles else []
    if Role.JOBS in roles and key is not None:
        found.append(parts.jobs(site, database, key))
    if Role.AUDIT in roles and site.settings.audit_hours:
        found.append(own_audit.auditor(site.settings, lambda block: _settled_since(index, block)))
    return found


def _settled_since(index: IndexedReadModel, block: int) -> bool:
    """Whether orders were settled after a block, as far as the index knows: one that cannot be asked knows of none."""
    try:
        return index.settled_since(block)
    except ContrafactError:
        return False


def _tests(
    site: Site, database: Database, index: IndexedReadModel, key: Signer | None, supervised: Iterable[Supervised]
) -> dict[str, Test]:
    settings = site.settings
    file = Path(database.url.database or "") if database.is_sqlite else None
    folders = checks.places(settings.home, folder_of(settings.store), file)
    tests = {
        "database": checks.database_is_migrated(database),
        "node": checks.node_answers(site),
        "index": checks.index_is_near(site, index, settings.ready_lag_blocks),
        "store": checks.store_answers(site.store),
        "disk": disk_space(folders, settings.ready_disk_mb),
    }
    if key is not None:
        tests["bond"] = checks.bond_is_free(site, site.operator_of(key))
    return tests | {part.name: checks.part_is_well(part) for part in supervised}
