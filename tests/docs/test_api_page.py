"""The commands of docs/api.md, as they stand there, against a service that listens."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from tests.api.conftest import founded, house
from tests.api.house import House, finished, maker
from tests.api.test_uploads import ABC

from contrafact.domain.digests import from_hex, to_hex
from contrafact.web.app import create_app

__all__ = ["founded", "house"]
PAGE = Path(__file__).parents[2] / "docs/api.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="needs curl and bash"),
]


@contextmanager
def _listening(house: House) -> Iterator[str]:
    """The house's service at an address of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        services = house.services()
        app = create_app(replace(services, settings=replace(services.settings, public_url=url)))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield url
        server.should_exit = True
        thread.join()


def test_the_commands_of_the_page_do_what_it_says(house: House, tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    order = house.founded.private
    house.jobs[from_hex(order)] = finished(order)
    (tmp_path / "tune.abc").write_bytes(ABC)
    with _listening(house) as url:
        places = {"API": url, "ORDER": order, "WORK": to_hex(house.founded.town.works[0])}
        wallet = {"WALLET": maker().address, "KEY": maker().key.to_0x_hex()}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
            cwd=tmp_path,
            env={"PATH": path, **places, **wallet},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr + done.stdout
    assert "event: delivered" in done.stdout
    assert json.loads((tmp_path / "steps.json").read_text())["transactions"]
    assert json.loads((tmp_path / "registration.json").read_text())["steps"]["transactions"]
    assert (tmp_path / "begin.flac").stat().st_size == 65_536
