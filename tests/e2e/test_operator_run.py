"""`contrafact operator run` as it is started: pieces by the packaged model, made in a worker process."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobStatus
from contrafact.ports import OrderStatus
from contrafact.wiring.operating import open_jobs
from tests.ledger.sent import wait_for

from .command import EXECUTABLE, key_file
from .town import Town


@pytest.mark.slow
def test_runner_makes_a_paid_order_and_ends_when_it_is_told_to(a_town: Town, tmp_path: Path) -> None:
    site = a_town.site(home=tmp_path / "home")
    order = a_town.funded(site)
    settings = {
        "rpc_url": a_town.settings.rpc_url,
        "deployment": a_town.settings.deployment,
        "store": a_town.settings.store,
        "home": tmp_path / "home",
        "operator_key_file": key_file(tmp_path, world.OPERATOR),
        "compute": "processes",
    }
    environment = os.environ | {f"CONTRAFACT_{name.upper()}": str(value) for name, value in settings.items()}
    with (
        subprocess.Popen(
            [EXECUTABLE, "operator", "run"], env=environment, stderr=subprocess.PIPE, text=True
        ) as process,
        open_jobs(site.settings) as jobs,
    ):
        try:
            wait_for(lambda: jobs.listed(JobStatus.FINISHED, JobStatus.STOPPED) or process.poll())
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 0, said
        assert jobs.get(order).status is JobStatus.FINISHED, said
        assert jobs.get(order).tries == 1
    assert f"{to_hex(order)[:10]}" in said
    assert site.reader.order_status(order) is OrderStatus.COMMITTED
    assert (tmp_path / "home/orders" / to_hex(order) / "delivery/record.json").is_file()
