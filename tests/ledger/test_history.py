"""What is read back is what was sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from web3 import Web3

from contrafact.domain.history import Committed, Funded
from contrafact.domain.terms import NATIVE, Terms
from contrafact.errors import ChainError, NotFound
from contrafact.ledger.connection import Connection
from contrafact.ledger.log_ranges import LogRange
from contrafact.ledger.reader import Reader
from contrafact.ports import LedgerReader, LedgerWriter
from hardhat_free_devnet import Devnet

from .proxy import Request, proxy
from .scene import BASE_RATE, SALT, Scene


def test_reader_and_writer_are_the_ports(scene: Scene) -> None:
    reader: LedgerReader = scene.reader
    writer: LedgerWriter = scene.writer("maker")
    assert (reader.domain.contract, writer.address) == (scene.deployment.escrow, scene.address("maker"))


def test_works_are_what_was_registered(scene: Scene) -> None:
    works = scene.reader.works()
    assert [work.work_id for work in works] == scene.works
    for work, metadata, who in zip(works, scene.metadata, ("bach", "bach", "anon"), strict=True):
        assert (work.content, work.source_form) == (metadata.content, metadata.source_form)
        assert (work.metadata, work.split_root) == (metadata.digest(), metadata.split.root)
        assert work.licensor == scene.address(who) == scene.reader.licensor_of(work.work_id)


def test_changed_split_is_in_force_and_the_old_one_stays_known(scene: Scene) -> None:
    changed = replace(scene.metadata[0], split=scene.split("publisher"))
    scene.writer("bach").change_split(scene.works[0], changed, scene.terms[0])
    work = scene.reader.works()[0]
    assert (work.split_root, work.metadata) == (changed.split.root, changed.digest())
    versions = [v for v in scene.reader.split_history() if v.work_id == scene.works[0]]
    assert [(v.version, v.split_root) for v in versions] == [(1, scene.metadata[0].split.root), (3, changed.split.root)]
    assert versions[-1].metadata == changed.digest()


def test_split_that_came_with_terms_alone_keeps_the_document_of_the_one_before(scene: Scene) -> None:
    root = scene.split("publisher").root
    scene.writer("bach").set_terms(scene.works[0], root, scene.terms[0])
    versions = [v for v in scene.reader.split_history() if v.work_id == scene.works[0]]
    assert [v.split_root for v in versions] == [scene.metadata[0].split.root, root]
    assert {v.metadata for v in versions} == {scene.metadata[0].digest()}
    assert scene.reader.works()[0].split_root == root


def test_transferred_work_has_its_new_licensor(scene: Scene) -> None:
    scene.writer("bach").transfer_licensor(scene.works[0], scene.address("anon"))
    assert scene.reader.works()[0].licensor == scene.address("bach")
    scene.writer("anon").accept_licensor(scene.works[0])
    assert scene.reader.works()[0].licensor == scene.address("anon") == scene.reader.licensor_of(scene.works[0])
    changes = [who for work, who, _ in scene.reader.licensor_changes() if work == scene.works[0]]
    assert changes == [scene.address("bach"), scene.address("anon")]


def test_histories_of_some_works_are_those_of_all_without_the_others(scene: Scene) -> None:
    scene.set_terms(0, Terms.opted_out())
    scene.set_terms(1, Terms.opted_out())
    reader, some = scene.reader, [scene.works[0], scene.works[2], bytes(32)]
    assert reader.works(some) == [work for work in reader.works() if work.work_id in some]
    assert reader.split_history(some) == [split for split in reader.split_history() if split.work_id in some]
    assert reader.terms_history(some) == [terms for terms in reader.terms_history() if terms.work_id in some]
    assert (reader.works([]), reader.split_history([]), reader.terms_history([])) == ([], [], [])
    assert len(reader.works(some)) == 2


def test_terms_are_what_was_set(scene: Scene) -> None:
    assert scene.set_terms(0, Terms.opted_out()) == scene.reader.current_version(scene.works[0]) == 3
    history = scene.reader.terms_history()
    assert [(entry.work_id, entry.version) for entry in history] == [
        *((w, 2) for w in scene.works),
        (scene.works[0], 3),
    ]
    assert [entry.terms for entry in history] == [*scene.terms, Terms.opted_out()]
    assert scene.reader.terms_history([scene.works[0]]) == [history[0], history[3]]


def test_model_is_what_was_registered(scene: Scene) -> None:
    (model,) = scene.reader.models()
    assert (model.model_id, model.weights, model.manifest) == (
        scene.model_id,
        scene.model.weights,
        scene.model.manifest,
    )
    assert (model.pool_split_root, model.metadata) == (scene.pool.root, scene.model.digest())
    assert model.rates == dict.fromkeys(scene.tokens, BASE_RATE)
    assert model.registrant == scene.address("operator")
    offer = (scene.model_id, scene.pool.root)
    assert scene.reader.base_rate_of(*offer, NATIVE) == (BASE_RATE, 0)
    assert scene.reader.base_rate_of(*offer, scene.address("stranger")) is None


def test_order_events_are_what_was_sent(scene: Scene) -> None:
    deal = scene.deal(scene.dollar)
    transaction = scene.writer("maker").fund(*deal.fund_arguments())
    block = scene.connection.head()
    assert scene.reader.funded() == [Funded(deal.order_id, deal.quote, SALT, deal.quote.escrow, block, transaction)]
    commit, signature = scene.commit(deal)
    settled = scene.writer("operator").commit(deal.quote, SALT, commit, signature)
    (event,) = scene.reader.committed()
    assert event == Committed(commit, deal.quote.operator_fee, event.refunded, block + 1, settled)


def test_events_are_found_by_order_and_by_block(scene: Scene) -> None:
    first, second = scene.deal(), scene.deal(nonce=8)
    scene.settle(first)
    scene.settle(second)
    assert [event.order_id for event in scene.reader.funded()] == [first.order_id, second.order_id]
    assert [event.order_id for event in scene.reader.funded(second.order_id)] == [second.order_id]
    assert {event.order_id for event in scene.reader.credited(second.order_id)} == {second.order_id}
    assert scene.reader.committed(bytes(32)) == []
    assert scene.reader.funded(since=scene.reader.funded()[0].block + 1) == scene.reader.funded()[1:]


def test_chunks_of_any_size_give_the_same_history(scene: Scene) -> None:
    scene.settle(scene.deal())
    for chunk in (1, 3, 7):
        reader = Reader(scene.connection, scene.deployment, log_range=LogRange(chunk))
        assert reader.works() == scene.reader.works()
        assert reader.terms_history() == scene.reader.terms_history()
        assert reader.credited() == scene.reader.credited() != []


def test_refused_range_is_halved_until_it_fits(scene: Scene, node: Devnet) -> None:
    asked = []

    def refuse(request: Request) -> str | None:
        if request["method"] != "eth_getLogs":
            return None
        query = request["params"][0]
        asked.append(int(query["toBlock"], 16) - int(query["fromBlock"], 16) + 1)
        return "query exceeds max block range" if asked[-1] > 4 else None

    with proxy(node.url, refuse) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        assert reader.works() == scene.reader.works()
    assert max(asked) > 4 >= asked[-1]


def test_node_that_refuses_single_blocks_is_an_error(scene: Scene, node: Devnet) -> None:
    with proxy(node.url, lambda request: "logs are off" if request["method"] == "eth_getLogs" else None) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        with pytest.raises(ChainError, match="logs are off"):
            reader.works()


def test_malformed_event_is_an_error(scene: Scene, node: Devnet) -> None:
    address = Web3.to_checksum_address(scene.deployment.catalogue)
    log = dict(scene.connection.web3.eth.get_logs({"fromBlock": 0, "address": address})[0])
    answer = Web3.to_json({"jsonrpc": "2.0", "id": 0, "result": [log | {"data": "0x1234"}]}).encode()
    with proxy(node.url, lambda request: answer if request["method"] == "eth_getLogs" else None) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        with pytest.raises(ChainError, match="does not answer as a chain's node does"):
            reader.works()


def test_ledger_at_a_block_is_as_it_was_then(scene: Scene) -> None:
    before = scene.reader.at(scene.connection.head())
    scene.set_terms(0, Terms.opted_out())
    scene.settle(scene.deal(works=(1, 2)))
    assert (len(before.terms_history()), before.current_version(scene.works[0])) == (3, 2)
    assert before.funded() == []
    assert len(scene.reader.funded()) == 1


def test_token_states_its_name_or_is_called_by_its_address(scene: Scene) -> None:
    assert scene.reader.token_name(scene.dollar) == ("TUSD", 6)
    for no_token in (scene.deployment.catalogue, scene.address("stranger")):
        assert scene.reader.token_name(no_token) == (no_token, 0)


def test_unknown_work_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound, match="knows no work"):
        scene.reader.licensor_of(bytes(32))
    with pytest.raises(NotFound, match="knows no work"):
        scene.reader.current_version(bytes(32))
    assert scene.reader.licence_of(bytes(32), 1) == 0
