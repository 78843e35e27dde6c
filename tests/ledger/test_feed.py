"""The feed tells what the chain's reader tells: every event of the deployment, decoded alike, with its block."""

from __future__ import annotations

import pytest

from contrafact.chain_feed import ChainEvent, ChainFeed
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotFound
from contrafact.ledger.artifacts import load
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.event_codec import codecs
from contrafact.ledger.feed import LedgerFeed
from contrafact.ledger.logs import events

from .scene import Scene


def as_the_reader_decodes(scene: Scene, last: int) -> list[tuple[object, ...]]:
    """All events by `ledger.logs`, one contract after the other, in the chain's order."""
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


def test_feed_decodes_what_the_reader_decodes(scene: Scene) -> None:
    live(scene)
    feed: ChainFeed = LedgerFeed(scene.connection, scene.deployment)
    head = feed.head()
    told = feed.events(feed.first, head.number)
    assert [_plain(event) for event in told] == as_the_reader_decodes(scene, head.number)
    assert {"RoleGranted", "TermsSet", "OrderRefunded", "Paid", "PlaceConfirmed", "Credited"} <= {e.name for e in told}
    assert {event.block_hash == feed.block(event.block).hash for event in told} == {True}


def test_blocks_follow_one_another_up_to_the_head(scene: Scene) -> None:
    feed = LedgerFeed(scene.connection, scene.deployment)
    head = feed.head()
    before, last = feed.blocks([head.number, head.number - 1])
    assert (last, last.parent) == (head, before.hash)
    with pytest.raises(NotFound, match="no block"):
        feed.block(head.number + 1)


def test_identity_names_chain_and_contracts(scene: Scene) -> None:
    identity = LedgerFeed(scene.connection, scene.deployment).identity
    moved = LedgerFeed(scene.connection, scene.elsewhere(Catalogue=NATIVE)).identity
    assert str(scene.deployment.chain_id) in identity
    assert identity != moved


def _plain(event: ChainEvent) -> tuple[object, ...]:
    return event.block, event.index, event.contract, event.name, dict(event.arguments), event.transaction
