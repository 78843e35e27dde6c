"""Signatures of the unlocked accounts, and transactions of impersonated ones."""

from __future__ import annotations

import json

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

GWEI = 10**9
TYPED = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
        "Mail": [{"name": "to", "type": "address"}, {"name": "text", "type": "string"}],
    },
    "primaryType": "Mail",
    "domain": {"name": "Ether Mail", "chainId": 31337},
    "message": {"to": "0x" + "22" * 20, "text": "hello"},
}
STRANGER = "0x" + "ab" * 20


def test_both_ways_of_signing_text_give_the_signature_of_the_account(node, rpc):
    address, message = node.accounts[2].address, "0x68656c6c6f"
    signature = rpc("eth_sign", address, message)["result"]
    assert rpc("personal_sign", message, address)["result"] == signature
    assert Account.recover_message(encode_defunct(hexstr=message), signature=signature) == address


@pytest.mark.parametrize("method", ["eth_signTypedData_v4", "eth_signTypedData"])
@pytest.mark.parametrize("form", [TYPED, json.dumps(TYPED)], ids=["object", "text"])
def test_typed_data_is_signed(node, rpc, method, form):
    address = node.accounts[2].address
    signature = rpc(method, address, form)["result"]
    assert Account.recover_message(encode_typed_data(full_message=TYPED), signature=signature) == address


@pytest.mark.parametrize("form", [5, "nonsense", {}, TYPED | {"primaryType": "Nothing"}])
def test_what_is_no_typed_data_is_refused(node, rpc, form):
    assert rpc("eth_signTypedData_v4", node.accounts[2].address, form)["error"]["code"] == -32602


def test_a_transaction_can_be_signed_now_and_sent_later(node, rpc, w3):
    request = {"from": node.accounts[2].address, "to": node.accounts[3].address, "value": "0x5"}
    height = w3.eth.block_number
    raw = rpc("eth_signTransaction", request)["result"]
    assert w3.eth.block_number == height
    receipt = w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw))
    assert (receipt["from"], receipt["status"]) == (node.accounts[2].address, 1)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_sign", [STRANGER, "0x12"]),
        ("personal_sign", ["0x12", STRANGER]),
        ("eth_signTypedData_v4", [STRANGER, TYPED]),
        ("eth_signTransaction", [{"from": STRANGER, "to": STRANGER}]),
        ("eth_sendTransaction", [{"from": STRANGER, "to": STRANGER}]),
    ],
)
def test_nothing_is_signed_for_strangers(rpc, method, params):
    error = rpc(method, *params)["error"]
    assert (error["code"], "unknown account" in error["message"]) == (-32000, True)


def test_an_impersonated_account_sends_until_it_is_released(rpc, w3, node):
    request = {"from": STRANGER, "to": node.accounts[1].address, "value": hex(10**17)}
    rpc("hardhat_setBalance", STRANGER, hex(10**18))
    rpc("hardhat_impersonateAccount", STRANGER)
    first, second = (
        rpc("eth_sendTransaction", request)["result"],
        rpc("eth_sendTransaction", request)["result"],
    )
    for nonce, sent in enumerate((first, second)):
        found = w3.eth.get_transaction(sent)
        assert (found["from"].lower(), found["nonce"]) == (STRANGER, nonce)
        assert w3.eth.get_transaction_receipt(sent)["status"] == 1
    assert w3.eth.get_block("latest", full_transactions=True)["transactions"][0]["hash"].to_0x_hex() == second
    assert 7 * 10**17 < w3.eth.get_balance(w3.to_checksum_address(STRANGER)) < 8 * 10**17
    assert rpc("hardhat_stopImpersonatingAccount", STRANGER)["result"] is True
    assert "unknown account" in rpc("eth_sendTransaction", request)["error"]["message"]


def test_a_contract_can_be_impersonated_and_is_the_sender_that_others_see(rpc, w3, probe):
    rpc("hardhat_setBalance", probe.address, hex(10**18))
    rpc("hardhat_impersonateAccount", probe.address)
    sent = probe.functions.store(4, 44).transact({"from": probe.address, "gasPrice": 3 * GWEI})
    (log,) = probe.events.Stored().process_receipt(w3.eth.wait_for_transaction_receipt(sent))
    assert log["args"] == {"who": probe.address, "key": 4, "value": 44}
    rpc("hardhat_stopImpersonatingAccount", probe.address)


def test_every_account_can_be_impersonated_at_once(rpc, w3):
    rpc("hardhat_setBalance", STRANGER, hex(10**18))
    rpc("anvil_autoImpersonateAccount", True)
    sent = rpc("eth_sendTransaction", {"from": STRANGER, "to": STRANGER})["result"]
    assert w3.eth.get_transaction_receipt(sent)["status"] == 1
    rpc("anvil_autoImpersonateAccount", False)


def test_raw_transactions_cannot_pretend_to_be_impersonated(rpc, w3, node):
    rpc("hardhat_setBalance", STRANGER, hex(10**18))
    rpc("hardhat_impersonateAccount", STRANGER)
    sent = rpc("eth_sendTransaction", {"from": STRANGER, "to": STRANGER})["result"]
    raw = rpc("eth_getRawTransactionByHash", sent)["result"]
    rpc("hardhat_stopImpersonatingAccount", STRANGER)
    rpc("hardhat_setNonce", STRANGER, "0x0")
    assert "invalid signature" in rpc("eth_sendRawTransaction", raw)["error"]["message"]
