"""The web app on the chain that the demo leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from contrafact.demo.founding import open_to_all
from contrafact.settings import Settings

_TOLD = (
    "rpc_url", "public_rpc_url", "development_accounts", "deployment", "store", "home", "operator_key_file", "relay",
)  # fmt: skip


def serve(settings: Settings, folder: Path) -> int:
    """Serves what the settings name, as a process of its own, until Ctrl-C. Returns its exit code."""
    opened = open_to_all(settings, folder.resolve())
    named = {f"CONTRAFACT_{name.upper()}": str(getattr(opened, name)) for name in _TOLD}
    with subprocess.Popen([_executable(), "serve"], env={**os.environ, **named}) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the service, which ends; then so does this
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def _executable() -> str:
    return str(Path(sys.executable).with_name("contrafact"))
