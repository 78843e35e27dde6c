"""Floods and oversized requests are refused in words, and the node lives on."""

from __future__ import annotations

import asyncio
import json
import resource
from collections import Counter

import httpx
import pytest

from conftest import connect
from hardhat_free_devnet import Devnet, DevnetError, Limits


def request(method, *params):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}


def flood(node, count):
    """Send so many requests at once, on connections of their own; count (status, error code or result)."""
    body = json.dumps(request("eth_chainId")).encode()
    head = f"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    host, port = node.url.removeprefix("http://").split(":")

    async def one(start):
        reader, writer = await asyncio.open_connection(host, port)
        await start.wait()
        writer.write(head + body)
        answer = await reader.read()
        writer.close()
        status, content = int(answer.split()[1]), json.loads(answer.split(b"\r\n\r\n", 1)[1])
        return status, content.get("result") or content["error"]["code"]

    async def all_of_them():
        start = asyncio.Event()
        tasks = [asyncio.create_task(one(start)) for _ in range(count)]
        await asyncio.sleep(0)
        start.set()
        return Counter(await asyncio.gather(*tasks))

    return asyncio.run(all_of_them())


def allow_open_files(count):
    """Clients and node are one process here, and each connection is a file at both ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        pytest.skip(f"needs {count} open files, and the system allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def test_two_thousand_requests_at_once_are_all_answered():
    allow_open_files(5_000)
    with Devnet(accounts=1, limits=Limits(requests=2000)) as node:
        assert flood(node, 2000) == {(200, "0x7a69"): 2000}


def test_a_flood_beyond_the_limit_is_refused_in_part_and_the_node_lives_on():
    with Devnet(accounts=1, limits=Limits(requests=5)) as node:
        counts = flood(node, 500)
        assert counts.keys() <= {(200, "0x7a69"), (429, -32005)}
        assert counts[200, "0x7a69"] >= 5
        assert counts[429, -32005] > 0
        assert counts.total() == 500
        assert connect(node).eth.block_number == 0


def test_a_client_that_sends_half_a_request_and_leaves_frees_its_place():
    with Devnet(accounts=1, limits=Limits(requests=1)) as node:

        async def half():
            host, port = node.url.removeprefix("http://").split(":")
            _, writer = await asyncio.open_connection(host, port)
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            await writer.drain()
            writer.close()

        for _ in range(3):
            asyncio.run(half())
        answers = [httpx.post(node.url, json=request("eth_chainId")).status_code for _ in range(20)]
        assert answers[-1] == 200


def test_batches_log_ranges_and_blocks_have_limits():
    with Devnet(accounts=1, limits=Limits(batch=3, log_blocks=5)) as node:

        def ask(message):
            answer = httpx.post(node.url, json=message).json()
            return answer[0] if isinstance(answer, list) else answer

        assert ask([request("eth_chainId")] * 3)["result"] == "0x7a69"
        assert ask([request("eth_chainId")] * 4)["error"]["code"] == -32005
        ask(request("hardhat_mine", "0x6"))
        assert ask(request("eth_getLogs", {"fromBlock": "0x2"}))["result"] == []
        error = ask(request("eth_getLogs", {"fromBlock": "0x1"}))["error"]
        assert (error["code"], "limit is 5" in error["message"]) == (-32005, True)
        assert ask(request("hardhat_mine", "0xffffff"))["error"]["code"] == -32005
        assert connect(node).eth.block_number == 6


def test_impossible_limits_are_refused():
    with pytest.raises(DevnetError, match="batch"):
        Limits(batch=0)


def test_pages_of_other_origins_are_refused():
    with Devnet(accounts=1, origins=["https://mine.example"]) as node:

        def post(origin):
            headers = {} if origin is None else {"Origin": origin}
            return httpx.post(node.url, json=request("eth_chainId"), headers=headers)

        mine = post("https://mine.example")
        assert mine.json()["result"] == "0x7a69"
        assert mine.headers["access-control-allow-origin"] == "https://mine.example"
        assert post("https://other.example").status_code == 403
        assert post(None).status_code == 200
        preflight = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
        assert httpx.options(node.url, headers=preflight).status_code == 403
