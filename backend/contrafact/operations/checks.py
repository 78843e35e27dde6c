"""What a service must have to be ready, each as a small test."""

from __future__ import annotations

from pathlib import Path

from contrafact.domain.digests import cid, sha256
from contrafact.errors import ChainError, ContrafactError, DatabaseError, NotFound, Payment
from contrafact.operations.health import Test
from contrafact.operations.supervisor import Supervised
from contrafact.ports import ContentStore
from contrafact.read_model import IndexStatus, ReadModel
from contrafact.store.database import Database
from contrafact.store.schema import newest_revision, revision
from contrafact.wiring import Site

_NOTHING = cid(sha256(b""))


def database_is_migrated(database: Database) -> Test:
    """Whether the database answers, and has this version's schema."""

    def test() -> str:
        if (found := revision(database)) != (wanted := newest_revision()):
            text = f"The schema is {found or 'empty'}, and this version's is {wanted}."
            raise DatabaseError(text, "Start the service of this version: it migrates at its start.")
        return f"schema {found}"

    return test


def node_answers(site: Site) -> Test:
    """Whether a node answers, of the deployment's chain."""

    def test() -> str:
        return f"chain {site.connection.chain_id} at block {site.connection.head()}"

    return test


def index_is_near(site: Site, index: ReadModel, most: int) -> Test:
    """Whether the index is at most so many blocks behind the head that a node tells now."""

    def test() -> str:
        try:
            status: IndexStatus = index.status()
        except NotFound as error:
            raise ChainError("Nothing is indexed yet.", "Wait; is a process running that indexes?") from error
        lag = max(0, site.connection.head() - status.block)
        if lag > most:
            text = f"The index is {lag} blocks behind."
            raise ChainError(text, "Wait; if it does not come nearer, is a process running that indexes?")
        return f"{lag} blocks behind"

    return test


def store_answers(store: ContentStore) -> Test:
    """Whether the content store can be asked; whether it holds anything does not matter."""

    def test() -> str:
        store.has(_NOTHING)
        return "it answers"

    return test


def bond_is_free(site: Site, operator: str) -> Test:
    """Whether a part of the operator's bond is free to cover another order."""

    def test() -> str:
        bond = site.reader.bond(operator, site.token())
        if bond.free <= 0:
            raise Payment("Nothing of the bond is free.", "Run: contrafact operator deposit AMOUNT")
        return f"{bond.free} units are free"

    return test


def part_is_well(part: Supervised) -> Test:
    """Whether a part of this process runs, and not only since its last crash a moment ago."""

    def test() -> str:
        if not part.is_well:
            text = f"It crashed: {part.error}" if part.error else "It does not run."
            raise ContrafactError(text, "It is started again by itself; see the log.")
        return f"it runs, started again {part.restarts} times" if part.restarts else "it runs"

    return test


def places(home: Path, store: Path | None, database: Path | None) -> list[Path]:
    """Where this installation writes on this machine's disks."""
    return [path for path in (home, store, database.parent if database else None) if path is not None]
