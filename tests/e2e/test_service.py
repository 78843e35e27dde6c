"""The service as a process: an order survives its end, and a backup survives the loss of everything else."""

from __future__ import annotations

import json
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest

from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderQuery, OrderRow, Page, WorkQuery
from contrafact.store.database import Database
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import indexing

from .command import Command, key_file
from .serving import Served, serving
from .town import Town, maker, operator

pytestmark = pytest.mark.slow


@pytest.fixture
def site(a_town: Town, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The town's operator with a home, a store and a database of its own."""
    shutil.copytree(a_town.settings.store.removeprefix("folder:"), tmp_path / "store")
    return a_town.site(
        home=tmp_path / "home",
        store=f"folder:{tmp_path / 'store'}",
        database=f"sqlite:///{tmp_path / 'index' / 'service.db'}",
        operator_key_file=key_file(tmp_path, world.OPERATOR),
        log_format="json",
        poll_seconds=0.1,
    )


def test_an_order_under_way_outlives_its_service_and_a_lost_disk(site, a_town: Town, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    identity = pyrage.x25519.Identity.generate()
    with serving(site.settings, tmp_path) as service:
        service.until(lambda: service.get("/readyz").status_code == 200, "become ready")
        first = a_town.funded(site)
        service.until(lambda: is_delivered(OrderFolder(site.settings.home, first)), "deliver an order")
        assert service.gauge("contrafact_orders_finished_total") == 1
        assert service.end() == 0
    with serving(site.settings, tmp_path, shutdown_seconds=3) as service:
        described(service)
        second = a_town.funded(site, seconds=60)
        service.until(lambda: service.gauge('contrafact_jobs{status="running"}') == 1, "begin an order")
        assert ended_while_followed(service, second) == 0
    assert site.reader.order_status(second) is OrderStatus.FUNDED
    before = indexed(site.settings.database)

    back_up_and_lose(site.settings, tmp_path, identity)
    with serving(site.settings, tmp_path) as service:
        service.until(lambda: is_delivered(OrderFolder(site.settings.home, second)), "finish the order")
        described(service)
        assert service.end() == 0
    after = indexed(site.settings.database)
    assert rebuilt_differs(site) == []
    assert after[0] == before[0]
    assert {row.order_id: row for row in after[1]}[first] == {row.order_id: row for row in before[1]}[first]
    assert site.reader.order_status(second) is OrderStatus.COMMITTED
    assert_logs(tmp_path, first, second)


def ended_while_followed(service: Served, order: bytes) -> int:
    """Ends the service with Ctrl-C while somebody follows an order, who is told when to come back."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(service.get, f"/v1/orders/{to_hex(order)}/progress")
        time.sleep(0.5)
        code = service.end(signal.SIGINT)
        assert "event: paid" in following.result().text
        assert "retry: 2000" in following.result().text
    return code


def described(service: Served) -> None:
    """Waits until the index has the documents of all works."""
    service.until(lambda: service.gauge("contrafact_index_undescribed") == 0, "describe the works")


def indexed(url: str) -> tuple[list[object], list[OrderRow]]:
    """The works and the orders of an index; `confirmed` and such follow the head, and are the same on this chain."""
    database = Database(url)
    try:
        index = IndexedReadModel(database)
        works = list(index.works(WorkQuery(), Page(100)).rows)
        return works, list(index.orders(OrderQuery(maker=maker().address), Page(100)).rows)
    finally:
        database.close()


def rebuilt_differs(site) -> list[object]:  # type: ignore[no-untyped-def]
    """Where the index differs from one made anew."""
    database = indexing.open_database(site.settings)
    try:
        return list(indexing.differences(site, database))
    finally:
        database.close()


def back_up_and_lose(settings, folder: Path, identity: pyrage.x25519.Identity) -> None:  # type: ignore[no-untyped-def]
    """Backs up, loses home, store and database, and restores what a backup has."""
    command = Command({"home": str(settings.home), "store": settings.store, "deployment": str(settings.deployment)})
    command("backup", folder / "backup", "--recipient", identity.to_public(), "--json").json  # noqa: B018 - it asserts
    for lost in ("home", "store", "index"):
        shutil.rmtree(folder / lost)
    (folder / "age.key").write_text(f"# a key\n{identity}\n")
    restored = command("restore", folder / "backup", "--identity", folder / "age.key", "--json").json
    assert restored["files"] > 20


def assert_logs(folder: Path, *orders: bytes) -> None:
    """Every line is JSON, orders can be followed, and the operator's key is nowhere."""
    said = "".join(path.read_text() for path in sorted(folder.glob("service-*.log")))
    lines = [json.loads(line) for line in said.splitlines()]
    for order in orders:
        steps = [line.get("step") for line in lines if line.get("order_id") == to_hex(order)]
        assert "deliver" in steps
    assert bytes(operator().key).hex() not in said.lower()
    assert (folder / f"account-{world.OPERATOR}.key").read_text().strip() not in said.lower()


def test_what_would_run_is_checked_without_running_it(site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings = {name: str(getattr(site.settings, name)) for name in site.settings.model_fields_set}
    command = Command(settings)
    good = command("serve", "--check", "--only", "api,jobs", "--json").json
    assert good["ok"]
    assert good["plan"]["parts"] == "api, jobs"
    assert not Path(tmp_path / "index").exists()
    bad = command.under(rpc_url="http://127.0.0.1:1")("serve", "--check", "--json")
    assert bad.code == 13
    assert {check["check"] for check in json.loads(bad.out)["checks"] if check["verdict"] == "fail"} == {"node"}
    assert command("serve", "--only", "everything", "--json").error["code"] == "invalid_input"


def test_the_api_answers_while_the_node_is_away_and_says_that_it_is_not_ready(site, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with serving(site.settings, tmp_path, rpc_url="http://127.0.0.1:1") as service:
        service.until(lambda: service.gauge('contrafact_thread_restarts_total{part="indexer"}') >= 1, "start again")
        ready = service.get("/readyz")
        assert ready.status_code == 503
        assert not ready.json()["checks"]["node"]["ok"]
        assert service.get("/healthz").status_code == 200
        assert service.get("/v1/openapi.json").status_code == 200
        assert service.gauge('contrafact_chain_requests_failed_total{node="http://127.0.0.1:1"}') >= 1
        assert service.end() == 0
        assert isinstance(service, Served)
