"""The compose files hang together, name their versions, and hold no secret. (They are not run: that needs Docker.)"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from contrafact.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "compose"
FILES = ("compose.yaml", "devnet.yaml")


def documents() -> list[dict[str, Any]]:
    return [yaml.safe_load((FOLDER / name).read_text()) for name in FILES]


def composer() -> list[str]:
    """The command of compose: a plugin of docker, or the older program."""
    if shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        return ["docker", "compose"]
    if found := shutil.which("docker-compose"):
        return [found]
    pytest.skip("neither `docker compose` nor docker-compose is installed")


def configured(*files: str, **variables: str) -> subprocess.CompletedProcess[str]:
    named = [argument for name in files for argument in ("--file", name)]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | variables
    command = [*composer(), *named, "config"]
    return subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=60)


def test_compose_accepts_the_files_alone_and_together() -> None:
    given = {"DATABASE_PASSWORD": "a", "RPC_URL": "http://chain:8545"}
    for files in (FILES[:1], FILES):
        done = configured(*files, **given)
        assert done.returncode == 0, done.stderr
        assert "postgres:5432/contrafact" in done.stdout


def test_compose_refuses_to_start_without_the_password() -> None:
    done = configured(FILES[0], RPC_URL="http://chain:8545")
    assert done.returncode != 0
    assert "DATABASE_PASSWORD" in done.stderr


def test_images_are_pinned_and_every_service_that_stays_has_a_health_check() -> None:
    services = documents()[0]["services"]
    for name, service in services.items():
        assert service["image"] == "contrafact" or re.search(r":v?\d+\.\d+", service["image"]), name
        assert service["healthcheck"]["test"], name
    assert re.search(r"^FROM \S+:\d+\.\d+\.\d+", (FOLDER / "Dockerfile").read_text(), re.M)


def test_settings_of_the_files_are_settings_of_the_program() -> None:
    known = {f"CONTRAFACT_{name.upper()}" for name in Settings.model_fields}
    for document in documents():
        for service in document["services"].values():
            named = {name for name in service.get("environment", {}) if name.startswith("CONTRAFACT_")}
            assert named <= known


def test_the_files_hold_no_secret() -> None:
    for name in FILES:
        for line in (FOLDER / name).read_text().splitlines():
            if match := re.search(r"(?i)(password|secret|key)\w*:\s*(\S+)", line):
                assert re.match(r"\$\{|\./|/keys|/data", match[2]), line


def test_volumes_and_networks_that_are_used_are_declared() -> None:
    both = documents()
    volumes = {name for document in both for name in document.get("volumes", {})}
    networks = {name for document in both for name in document.get("networks", {})}
    for document in both:
        for service in document["services"].values():
            used = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")}
            assert used <= volumes
            assert set(service.get("networks", [])) <= networks
