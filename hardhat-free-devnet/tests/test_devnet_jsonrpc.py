"""The JSON-RPC 2.0 protocol over HTTP, with well-behaved and other clients."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import httpx
import pytest

from conftest import connect
from hardhat_free_devnet import Devnet, Limits
from hardhat_free_devnet.methods import METHODS


@pytest.fixture
def post(node):
    with httpx.Client(timeout=30) as client:
        yield lambda content: client.post(node.url, content=content)


def request(method, params=(), number=1):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


def error_code(response):
    return response.json()["error"]["code"]


def test_a_single_request_is_answered_under_its_id(post):
    assert post(json.dumps(request("eth_chainId", number="abc"))).json() == {
        "jsonrpc": "2.0",
        "id": "abc",
        "result": "0x7a69",
    }


def test_a_batch_is_answered_in_order_with_errors_in_their_places(post):
    batch = [
        request("eth_chainId", number=1),
        request("eth_nothing", number=2),
        5,
        request("net_version", number=4),
    ]
    replies = post(json.dumps(batch)).json()
    assert [reply["id"] for reply in replies] == [1, 2, None, 4]
    assert [reply.get("error", {}).get("code") for reply in replies] == [None, -32601, -32600, None]
    assert replies[3]["result"] == "31337"


def test_web3_batches_work(w3, node):
    account = node.accounts[0].address
    with w3.batch_requests() as batch:
        batch.add(w3.eth.get_block("latest"))
        batch.add(w3.eth.get_balance(account))
        block, balance = batch.execute()
    assert block["number"] == w3.eth.block_number
    assert balance == w3.eth.get_balance(account)


def test_notifications_get_no_answer_but_run(post, w3):
    height = w3.eth.block_number
    notification = {"jsonrpc": "2.0", "method": "evm_mine", "params": []}
    response = post(json.dumps(notification))
    assert (response.status_code, response.content) == (204, b"")
    assert post(json.dumps([notification, notification])).status_code == 204
    assert w3.eth.block_number == height + 3


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000, b"nonsense", b'"' + b"\\ud800" * 3, b"1" * 5000],
)
def test_a_body_that_is_no_json_is_a_parse_error(post, body):
    response = post(body)
    assert (response.status_code, error_code(response), response.json()["id"]) == (200, -32700, None)


@pytest.mark.parametrize(
    "message",
    [
        7,
        None,
        "text",
        [],
        {},
        {"id": 1},
        {"jsonrpc": "1.0", "id": 1, "method": "eth_chainId"},
        {"jsonrpc": "2.0", "id": 1, "method": 5},
        {"jsonrpc": "2.0", "id": {"a": 1}, "method": "eth_chainId"},
        {"jsonrpc": "2.0", "id": True, "method": "eth_chainId"},
    ],
)
def test_json_that_is_no_request_is_an_invalid_request(post, message):
    assert error_code(post(json.dumps(message))) == -32600


def test_deep_and_long_values_do_not_upset_error_messages(post):
    for odd in (
        "[" * 5000 + "]" * 5000,
        "9" * 4000,
        '"' + "x" * 100_000 + '"',
        '{"a":' * 5000 + "1" + "}" * 5000,
    ):
        for place in (
            '{"id":1,"method":"eth_getCode","params":[%s]}',
            '{"id":1,"method":%s}',
            '{"id":%s}',
            "%s",
        ):
            response = post(place % odd)
            assert any(f'"code":{code},' in response.text for code in (-32600, -32601, -32602))
            assert len(response.json()["error"]["message"] if place != "%s" else "") < 500


def test_an_infinite_id_is_refused_with_valid_json(post):
    response = post(b'{"jsonrpc":"2.0","id":1e999,"method":"eth_chainId"}')
    assert (error_code(response), response.json()["id"]) == (-32600, None)


def test_unknown_methods_are_named(post):
    error = post(json.dumps(request("eth_nothing"))).json()["error"]
    assert (error["code"], "eth_nothing" in error["message"]) == (-32601, True)


@pytest.mark.parametrize(
    ("method", "params", "named"),
    [
        ("eth_getBalance", [], "address"),
        ("eth_getBalance", ["0x12"], "address"),
        ("eth_getBalance", ["0x" + "11" * 20, "newest"], "block"),
        ("eth_getBalance", ["0x" + "11" * 20, "latest", 1], "takes 2"),
        ("eth_getBlockByNumber", ["latest", "yes"], "full"),
        ("eth_call", [{"to": "0x" + "11" * 20, "value": "ten"}], "value"),
        ("eth_call", [{"data": "0x1"}], "data"),
        ("eth_call", [{"data": "0x11", "input": "0x12"}], "differ"),
        ("eth_call", [{"authorizationList": [{}]}], "authorizationList"),
        ("eth_getLogs", [{"fromBlock": "0x2", "toBlock": "0x1"}], "block range"),
        ("eth_getLogs", [{"blockHash": "0x" + "00" * 32, "fromBlock": "0x1"}], "either"),
        ("eth_getLogs", [{"topics": ["0x12"]}], "32-byte"),
        ("eth_feeHistory", ["0x5000", "latest", []], "at most"),
        ("eth_feeHistory", ["0x1", "latest", [60, 50]], "ascend"),
        ("eth_sendTransaction", [{}], "from"),
        ("eth_getBalance", {"address": "0x00"}, "list"),
    ],
)
def test_bad_parameters_are_named(post, method, params, named):
    message = request(method) | {"params": params}
    error = post(json.dumps(message)).json()["error"]
    assert error["code"] == -32602
    assert named in error["message"]


def test_garbage_never_causes_an_internal_error():
    choices = random.Random(20)
    odd = [
        None,
        True,
        -1,
        2**300,
        1.5,
        "",
        "0x",
        "0xzz",
        "latest",
        "pending",
        "0x1",
        "0x" + "ab" * 20,
        "0x" + "cd" * 32,
    ]
    odd += [
        [],
        {},
        [[]],
        {"to": 5},
        {"from": "0x"},
        {"topics": [[], None]},
        {"blockNumber": "0x0"},
        {"data": "0x60fd"},
    ]
    odd += [
        {"to": "0x" + "ab" * 20, "gas": "0x1"},
        {"value": "0x1"},
        {"address": ["0x"]},
        {"accessList": [{}]},
    ]
    batch = [
        request(name, choices.choices(odd, k=size)) for name in METHODS for size in (0, 1, 1, 2, 2, 3, 4)
    ]
    choices.shuffle(batch)
    with Devnet(accounts=2) as node:
        answers = httpx.post(node.url, json=batch, timeout=60).json()
        assert httpx.post(node.url, json=request("eth_chainId")).json()["result"] == "0x7a69"
    codes = {reply.get("error", {}).get("code") for reply in answers}
    assert codes <= {None, -32005, -32602, -32601, -32000, 3, 4}
    assert codes >= {None, -32602, -32000}


def test_an_oversized_body_is_refused_and_the_node_lives_on():
    with Devnet(accounts=1, limits=Limits(body=10_000)) as node:
        assert httpx.post(node.url, content=b" " * 10_001).status_code == 413
        refused = httpx.post(node.url, content=b"x" * 30_000)
        assert (refused.status_code, error_code(refused)) == (413, -32005)
        padded = json.dumps(request("eth_chainId")).ljust(10_000)
        assert httpx.post(node.url, content=padded).json()["result"] == "0x7a69"


def test_any_origin_may_ask(node):
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    headers["Access-Control-Request-Headers"] = "content-type"
    preflight = httpx.options(node.url, headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    reply = httpx.post(node.url, json=request("eth_chainId"), headers={"Origin": "https://example.org"})
    assert reply.headers["access-control-allow-origin"] == "*"


def test_only_post_to_the_root_is_served(node):
    assert httpx.get(node.url).status_code == 405
    assert httpx.post(node.url + "/other", json=request("eth_chainId")).status_code == 404


def test_many_clients_at_once_get_consistent_answers(node, w3):
    start = w3.eth.block_number
    target = w3.to_checksum_address("0x" + "55" * 20)

    def client(index):
        own = connect(node)
        sender = node.accounts[index].address
        for _ in range(4):
            sent = own.eth.send_transaction({"from": sender, "to": target, "value": 1, "gas": 21_000})
            assert own.eth.wait_for_transaction_receipt(sent)["status"] == 1
        return own.eth.get_transaction_count(sender)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(client, range(1, 9))) == [4] * 8
    assert w3.eth.get_balance(target) == 32
    assert w3.eth.block_number == start + 32
    numbers = [w3.eth.get_block(number) for number in range(start, start + 33)]
    assert all(later["parentHash"] == earlier["hash"] for earlier, later in pairwise(numbers))


def test_the_node_names_itself(w3):
    assert w3.client_version.startswith("hardhat-free-devnet/v")
    assert w3.eth.syncing is False
    assert w3.net.version == "31337"
    assert w3.is_connected()
