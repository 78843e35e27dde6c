"""Transactions that may not enter a block are refused with a reason, and leave no trace."""

from __future__ import annotations

import pytest
from eth_account import Account

GWEI = 10**9
MAX_INITCODE = 49_152


def signed(node, **changes):
    fields = {
        "to": "0x" + "22" * 20,
        "value": 1,
        "gas": 21_000,
        "nonce": 0,
        "maxFeePerGas": 5 * GWEI,
        "maxPriorityFeePerGas": GWEI,
        "chainId": node.chain_id,
    }
    fields = {name: value for name, value in (fields | changes).items() if value is not None}
    return "0x" + Account.sign_transaction(fields, node.accounts[5].key).raw_transaction.hex()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"chainId": 1}, "invalid chain id for signer: have 1 want 31337"),
        ({"nonce": 1001}, "nonce too high: next nonce 0, tx nonce 1001"),
        ({"gas": 20_999}, "intrinsic gas too low: gas 20999, minimum needed 21000"),
        (
            {"data": "0x" + "11" * 100, "gas": 24_999},
            "intrinsic gas too low: gas 24999, minimum needed 25000",
        ),
        ({"gas": 30_000_001}, "exceeds block gas limit"),
        ({"value": 10_000 * 10**18}, "insufficient funds for gas * price + value"),
        ({"maxFeePerGas": 1, "maxPriorityFeePerGas": 0}, "max fee per gas less than block base fee"),
        ({"maxFeePerGas": GWEI, "maxPriorityFeePerGas": 2 * GWEI}, "max priority fee per gas higher"),
        ({"to": "", "data": "0x" + "00" * (MAX_INITCODE + 1), "gas": 10**7}, "max initcode size exceeded"),
    ],
)
def test_a_bad_transaction_is_refused_with_the_reason(node, w3, rpc, changes, reason):
    block = w3.eth.block_number
    error = rpc("eth_sendRawTransaction", signed(node, **changes))["error"]
    assert error["code"] == -32000
    assert reason in error["message"]
    assert w3.eth.block_number == block


def test_the_same_transaction_twice_is_refused(node, rpc):
    raw = signed(node)
    assert "result" in rpc("eth_sendRawTransaction", raw)
    assert "nonce too low: next nonce 1, tx nonce 0" in rpc("eth_sendRawTransaction", raw)["error"]["message"]


def test_the_data_floor_of_eip_7623_is_charged(node, w3):
    raw = signed(node, data="0x" + "11" * 100, gas=60_000)
    receipt = w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw))
    assert receipt["gasUsed"] == 21_000 + 10 * 4 * 100


def test_a_legacy_transaction_for_another_chain_is_refused_and_one_for_none_is_accepted(node, rpc):
    legacy = {"maxFeePerGas": None, "maxPriorityFeePerGas": None, "gasPrice": 3 * GWEI}
    other = rpc("eth_sendRawTransaction", signed(node, **legacy, chainId=5))
    assert "invalid chain id" in other["error"]["message"]
    assert "result" in rpc("eth_sendRawTransaction", signed(node, **legacy, chainId=None))


@pytest.mark.parametrize(
    "raw", ["0x", "0x00", "0xc0", "0x02", "0x02c0", "0x03c0", "0x7f", "0xf8", "0x" + "ff" * 200]
)
def test_bytes_that_are_no_transaction_are_refused(rpc, raw):
    assert rpc("eth_sendRawTransaction", raw)["error"]["code"] == -32000


def test_every_truncation_and_bit_flip_of_a_transaction_is_refused_or_harmless(node, rpc, w3):
    good = bytes.fromhex(signed(node)[2:])
    bad = [good[:size] for size in range(0, len(good), 7)]
    bad += [bytes([*good[:at], good[at] ^ 0x80, *good[at + 1 :]]) for at in range(0, len(good), 3)]
    before = w3.eth.get_balance(node.accounts[5].address)
    for raw in bad:
        assert rpc("eth_sendRawTransaction", "0x" + raw.hex())["error"]["code"] == -32000
    assert w3.eth.get_balance(node.accounts[5].address) == before


def test_contracts_cannot_send_and_unknown_accounts_are_not_unlocked(rpc, probe):
    error = rpc("eth_sendTransaction", {"from": probe.address, "to": probe.address})["error"]
    assert "unknown account" in error["message"]
