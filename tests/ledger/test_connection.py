"""Reaching a chain, or saying why not; sending from several threads; keeping keys to itself."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from eth_account import Account

from contrafact.errors import ChainError, ContractError, NotFound, Payment
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.ledger.reader import Reader
from contrafact.ledger.writer import Writer
from hardhat_free_devnet import Devnet

from .proxy import Request, proxy
from .scene import Scene


def test_unreachable_node_is_said_to_be_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ChainError, match="cannot be reached") as caught:
        Connection.open(f"http://127.0.0.1:{port}", policy=Policy(request_seconds=2))
    assert "RPC URL" in caught.value.hint


def test_silent_node_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(ChainError, match="Timeout"):
        Connection.open(f"http://127.0.0.1:{listener.getsockname()[1]}", policy=Policy(request_seconds=0.2))


def test_wrong_chain_is_refused(node: Devnet) -> None:
    with pytest.raises(ChainError, match=f"serves chain {node.chain_id}, not 1"):
        Connection.open(node.url, 1)


def test_url_that_is_none_is_refused() -> None:
    with pytest.raises(ChainError, match="http"):
        Connection.open("127.0.0.1:8545")


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b"{}", b""])
def test_server_that_is_no_node_is_refused(node: Devnet, body: bytes) -> None:
    with proxy(node.url, lambda request: body) as url, pytest.raises(ChainError):
        Connection.open(url)


def test_api_key_in_the_url_is_not_shown(node: Devnet) -> None:
    secret = "s3cr3t"
    with proxy(node.url, lambda request: "no" if request["method"] == "eth_blockNumber" else None) as url:
        connection = Connection.open(url.replace("//", f"//user:{secret}@") + f"/v3/{secret}?key={secret}")
        with pytest.raises(ChainError) as caught:
            connection.head()
    assert secret not in repr(connection) + str(caught.value)
    with pytest.raises(ChainError) as unreachable:
        connection.head()
    assert secret not in str(unreachable.value)


def test_deployment_of_another_chain_is_refused(scene: Scene) -> None:
    with pytest.raises(ChainError, match="deployment is on chain 5"):
        Reader(scene.connection, replace(scene.deployment, chain_id=5))


def test_address_without_contract_is_said_to_be_so(scene: Scene) -> None:
    reader = Reader(scene.connection, scene.elsewhere(Catalogue=scene.address("stranger")))
    with pytest.raises(ChainError, match="missing on the chain"):
        reader.licensor_of(scene.works[0])


def test_account_without_coin_is_told_to_fund_itself(scene: Scene) -> None:
    poor = Writer(scene.connection, scene.deployment, Account.create())
    with pytest.raises(Payment, match="value and gas need") as caught:
        poor.mint_dollars(poor.address, 1)
    assert "coin" in caught.value.hint


def test_node_that_finds_too_little_coin_is_a_payment_error(scene: Scene, node: Devnet) -> None:
    def refuse(request: Request) -> str | None:
        broke = "insufficient funds for gas * price + value"
        return broke if request["method"] == "eth_estimateGas" else None

    with proxy(node.url, refuse) as url, pytest.raises(Payment):
        Writer(Connection.open(url), scene.deployment, scene.keys["maker"]).mint_dollars(scene.address("maker"), 1)


def test_lost_answer_to_a_transaction_is_not_repeated(scene: Scene, node: Devnet) -> None:
    sent = []

    def lose(request: Request) -> bytes | None:
        sent.append(request["method"])
        return b"" if request["method"] == "eth_sendRawTransaction" else None

    with proxy(node.url, lose) as url:
        writer = Writer(Connection.open(url), scene.deployment, scene.keys["maker"])
        with pytest.raises(ChainError, match=r"transaction 0x[0-9a-f]{64} may or may not have been sent"):
            writer.mint_dollars(writer.address, 1)
    assert sent.count("eth_sendRawTransaction") == 1


def test_transaction_that_fails_in_its_block_says_why(scene: Scene, node: Devnet) -> None:
    """The claim is emptied between the estimate and the block, as when two payers race."""
    scene.settle(scene.deal())
    claim = scene.claim(0, 0)
    scene.confirm(claim)

    def overtake(request: Request) -> None:
        if request["method"] == "eth_sendRawTransaction":
            scene.writer("composer").claim(claim)

    with proxy(node.url, overtake) as url:
        late = Writer(Connection.open(url), scene.deployment, scene.keys["stranger"])
        with pytest.raises(ContractError) as caught:
            late.claim(claim)
    assert caught.value.name == "RoyaltyVault_NothingToClaim"


def test_transaction_that_no_block_takes_is_given_up(scene: Scene, node: Devnet) -> None:
    with proxy(node.url, lambda r: NO_RECEIPT if r["method"] == "eth_getTransactionReceipt" else None) as url:
        connection = Connection.open(url, policy=Policy(transaction_seconds=0.3))
        with pytest.raises(ChainError, match="no block holds it yet"):
            Writer(connection, scene.deployment, scene.keys["maker"]).mint_dollars(scene.address("maker"), 1)


NO_RECEIPT = b'{"jsonrpc": "2.0", "id": 0, "result": null}'


def test_threads_may_send_from_one_account(scene: Scene) -> None:
    writer, before = scene.writer("maker"), scene.reader.balance(scene.address("maker"), scene.dollar)
    with ThreadPoolExecutor(4) as pool:
        hashes = set(pool.map(lambda i: writer.mint_dollars(writer.address, 1), range(8)))
    assert len(hashes) == 8
    assert scene.reader.balance(scene.address("maker"), scene.dollar) == before + 8


def test_key_is_shown_nowhere(scene: Scene) -> None:
    writer = scene.writer("maker")
    shown = repr(writer) + str(writer) + repr(scene.connection) + repr(vars(writer))
    assert scene.keys["maker"].key.hex() not in shown


def test_missing_test_dollar_is_not_found(scene: Scene) -> None:
    writer = Writer(scene.connection, scene.elsewhere(TestDollar=None), scene.keys["maker"])
    with pytest.raises(NotFound):
        writer.mint_dollars(writer.address, 1)
