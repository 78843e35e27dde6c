"""A database by URL: its schema, its transactions, and what it says when it cannot be had."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select

from contrafact.errors import DatabaseError, InvalidInput
from contrafact.store import tables
from contrafact.store.database import Base, Database

HOLDER = {"split_root": bytes(32), "holder": "0x" + 40 * "1", "ppm": 1}


def places(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.execute(select(tables.holders.c.place).order_by(tables.holders.c.place)).scalars())


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    database.migrate()
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        mine = {table.name for table in Base.metadata.sorted_tables}
        differences = [found for found in compare_metadata(context, Base.metadata) if _is_about(found, mine)]
    assert differences == []


def _is_about(difference: object, mine: set[str]) -> bool:
    """Other parts' tables are there, too, when only this part's are imported."""
    return not (isinstance(difference, tuple) and difference[0] == "remove_table" and difference[1].name not in mine)


def test_processes_that_migrate_at_once_do_it_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Database.migrate, databases))
    assert places(databases[0]) == []
    for each in databases:
        each.close()


def test_writing_is_all_or_nothing(database: Database) -> None:
    database.migrate()
    with pytest.raises(RuntimeError):
        _write_and_fail(database)
    assert places(database) == []


def _write_and_fail(database: Database) -> None:
    with database.writing() as session:
        session.execute(insert(tables.holders).values(place=0, **HOLDER))
        raise RuntimeError


def test_reader_sees_one_state_while_another_writes(database: Database) -> None:
    database.migrate()
    with database.reading() as session:
        before = session.execute(select(tables.holders.c.place)).all()
        with database.writing() as writer:
            writer.execute(insert(tables.holders).values(place=0, **HOLDER))
        assert session.execute(select(tables.holders.c.place)).all() == before == []
    assert places(database) == [0]


def test_writers_that_count_on_what_they_read_take_turns(tmp_path: Path) -> None:
    """On SQLite, by the lock at the transaction's begin; on PostgreSQL rows are locked."""
    database = Database(f"sqlite:///{tmp_path}/deeper/index.db")
    database.migrate()

    def add(_: int) -> None:
        with database.writing() as session:
            following = len(session.execute(select(tables.holders)).all())
            session.execute(insert(tables.holders).values(place=following, **HOLDER))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    assert places(database) == list(range(20))


@pytest.mark.parametrize("url", ["", "mysql://somewhere/x", "sqlite"])
def test_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///PATH"):
        Database(url)


def test_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    database = Database(f"postgresql://me:secret@/x?host={tmp_path}")
    with pytest.raises(DatabaseError) as caught:
        database.migrate()
    assert "secret" not in str(caught.value)


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.db").write_text("Not a database, but a text that is long enough to be read as one." * 20)
    with pytest.raises(DatabaseError, match="not a database"):
        Database(f"sqlite:///{tmp_path}/index.db").migrate()


def test_other_failures_while_it_is_used_are_not_the_databases(database: Database) -> None:
    with pytest.raises(ConnectionError), database.reading():
        raise ConnectionError
