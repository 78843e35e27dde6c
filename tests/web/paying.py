"""Orders of the site, paid as a maker pays them: by the API's offer, and the transactions that it prepares."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

import httpx
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from web3 import Web3

from .site import LONGEST, WebSite

MUSIC = {"seconds": 6, "tempo": 120, "key": "G", "mode": "major", "metre": "4/4"}


def paid_order(site: WebSite, maker: LocalAccount, works: Sequence[str], use: str = "private") -> str:
    """The id of an order of these works in equal parts, once it is paid and indexed; it is made in its own time."""
    weights = [1_000_000 // len(works)] * len(works)
    weights[0] += 1_000_000 - sum(weights)
    sources = [{"work": work, "weight": weight} for work, weight in zip(works, weights, strict=True)]
    with httpx.Client(base_url=site.url, timeout=120, headers={"Origin": site.url}) as client:
        _sign_in(client, maker)
        quote = _posted(client, "/v1/quotes", {"sources": sources, "use": use, "music": MUSIC})
        order = str(quote["order"])
        path = f"/v1/quotes/{order}/funding"
        while True:  # an approval of the token comes first; the transaction after it is prepared once it is there
            steps = _posted(client, path, {"maker_salt": f"0x{secrets.token_hex(32)}"})["transactions"]
            _send(site.chain, maker, steps[0])
            if len(steps) == 1:
                break
        until(lambda: client.get(f"/v1/orders/{order}").json().get("status", "none") != "none", "be indexed")
    return order


def delivered(site: WebSite, order: str) -> dict[str, Any]:
    """The order's document, once its piece is settled."""
    until(lambda: site.get(f"/v1/orders/{order}")["status"] == "committed", "be settled")
    found: dict[str, Any] = site.get(f"/v1/orders/{order}")
    return found


def until(holds: Any, what: str) -> None:
    give_up = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < give_up, f"the order did not come to {what}"
        time.sleep(0.2)


def _sign_in(client: httpx.Client, wallet: LocalAccount) -> None:
    message = _posted(client, "/v1/auth/nonce", {"address": wallet.address})["message"]
    signature = "0x" + bytes(wallet.sign_message(encode_defunct(text=message)).signature).hex()
    token = _posted(client, "/v1/auth/sessions", {"message": message, "signature": signature})["token"]
    client.headers["Authorization"] = f"Bearer {token}"


def _posted(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _send(chain: Web3, wallet: LocalAccount, asked: dict[str, Any]) -> None:
    eth = chain.eth
    made: Any = {
        "to": Web3.to_checksum_address(asked["to"]),
        "data": asked["data"],
        "value": int(asked["value"], 16),
        "nonce": eth.get_transaction_count(wallet.address, "pending"),
        "chainId": eth.chain_id,
        "gas": 2_000_000,
        "maxFeePerGas": eth.gas_price * 2,
        "maxPriorityFeePerGas": 0,
    }
    sent = eth.send_raw_transaction(wallet.sign_transaction(made).raw_transaction)
    assert eth.wait_for_transaction_receipt(sent)["status"] == 1
