"""The database: SQLite in a file by default, PostgreSQL by URL. One schema, kept by Alembic's migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from contrafact.errors import DatabaseError, InvalidInput

_BUSY_SECONDS = 30


class Base(DeclarativeBase):
    """What all tables derive from."""


class Database:
    """One database by its URL (`sqlite:///path`, `postgresql+psycopg://…`). Thread-safe; processes may share it.

    Raises InvalidInput for a URL that is none, DatabaseError where the database cannot be reached or written.
    """

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise InvalidInput(
                "The database's URL cannot be read.", "Write sqlite:///PATH or postgresql+psycopg://…"
            ) from error
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def migrate(self) -> None:
        """Brings the schema to this version's; harmless where it is."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._reported(), self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads one state of the database and writes nothing."""
        with self._reported(), Session(self.engine) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are all made at its end, or none of them."""
        with self._reported(), Session(self.engine) as session, session.begin():
            if self.is_sqlite:
                session.connection().exec_driver_sql(
                    "BEGIN IMMEDIATE"
                )  # not only at the first write, where it may fail
            yield session

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            text = f"The database {self.url.render_as_string(hide_password=True)} failed: {error.orig}."
            raise DatabaseError(text, "Look whether it runs and its disk has space, then try again.") from error


def _engine(url: Any) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # this file begins transactions itself
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
