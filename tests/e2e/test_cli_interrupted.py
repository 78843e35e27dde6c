"""Ctrl-C ends a command with a word of what to do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from .command import EXECUTABLE


@pytest.mark.parametrize("as_json", [False, True])
def test_a_command_that_is_interrupted_says_how_to_go_on(tmp_path: Path, as_json: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as node:  # it takes connections, and never answers
        url = f"http://127.0.0.1:{node.getsockname()[1]}"
        process = subprocess.Popen(
            [EXECUTABLE, "network", "check", *(["--json"] if as_json else [])],
            cwd=tmp_path,
            env=os.environ | {"CONTRAFACT_RPC_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        connection, _ = node.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    if as_json:
        assert json.loads(error)["code"] == "interrupted"
    else:
        assert "Give the same command again" in error
