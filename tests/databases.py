"""Databases to test on: SQLite in a file, and PostgreSQL from Debian's binaries, one server for a whole test run.

    from tests.databases import database_url, postgres  # noqa: F401   fixtures

`database_url` is the URL of an empty database, once of each kind; `postgres` is the server.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_NO_SYNC = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


def missing() -> str:
    """Why no PostgreSQL can be started here; empty if one can."""
    if not _binaries():
        return "PostgreSQL is not installed: apt-get install postgresql"
    return "" if os.geteuid() or _other_user() else "PostgreSQL refuses root, and there is no user to run it as"


class PostgreSQL:
    """A server on a Unix socket of its own, until the end of the `with`."""

    def __enter__(self) -> PostgreSQL:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
        self._databases = itertools.count()
        if not os.geteuid():
            shutil.chown(self._folder, _other_user())
        data, log = self._folder / "data", self._folder / "log"
        self._run("initdb", "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", f"{_NO_SYNC} -k {self._folder}", "start")
        return self

    def __exit__(self, *exception: object) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test{next(self._databases)}"
        with psycopg.connect(f"host={self._folder} user=tests dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://tests@/{name}?host={self._folder}"

    def restart(self) -> None:
        """As after a crash: it ends at once, and all connections with it."""
        self._run("pg_ctl", "-D", self._folder / "data", "-l", self._folder / "log", "-m", "immediate", "-w", "restart")

    def _run(self, program: str, *arguments: object) -> None:
        binaries = _binaries()
        assert binaries
        command = [str(binaries / program), *map(str, arguments)]
        user = None if os.geteuid() else _other_user()
        done = subprocess.run(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, capture_output=program == "initdb", check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} ended with code {done.returncode}: {done.stderr}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    if reason := missing():
        pytest.skip(reason)
    with PostgreSQL() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/index.db"
    server: PostgreSQL = request.getfixturevalue("postgres")
    return server.new_database()


def _binaries() -> Path | None:
    """The folder of the newest version's programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, default=None, key=lambda path: int(path.parent.name))


def _other_user() -> str:
    """Whom the server runs as where the tests run as root; empty if there is nobody."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "")
