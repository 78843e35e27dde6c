"""The database: SQLite in a file by default, PostgreSQL by URL. One schema, kept by Alembic's migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session

from contrafact.errors import DatabaseError, InvalidInput

_BUSY_SECONDS = 30
_MAPPED = 2**28
_WRITES = "contrafact_writes"
_MIGRATING = 0x636F6E74  # the advisory lock under which PostgreSQL's schema changes
_HINT = "Write sqlite:///PATH or postgresql://USER@HOST/NAME."


class Base(DeclarativeBase):
    """What all tables derive from."""


class Database:
    """One database by its URL (`sqlite:///path`, `postgresql://…`). Thread-safe; processes may share it.

    Raises InvalidInput for a URL that is none, DatabaseError where the database cannot be reached or written.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        if self.is_sqlite and self.url.database:
            self._make_folder(Path(self.url.database).parent)
        self.engine = _engine(self.url)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**_ONE_STATE)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def place(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    def migrate(self) -> None:
        """Brings the schema to this version's; harmless where it is, and where another process does it."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._reported(), self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads one state of the database and writes nothing."""
        with self._reported(), Session(self._reader) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are all made at its end, or none of them.

        On SQLite there is one at a time. On PostgreSQL several run side by side: lock the rows that what you write
        depends on (`with_for_update`).
        """
        with self._reported(), Session(self._writer) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            raise self._failed(getattr(error, "orig", None) or error) from error

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: BaseException) -> DatabaseError:
        reason = str(error).strip().rstrip(".")
        text = f"The database {self.place} failed: {reason}."
        return DatabaseError(text, "Look whether it runs and its disk has space, then try again.")


_ONE_STATE: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise InvalidInput("The database's URL cannot be read.", _HINT) from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise InvalidInput(f"Databases of the kind {url.drivername!r} are not supported.", _HINT)
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions: `_begin_sqlite` does
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA mmap_size={_MAPPED}")  # searches read the same pages again and again


def _begin_sqlite(connection: Connection) -> None:
    """Who will write takes the lock at once, and waits for it: at the first write it would fail after reading."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
