"""The `contrafact` command as people and scripts call it: here, or in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

from contrafact.cli import main
from contrafact.demo import world

EXECUTABLE = Path(sys.executable).with_name("contrafact")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a command that was told `--json` answers. Fails where it did not succeed."""
        assert self.code == 0, self.err
        assert self.err == ""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error of a command that was told `--json`; nothing else may be on either stream."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        found: dict[str, str] = json.loads(self.err)
        assert found.keys() == {"code", "message", "hint"}
        assert found["message"]
        return found


@dataclass(frozen=True, slots=True)
class Command:
    """`contrafact` under certain settings, which it gets by environment variables."""

    settings: dict[str, str]

    def under(self, **changes: object) -> Command:
        """The same with other settings."""
        return Command(self.settings | {name: str(value) for name, value in changes.items()})

    def __call__(self, *arguments: object) -> Answer:
        """Runs the command in this process, which spares it loading the libraries."""
        out, err = StringIO(), StringIO()
        with patch.dict(os.environ, self._environment()), redirect_stdout(out), redirect_stderr(err):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as end:
                return Answer(int(end.code or 0), out.getvalue(), err.getvalue())

    def apart(self, *arguments: object, **variables: str) -> Answer:
        """Runs the installed command in a process of its own."""
        command = [str(EXECUTABLE), *(str(argument) for argument in arguments)]
        environment = os.environ | self._environment() | variables
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    def _environment(self) -> dict[str, str]:
        return {f"CONTRAFACT_{name.upper()}": value for name, value in self.settings.items()}


def begun(folder: Path, environment: dict[str, str], *arguments: object) -> BaseProcess:
    """The command in a process of its own, which can be killed. It forks from one that has loaded the libraries, which
    spares it the seconds that this takes. What it says goes nowhere."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_run, args=(folder, environment, [str(argument) for argument in arguments]))
    process.start()
    return process


def _run(folder: Path, environment: dict[str, str], arguments: list[str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        main(arguments)


def key_file(folder: Path, account: int) -> Path:
    """A file with the key of an account of the development chain, which only its owner can read."""
    path = folder / f"account-{account}.key"
    path.touch(mode=0o600)
    path.write_text(bytes(world.account(account).key).hex() + "\n")
    return path
