"""JSON-RPC and subscriptions over WebSockets, with web3.py and with a bare client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from contextlib import asynccontextmanager

import pytest
import websockets
from web3 import AsyncWeb3, WebSocketProvider

from conftest import connect
from hardhat_free_devnet import Devnet, Limits

SECONDS = 20  # more than anything here needs


def request(method, *params, number=1):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


class Client:
    """A bare client: what is asked, and what comes."""

    def __init__(self, connection):
        self.socket = connection

    async def next(self):
        return json.loads(await asyncio.wait_for(self.socket.recv(), SECONDS))

    async def ask(self, method, *params):
        await self.socket.send(request(method, *params))
        return await self.next()

    async def notice(self):
        """The next message, which must come from a subscription: (its id, what it says)."""
        message = await self.next()
        assert message["method"] == "eth_subscription"
        return message["params"]["subscription"], message["params"]["result"]


@asynccontextmanager
async def open_socket(url, **options):
    async with websockets.connect(url, **options) as connection:
        yield Client(connection)


def test_requests_batches_and_notifications_work_as_over_http(node):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            assert (await client.ask("eth_chainId"))["result"] == "0x7a69"
            assert (await client.ask("eth_nothing"))["error"]["code"] == -32601
            await client.socket.send("nonsense")
            assert (await client.next())["error"]["code"] == -32700
            await client.socket.send(b'{"jsonrpc":"2.0","method":"evm_mine"}')
            await client.socket.send(f"[{request('eth_blockNumber')},{request('net_version', number=2)}]")
            assert [reply["id"] for reply in await client.next()] == [1, 2]

    asyncio.run(scenario())


def test_web3_follows_new_heads_over_a_websocket(node, rpc):
    async def scenario():
        async with AsyncWeb3(WebSocketProvider(node.ws_url)) as w3:
            await w3.eth.subscribe("newHeads")
            start = await w3.eth.block_number
            for _ in range(3):
                await asyncio.to_thread(rpc, "evm_mine")
            heads = []
            async for message in w3.socket.process_subscriptions():
                heads.append(message["result"])
                if len(heads) == 3:
                    break
            assert [head["number"] for head in heads] == [start + 1, start + 2, start + 3]
            assert heads[2]["parentHash"] == heads[1]["hash"]
            assert heads[2]["hash"] == (await w3.eth.get_block("latest"))["hash"]

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_web3_sends_and_waits_over_a_websocket(node):
    async def scenario():
        async with AsyncWeb3(WebSocketProvider(node.ws_url)) as w3:
            sender, target = node.accounts[0].address, node.accounts[1].address
            sent = await w3.eth.send_transaction({"from": sender, "to": target, "value": 5})
            receipt = await w3.eth.wait_for_transaction_receipt(sent)
            assert (receipt["status"], receipt["gasUsed"]) == (1, 21_000)

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_subscribers_get_the_logs_they_want_and_pending_transactions_in_order(node, w3, probe):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            wanted = {"address": probe.address, "topics": [None, None, "0x" + (2).to_bytes(32).hex()]}
            logs = (await client.ask("eth_subscribe", "logs", wanted))["result"]
            hashes = (await client.ask("eth_subscribe", "newPendingTransactions"))["result"]
            whole = (await client.ask("eth_subscribe", "newPendingTransactions", True))["result"]
            for key in (1, 2):
                sent = await asyncio.to_thread(probe.functions.store(key, 7).transact)
                assert await client.notice() == (hashes, sent.to_0x_hex())
                name, transaction = await client.notice()
                assert (name, transaction["hash"], transaction["blockHash"]) == (
                    whole,
                    sent.to_0x_hex(),
                    None,
                )
            name, log = await client.notice()
            assert (name, log["transactionHash"], log["removed"]) == (logs, sent.to_0x_hex(), False)

    asyncio.run(scenario())


def test_a_subscription_ends_when_it_is_told_to(node, rpc):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            name = (await client.ask("eth_subscribe", "newHeads"))["result"]
            assert (await client.ask("eth_unsubscribe", name))["result"] is True
            assert (await client.ask("eth_unsubscribe", name))["result"] is False
            await asyncio.to_thread(rpc, "evm_mine")
            assert (await client.ask("eth_chainId"))["result"] == "0x7a69"  # and nothing came before

    asyncio.run(scenario())


def test_the_answer_comes_before_what_the_subscription_says(node):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            await client.socket.send(f"[{request('eth_subscribe', 'newHeads')},{request('evm_mine')}]")
            name = (await client.next())[0]["result"]
            assert (await client.notice())[0] == name

    asyncio.run(scenario())


def test_clients_hear_of_their_own_subscriptions_alone_and_leave_nothing_behind(node, rpc):
    async def scenario():
        async with open_socket(node.ws_url) as one, open_socket(node.ws_url) as other:
            first = (await one.ask("eth_subscribe", "newHeads"))["result"]
            second = (await other.ask("eth_subscribe", "newHeads"))["result"]
            assert (await other.ask("eth_unsubscribe", first))["result"] is False
            await asyncio.to_thread(rpc, "evm_mine")
            assert (await one.notice())[0] == first
            assert (await other.notice())[0] == second

    asyncio.run(scenario())
    asyncio.run(scenario())  # those who left do not disturb those who came


def test_a_reorganisation_takes_logs_back_and_brings_new_heads(node, rpc, probe):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            logs = (await client.ask("eth_subscribe", "logs", {"address": probe.address}))["result"]
            heads = (await client.ask("eth_subscribe", "newHeads"))["result"]
            await asyncio.to_thread(probe.functions.store(1, 2).transact)
            _, log = await client.notice()
            _, head = await client.notice()
            await asyncio.to_thread(rpc, "anvil_reorg", 1)
            assert await client.notice() == (logs, log | {"removed": True})
            name, other = await client.notice()
            assert (name, other["number"]) == (heads, head["number"])
            assert other["hash"] != head["hash"]
            assert other["parentHash"] == head["parentHash"]

    asyncio.run(scenario())


@pytest.mark.parametrize("params", [["nothing"], ["logs", {"topics": ["0x12"]}], ["logs", 5], []])
def test_impossible_subscriptions_are_refused(node, params):
    async def scenario():
        async with open_socket(node.ws_url) as client:
            assert (await client.ask("eth_subscribe", *params))["error"]["code"] == -32602

    asyncio.run(scenario())


def test_there_is_no_subscribing_over_http(rpc):
    assert rpc("eth_subscribe", "newHeads")["error"]["code"] == -32601


def test_limits_of_messages_sockets_and_subscriptions():
    async def scenario(node):
        async with open_socket(node.ws_url) as client:
            await client.socket.send(" " * 2_001)
            assert (await client.next())["error"]["code"] == -32005
            for code in (None, None, -32005):
                answer = await client.ask("eth_subscribe", "newHeads")
                assert answer.get("error", {}).get("code") == code
            async with open_socket(node.ws_url):
                with pytest.raises(websockets.InvalidStatus) as refused:
                    async with open_socket(node.ws_url):
                        pass
                assert refused.value.response.status_code == 429
                assert json.loads(refused.value.response.body)["error"]["code"] == -32005
            await until_accepted(node)

    async def until_accepted(node):
        """The node notices a moment later that a client has left."""
        while True:
            with contextlib.suppress(websockets.InvalidStatus):
                async with open_socket(node.ws_url) as again:
                    assert (await again.ask("eth_chainId"))["result"] == "0x7a69"
                    return

    with Devnet(accounts=1, limits=Limits(body=2_000, sockets=2, filters=2)) as node:
        asyncio.run(scenario(node))
        assert connect(node).eth.block_number == 0


def bare_socket(node):
    """A connection after the handshake, without anything that reads."""
    stuck = socket.create_connection(node.ws_url.removeprefix("ws://").split(":"), timeout=SECONDS)
    handshake = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    handshake += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    stuck.sendall(handshake.encode())
    assert b"101" in stuck.recv(1000)
    return stuck


def test_a_client_that_does_not_read_is_cut_off_and_the_others_are_served():
    subscriptions, blocks = 300, 60
    with Devnet(accounts=1, limits=Limits(unread=2_000)) as node, bare_socket(node) as stuck:
        batch = f"[{','.join([request('eth_subscribe', 'newHeads')] * subscriptions)}]".encode()
        stuck.sendall(b"\x81\xfe" + len(batch).to_bytes(2) + bytes(4) + batch)
        stuck.recv(1)  # the answer begins
        w3 = connect(node)
        for _ in range(blocks):
            w3.provider.make_request("evm_mine", [])
        assert w3.eth.block_number == blocks
        received, end = 0, b""
        while end != b"\x88\x02\x03\xf0":  # the frame that closes, with code 1008
            part = stuck.recv(2**20)
            received, end = received + len(part), (end + part)[-4:]
            assert part
        assert received < subscriptions * blocks * 1_000


def test_a_page_of_another_origin_gets_no_socket():
    async def scenario(node):
        async with open_socket(node.ws_url, origin="https://mine.example") as client:
            assert (await client.ask("eth_chainId"))["result"] == "0x7a69"
        with pytest.raises(websockets.InvalidStatus):
            async with open_socket(node.ws_url, origin="https://other.example"):
                pass

    with Devnet(accounts=1, origins=["https://mine.example"]) as node:
        asyncio.run(scenario(node))


def test_a_node_stops_while_sockets_are_open():
    async def scenario():
        node = Devnet(accounts=1).start()
        async with open_socket(node.ws_url) as client:
            await client.ask("eth_subscribe", "newHeads")
            await asyncio.to_thread(node.stop)
        assert not node.is_running()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
