"""A wallet that sends what the API prepared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_account.signers.local import LocalAccount

from contrafact.ledger.connection import Connection


def send(connection: Connection, key: LocalAccount, transactions: Sequence[dict[str, Any]]) -> None:
    """Signs each transaction with the key, sends it, and waits for its block."""
    eth = connection.web3.eth
    for one in transactions:
        assert one["from"] == key.address
        assert one["simulation"]["outcome"] != "refused", one["simulation"]
        given = {name: one[name] for name in ("from", "to", "value", "data")}
        fees = {"maxFeePerGas": 10**11, "maxPriorityFeePerGas": 1}
        gas = int(one["gas"], 16) if one["gas"] else eth.estimate_gas(given)  # type: ignore[arg-type]
        whole = {
            **given,
            **fees,
            "gas": gas,
            "chainId": one["chain_id"],
            "nonce": eth.get_transaction_count(key.address),
        }
        signed = key.sign_transaction({name: value for name, value in whole.items() if name != "from"})
        receipt = eth.wait_for_transaction_receipt(eth.send_raw_transaction(signed.raw_transaction))
        assert receipt["status"] == 1, one["function"]
