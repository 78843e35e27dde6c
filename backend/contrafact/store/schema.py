"""Which version of the schema a database has, and which one this program wants."""

from __future__ import annotations

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from contrafact.store.database import Database


def revision(database: Database) -> str | None:
    """None for a database without tables. Raises DatabaseError."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def newest_revision() -> str | None:
    """This program's."""
    return ScriptDirectory(str(Path(__file__).parent / "migrations")).get_current_head()
