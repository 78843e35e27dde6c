"""Five blocks are taken back: with a payment in them, that comes again or never does, or with a commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from contrafact.domain import events, seeds
from contrafact.domain.digests import sha256
from contrafact.domain.job_state import JobStatus
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.ports import OrderStatus
from contrafact.store.read_model import IndexedReadModel
from tests.jobs.band import BARS
from tests.jobs.studio import MAKER
from tests.ledger.sent import wait_for

from . import service
from .conftest import Origin
from .town import Town

pytestmark = pytest.mark.slow
DEPTH = 5
CONFIRMATIONS = 6
DAYS = 3 * 86_400


def test_nothing_is_made_for_a_payment_without_its_confirmations(
    found_town: Callable[..., Town], origin: Origin
) -> None:
    town = found_town(confirmations=CONFIRMATIONS)
    town.start_both()
    (order,) = town.fund(confirmations=1)
    payment = _raw(town, order)
    _mine(origin, DEPTH - 1)
    wait_for(lambda: town.told(idle=True))
    wait_for(lambda: _indexed(town, order))
    _take_back(origin)
    wait_for(lambda: not _indexed(town, order))
    assert not town.told(order=order.hex()), "it was begun for money that was not confirmed"
    origin.node.rpc("eth_sendRawTransaction", [payment])
    town.over()
    with _mining(origin):
        town.settle("after an unconfirmed payment was taken back and came again")
    town.require_sound()


def test_order_waits_for_a_payment_that_was_taken_back_and_is_delivered_when_it_comes_again(
    town: Town, origin: Origin
) -> None:
    """With one confirmation, an order is begun at once; without its payment nothing of it is settled or delivered."""
    town.start(service.follow)
    runner = town.start(service.operate, bar=1.0)
    (order,) = town.fund()
    payment = _raw(town, order)
    _mine(origin, DEPTH - 1)
    wait_for(lambda: town.told(order=order.hex(), step="generate"))
    _take_back(origin)
    wait_for(lambda: len(town.told(order=order.hex(), what="retried", error="payment")) > 6)
    assert runner.is_alive()
    assert town.jobs()[order].status is not JobStatus.STOPPED
    assert not is_delivered(OrderFolder(town.home, order))
    origin.node.rpc("eth_sendRawTransaction", [payment])
    town.over()
    town.settle("after a payment was taken back and came again")
    town.require_sound()


def test_order_that_is_paid_anew_with_another_salt_is_made_anew_from_its_seed(town: Town, origin: Origin) -> None:
    town.start_both()
    town.fund()
    town.settle()
    (order,) = town.orders
    folder = OrderFolder(town.home, order)
    first = AttributionRecord.from_bytes(folder.read("delivery/record.json"))
    origin.node.rpc("anvil_reorg", [_blocks_since_payment(town, order), []])
    wait_for(lambda: not _indexed(town, order))
    site, signed = town.site(), SignedQuote.from_bytes(folder.read("quote.json"))
    site.writer(MAKER).fund(signed.quote, signed.signature, bytes(32), signed.terms, signed.grants())
    town.over()
    wait_for(lambda: len(town.told(order=order.hex(), what="finished")) == 2)
    town.settle("after an order was paid anew")
    record = AttributionRecord.from_bytes(folder.read("delivery/record.json"))
    piece = folder.read("delivery/events.json")
    assert (record.maker_salt, record.events) == (bytes(32), sha256(piece))
    assert record.events != first.events
    seed = seeds.seed(order, bytes(32), folder.read("secret"), record.attempt)
    assert bytes(draw.drawn for draw in events.from_bytes(piece).draws) == seed[:BARS]
    town.require_sound()


def test_payment_that_never_comes_again_hinders_no_other_order_and_is_given_up_at_its_deadline(
    town: Town, origin: Origin
) -> None:
    town.start_both(bar=0.5)
    (lost,) = town.fund()
    _mine(origin, DEPTH - 1)
    wait_for(lambda: town.told(order=lost.hex(), step="generate"))
    _take_back(origin)
    town.orders.remove(lost)
    town.fund()
    town.settle("of another order after a payment was taken back for ever")
    assert town.jobs()[lost].status is not JobStatus.STOPPED
    origin.node.rpc("evm_increaseTime", [DAYS])
    origin.node.rpc("evm_mine")
    wait_for(lambda: town.jobs()[lost].status is JobStatus.STOPPED)
    assert (town.jobs()[lost].error or {})["code"] == "order_closed"
    assert not is_delivered(OrderFolder(town.home, lost))
    town.require_sound()


def test_commit_that_is_taken_back_before_its_confirmations_is_sent_again(
    found_town: Callable[..., Town], origin: Origin
) -> None:
    town = found_town(confirmations=CONFIRMATIONS)
    (order,) = town.fund(confirmations=1)
    _mine(origin, CONFIRMATIONS)
    town.start_both()
    wait_for(lambda: _status(town, order) is OrderStatus.COMMITTED)
    before = _block_of_commit(town)
    _mine(origin, DEPTH - 1)
    _take_back(origin)
    town.over()
    assert not is_delivered(OrderFolder(town.home, order))
    with _mining(origin):
        town.settle("after a commit was taken back before its confirmations")
    assert _block_of_commit(town) >= before + DEPTH
    town.require_sound()


def test_commit_that_is_taken_back_after_the_delivery_is_sent_and_paid_out_again(town: Town, origin: Origin) -> None:
    town.fund()
    _mine(origin, DEPTH)
    town.start_both()
    town.settle()
    (order,) = town.orders
    record, before = OrderFolder(town.home, order).read("delivery/record.json"), _block_of_commit(town)
    _take_back(origin)
    town.over()
    wait_for(lambda: len(town.told(order=order.hex(), what="finished")) == 2)
    town.settle("after a commit was taken back after its delivery")
    assert _block_of_commit(town) > before
    assert OrderFolder(town.home, order).read("delivery/record.json") == record
    town.require_sound()


def _blocks_since_payment(town: Town, order: bytes) -> int:
    reader = town.site().reader
    (funded,) = reader.funded(order)
    return reader.connection.head() - funded.block + 1


def _block_of_commit(town: Town) -> int:
    (event,) = town.site().reader.committed()
    return event.block


def _take_back(origin: Origin) -> None:
    """Other blocks, without transactions, in place of the newest five."""
    origin.node.rpc("anvil_reorg", [DEPTH, []])


def _mine(origin: Origin, blocks: int) -> None:
    origin.node.rpc("anvil_mine", [hex(blocks)])


@contextmanager
def _mining(origin: Origin) -> Iterator[None]:
    """Blocks go on coming."""
    stop = threading.Event()

    def mine() -> None:
        while not stop.wait(0.1):
            _mine(origin, 1)

    thread = threading.Thread(target=mine)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _raw(town: Town, order: bytes) -> str:
    """The signed transaction that paid an order."""
    site = town.site()
    (funded,) = site.reader.funded(order)
    return str(site.connection.web3.eth.get_raw_transaction(funded.transaction).to_0x_hex())


def _status(town: Town, order: bytes) -> OrderStatus:
    return town.site().reader.order_status(order)


def _indexed(town: Town, order: bytes) -> bool:
    with town.opened() as database:
        return order in [row.order_id for row in IndexedReadModel(database).open_orders(service.OPERATOR.address)]
