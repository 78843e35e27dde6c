"""The content store is gone, slow, or returns other bytes: for a while, or for ever. It is a fake of Kubo over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from contrafact.domain.job_state import JobStatus
from contrafact.store.jobs import Jobs
from tests.ledger.sent import wait_for
from tests.ports.fake_kubo import FakeKubo, Handler

from . import service
from .conftest import Origin
from .gate import Gate, State
from .town import Town

pytestmark = pytest.mark.slow
PATIENCE = 0.5
"""Seconds that the service waits for the store."""
DOCUMENTS = 2  # that the index asks for, of the works
DAYS = 3 * 86_400


@pytest.fixture
def kubo(origin: Origin) -> Iterator[FakeKubo]:
    """With all that the works consist of."""
    with FakeKubo() as node:
        for path in Path(origin.studio.settings.store.removeprefix("folder:")).rglob("b*"):
            node.blocks[path.name] = path.read_bytes()
        yield node


@pytest.fixture
def way(kubo: FakeKubo) -> Iterator[Gate]:
    with Gate(f"http://127.0.0.1:{kubo.port}") as gate:
        yield gate


@pytest.fixture
def town(found_town: Callable[..., Town], kubo: FakeKubo, way: Gate) -> Town:
    made = found_town(store=f"/ip4/127.0.0.1/tcp/{way.port}/http", store_seconds=PATIENCE)
    made.public_store = kubo.address
    return made


@pytest.mark.parametrize("ill", ["gone", "slow", "wrong"])
def test_content_store_that_is_ill_for_a_while(town: Town, kubo: FakeKubo, way: Gate, ill: str) -> None:
    town.fund()
    town.start(service.follow)
    wait_for(lambda: town.told(idle=True) and kubo.calls.count("block/get") >= DOCUMENTS)
    if ill == "gone":
        way.set(State.SHUT)
    else:
        kubo.faults["block/get"] = _late(kubo) if ill == "slow" else _wrong
    town.start(service.operate)
    error = "wrong_bytes" if ill == "wrong" else "store_unreachable"
    wait_for(lambda: len(town.told(what="retried", error=error)) >= 2)
    kubo.faults.clear()
    way.set(State.OPEN)
    town.fund()
    town.settle(f"after the content store was {ill} for a while")
    town.require_sound()


def test_orders_whose_sources_cannot_be_had_until_their_deadline_are_refunded(
    town: Town, way: Gate, origin: Origin
) -> None:
    town.refunded = town.studio.fund(town.site(), 2)
    way.set(State.SHUT)
    town.start_both()
    wait_for(lambda: len({line["order"] for line in town.told(what="retried", error="store_unreachable")}) == 2)
    origin.node.rpc("evm_increaseTime", [DAYS])
    origin.node.rpc("evm_mine")
    wait_for(lambda: len(town.told(what="refunded")) == 2)
    wait_for(lambda: town.statuses()[JobStatus.STOPPED] == 2)
    assert {(job.error or {})["code"] for job in town.jobs().values()} == {"order_closed"}
    town.require_sound()


def test_piece_that_the_store_returns_wrongly_stops_its_order_alone_until_it_is_mended(
    town: Town, kubo: FakeKubo
) -> None:
    """The order is settled by then, and its holders are paid; the operator mends the store, and has it tried again."""
    kubo.faults["block/get"] = _one_wrong(kubo)
    town.start_both()
    (ill,) = town.fund()
    wait_for(lambda: ill in town.jobs() and town.jobs()[ill].status is JobStatus.STOPPED)
    job = town.jobs()[ill]
    assert (job.step, (job.error or {})["code"]) == ("deliver", "wrong_bytes")
    town.fund()
    town.settle(but=[ill])
    kubo.faults.clear()
    with town.opened() as database:
        Jobs(database).retry(ill)
    town.settle("after a piece was mended in the store")
    town.require_sound()


def _late(kubo: FakeKubo) -> Handler:
    """Answers when nobody waits any more."""

    async def answer(request: Request) -> Response:
        await asyncio.sleep(2 * PATIENCE)
        return await kubo._block_get(request)

    return answer


async def _wrong(request: Request) -> Response:
    return Response(b"other bytes")


def _one_wrong(kubo: FakeKubo) -> Handler:
    """Other bytes for the first content that is asked for of those that are new, always."""
    known, wrong = set(kubo.blocks), set[str]()

    async def answer(request: Request) -> Response:
        key = request.query_params["arg"]
        if key in kubo.blocks.keys() - known and not wrong:
            wrong.add(key)
        return Response(b"other bytes") if key in wrong else await kubo._block_get(request)

    return answer
