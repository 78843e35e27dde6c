"""The feed tells what the chain's reader tells: every event of the deployment, decoded alike, with its block."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from contrafact.chain_feed import ChainEvent, ChainFeed
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotFound
from contrafact.ledger.artifacts import load
from contrafact.ledger.blocks import TOGETHER
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.event_codec import codecs
from contrafact.ledger.feed import LedgerFeed
from contrafact.ledger.logs import events
from hardhat_free_devnet import Devnet

from .proxy import Counted, Status, no_batches, proxy
from .scene import Scene


def as_web3_decodes(scene: Scene, last: int) -> list[tuple[object, ...]]:
    """All events by web3's own reading and decoding, one contract after the other, in the chain's order."""
    found = []
    for contract in REQUIRED:
        of = scene.connection.contract(contract, scene.deployment.contracts[contract])
        for codec in codecs(load(contract).abi).values():
            for event in of.get_event_by_name(codec.name).get_logs(from_block=0, to_block=last):
                arguments = {name: _plain_value(value) for name, value in event["args"].items()}
                place, digest = (event["blockNumber"], event["logIndex"]), event["transactionHash"]
                found.append((*place, contract, codec.name, arguments, f"0x{digest.hex()}"))
    return sorted(found, key=lambda row: (row[0], row[1]))


def as_the_reader_decodes(scene: Scene, last: int) -> list[tuple[object, ...]]:
    """The same by `ledger.logs`."""
    found = []
    for contract in REQUIRED:
        of = scene.connection.contract(contract, scene.deployment.contracts[contract])
        names = [codec.name for codec in codecs(load(contract).abi).values()]
        for event in events(scene.connection, of, names, 0, last):
            found.append((event.block, event.index, contract, event.name, dict(event.arguments), event.transaction))
    return sorted(found, key=lambda row: (row[0], row[1]))


def live(scene: Scene) -> None:
    """Something of every kind: orders in two tokens, one refunded; payments, confirmations, a bond, an opt-out."""
    for token in scene.tokens:
        scene.settle(scene.deal(token))
    scene.confirm(scene.claim(0, 0))
    scene.writer("stranger").payout([scene.claim(0, 0)])
    scene.writer("composer").claim(scene.claim(1, 0, scene.dollar))
    scene.writer("maker").fund(*scene.deal(nonce=8).fund_arguments())
    scene.pass_time(4_000)
    scene.writer("stranger").refund(scene.reader.funded()[-1])
    scene.writer("bach").transfer_licensor(scene.works[0], scene.address("anon"))


def test_feed_and_reader_decode_as_web3_does(scene: Scene) -> None:
    live(scene)
    feed: ChainFeed = LedgerFeed(scene.connection, scene.deployment)
    head = feed.head()
    told = feed.events(feed.first, head.number)
    assert [_plain(event) for event in told] == as_web3_decodes(scene, head.number)
    assert as_the_reader_decodes(scene, head.number) == as_web3_decodes(scene, head.number)
    assert {"RoleGranted", "TermsSet", "OrderRefunded", "Paid", "PlaceConfirmed", "Credited"} <= {e.name for e in told}
    assert {event.block_hash == feed.block(event.block).hash for event in told} == {True}


def test_blocks_follow_one_another_up_to_the_head(scene: Scene) -> None:
    feed = LedgerFeed(scene.connection, scene.deployment)
    head = feed.head()
    before, last = feed.blocks([head.number, head.number - 1])
    assert (last, last.parent) == (head, before.hash)
    with pytest.raises(NotFound, match="no block"):
        feed.block(head.number + 1)


@pytest.mark.parametrize(
    "answer", ["batches are not supported", Status(400), Status(503), b"[]", b"{}", b"<html>", b'[{"id": 7}, 1]']
)
def test_blocks_are_the_same_from_a_node_that_takes_no_batches(
    scene: Scene, node: Devnet, answer: str | bytes | Status
) -> None:
    numbers = range(scene.connection.head() + 1)
    told = LedgerFeed(scene.connection, scene.deployment).blocks(numbers)
    assert [block.number for block in told] == list(numbers)
    counted = Counted(no_batches(answer))
    with proxy(node.url, counted) as url:
        feed = LedgerFeed(Connection.open(url), scene.deployment)
        assert [feed.blocks(numbers) for _ in range(4)] == [told] * 4
    assert 1 < counted.asked["batch"] < counted.asked["eth_getBlockByNumber"]


def test_node_that_takes_batches_is_asked_for_many_blocks_at_once(scene: Scene, node: Devnet) -> None:
    numbers, counted = range(scene.connection.head() + 1), Counted()
    with proxy(node.url, counted) as url:
        feed = LedgerFeed(Connection.open(url), scene.deployment)
        opened = counted.asked["eth_getBlockByNumber"]
        feed.blocks(numbers)
    assert counted.asked["batch"] == -(-len(numbers) // TOGETHER)
    assert counted.asked["eth_getBlockByNumber"] == opened


def test_what_a_batch_does_not_bring_is_asked_for_alone(scene: Scene, node: Devnet) -> None:
    """A node that has had enough refuses some of the requests in a batch."""
    told = LedgerFeed(scene.connection, scene.deployment).blocks(range(4))
    limited = {"jsonrpc": "2.0", "id": 0, "error": {"code": 429, "message": "too many requests"}}
    second = scene.connection.web3.provider.make_request("eth_getBlockByNumber", ["0x1", False])  # type: ignore[arg-type]
    mixed = json.dumps([{**second, "id": 1}, limited]).encode()
    with proxy(node.url, no_batches(mixed)) as url:
        assert LedgerFeed(Connection.open(url), scene.deployment).blocks(range(4)) == told


def test_identity_names_chain_and_contracts(scene: Scene) -> None:
    identity = LedgerFeed(scene.connection, scene.deployment).identity
    moved = LedgerFeed(scene.connection, scene.elsewhere(Catalogue=NATIVE)).identity
    assert str(scene.deployment.chain_id) in identity
    assert identity != moved


def _plain(event: ChainEvent) -> tuple[object, ...]:
    return event.block, event.index, event.contract, event.name, dict(event.arguments), event.transaction


def _plain_value(value: Any) -> Any:
    """Structs and lists as tuples, bytes as bytes."""
    if isinstance(value, Mapping | list | tuple):
        return tuple(_plain_value(item) for item in (value.values() if isinstance(value, Mapping) else value))
    return bytes(value) if isinstance(value, bytes) else value
