"""The command an auditor types: its exit code tells a script, its output a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contrafact.domain.digests import to_hex
from contrafact.wiring import Site

from . import lies
from .stage import Scene, file_of
from .test_mutant_contracts import with_escrow

pytestmark = pytest.mark.slow

OK, FAILED = 0, 10


def run_audit(site: Site, folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON report of `contrafact audit`, with nothing but chain, addresses and store."""
    settings = site.settings
    options = ("--rpc-url", settings.rpc_url, "--deployment", str(settings.deployment), "--store", settings.store)
    command = [sys.executable, "-c", "from contrafact.cli import main; main()", "audit", *options, *more, "--json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def errors_about(report: dict[str, Any], thing: str) -> list[str]:
    return [f["check"] for f in report["findings"] if f["severity"] == "error" and f["subject"]["id"] == thing]


def test_honest_order_exits_with_0(scene: Scene, tmp_path: Path) -> None:
    scene.deliver(scene.stage.honest)
    code, report = run_audit(scene.site, tmp_path)
    assert (code, report["verdict"], report["findings"]) == (OK, "ok", [])


def test_one_order_is_audited_by_processes_of_their_own_and_its_journal_goes_on(scene: Scene, tmp_path: Path) -> None:
    scene.deliver(scene.stage.honest)
    order = to_hex(scene.stage.order_id)
    options = ("--order", order, "--jobs", "2", "--journal", "audit.journal")
    code, report = run_audit(scene.site, tmp_path, *options)
    assert (code, report["scope"]["limited_to"], report["orders"][0]["replay"]) == (
        OK,
        {"orders": [order]},
        "identical",
    )
    assert run_audit(scene.site, tmp_path, *options) == (code, report)


def test_changed_byte_exits_with_10(scene: Scene, tmp_path: Path) -> None:
    scene.deliver(scene.stage.honest)
    path = file_of(scene.site, scene.stage.honest.record.digest())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    code, report = run_audit(scene.site, tmp_path)
    assert (code, report["verdict"]) == (FAILED, "failed")
    assert errors_about(report, to_hex(scene.stage.order_id))


def test_forged_responsibility_exits_with_10(scene: Scene, tmp_path: Path) -> None:
    stage = scene.stage
    scene.deliver(stage.retold(lies.one_responsibility_moved(stage.attempts[0].generation, stage.quote)))
    code, report = run_audit(scene.site, tmp_path)
    assert (code, report["verdict"]) == (FAILED, "failed")
    assert "replay.same" in errors_about(report, to_hex(stage.order_id))


def test_mutant_contract_exits_with_10(scene: Scene, tmp_path: Path) -> None:
    site = with_escrow(scene.stage, tmp_path, "KeepingEscrow")
    code, report = run_audit(site, tmp_path)
    assert (code, report["verdict"]) == (FAILED, "failed")
    assert errors_about(report, site.deployment.escrow)
