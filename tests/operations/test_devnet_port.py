"""The development chain keeps its port from start to start; a service whose own port is taken founds nothing."""

from __future__ import annotations

import socket
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contrafact.demo.chain import development_chain
from contrafact.demo.same_port import same_port
from tests.e2e.command import EXECUTABLE

pytestmark = pytest.mark.slow


def test_the_chain_has_the_same_port_again_and_another_only_while_that_is_taken(tmp_path: Path) -> None:
    said: list[str] = []

    def start(port: int) -> AbstractContextManager[str]:
        return development_chain(tmp_path / f"{port}.log", port=port)

    def started() -> AbstractContextManager[str]:
        return same_port(tmp_path / "port", said.append, start)

    with started() as first:
        pass
    with started() as again, started() as meanwhile:
        assert again == first
        assert meanwhile != first
    assert said[0].startswith(f"Port {urlsplit(first).port}, ")
    with started() as later:
        assert later == first


def test_a_service_whose_port_is_taken_says_so_before_it_founds_anything(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [str(EXECUTABLE), "serve", "--devnet", "--port", port]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode != 0
    assert f"127.0.0.1:{port} cannot be listened at" in ended.stderr
    assert list(tmp_path.iterdir()) == []
