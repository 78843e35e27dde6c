"""Orders made through the API, as a program of a music maker makes them: quoted, paid in, and followed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from web3 import Web3

from .catalogue import works_for
from .site import LONGEST, WebSite

MUSIC = {"seconds": 10, "tempo": 120, "key": "G", "mode": "major", "metre": "6/8"}


@contextmanager
def signed_in(site: WebSite, key: LocalAccount) -> Iterator[httpx.Client]:
    """A client of the API as the wallet of `key`."""
    with httpx.Client(base_url=site.url, timeout=120) as client:
        message = _post(client, "/v1/auth/nonce", {"address": key.address})["message"]
        signature = key.sign_message(encode_defunct(text=message)).signature
        token = _post(client, "/v1/auth/sessions", {"message": message, "signature": "0x" + signature.hex()})["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.cookies.clear()
        yield client


def paid_order(
    site: WebSite,
    key: LocalAccount,
    use: str = "commercial",
    weights: Sequence[int] = (600_000, 400_000),
    works: Sequence[str] = (),
    **music: Any,
) -> str:
    """The id of an order that was just paid for; of these `works`, or of any."""
    chosen = works or works_for(site, use, len(weights))
    sources = [{"work": work, "weight": weight} for work, weight in zip(chosen, weights, strict=True)]
    asked = {"sources": sources, "use": use, "music": MUSIC | music}
    with signed_in(site, key) as client:
        order: str = _post(client, "/v1/quotes", asked)["order"]
        steps = _post(client, f"/v1/quotes/{order}/funding", {"maker_salt": "0x" + secrets.token_hex(32)})
    for step in steps["transactions"]:
        send(site.chain, key, step)
    wait_for(site, order, "funded", "committed")
    return order


def send(chain: Web3, key: LocalAccount, step: dict[str, Any]) -> None:
    """Signs and sends a transaction that the API prepared, and waits for its block."""
    made = {
        "to": step["to"], "data": step["data"], "value": int(step["value"], 16), "chainId": chain.eth.chain_id,
        "nonce": chain.eth.get_transaction_count(key.address), "gas": int(step["gas"] or hex(2_000_000), 16),
        "maxFeePerGas": chain.eth.gas_price * 2, "maxPriorityFeePerGas": 0,
    }  # fmt: skip
    sent = chain.eth.send_raw_transaction(key.sign_transaction(made).raw_transaction)  # type: ignore[arg-type]
    assert chain.eth.wait_for_transaction_receipt(sent)["status"] == 1


def wait_for(site: WebSite, order: str, *statuses: str) -> None:
    """Until the index says so."""
    give_up = time.monotonic() + LONGEST
    while time.monotonic() < give_up:
        answer = httpx.get(f"{site.url}/v1/orders/{order}", timeout=60)
        if answer.status_code == 200 and answer.json()["status"] in statuses:
            return
        time.sleep(0.2)
    raise AssertionError(answer.text)


def delivered_order(site: WebSite, key: LocalAccount, use: str = "commercial", **music: Any) -> str:
    """The id of an order that was paid for and made."""
    order = paid_order(site, key, use, **music)
    with httpx.stream("GET", f"{site.url}/v1/orders/{order}/progress", timeout=LONGEST) as events:
        said = [line for line in events.iter_lines() if line.startswith("event:")]
    assert said[-1] == "event: delivered", said
    return order


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()
