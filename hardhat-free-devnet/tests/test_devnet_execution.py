"""Overrides, access lists and proofs."""

from __future__ import annotations

import pytest
import rlp
from trie import HexaryTrie

STRANGER = "0x" + "ab" * 20
RETURNS = "0x{}5f5260205ff3"  # runs some code that leaves one word, and returns it


def word(value):
    return "0x" + value.to_bytes(32).hex()


def values_slot(w3, key):
    return w3.keccak(key.to_bytes(32) + bytes(32)).to_0x_hex()


@pytest.fixture
def run(rpc):
    """What code at a strange address returns, as a number, with these overrides."""

    def run(code, state=(), block=None, sender=STRANGER):
        accounts = {"0x" + "cc" * 20: {"code": RETURNS.format(code)}} | dict(state)
        params = [{"from": sender, "to": "0x" + "cc" * 20}, "latest", accounts]
        answer = rpc("eth_call", *params, *([] if block is None else [block]))
        return int(answer["result"], 16)

    return run


def test_a_call_can_pretend_storage_whole_or_in_part(w3, rpc, probe):
    probe.functions.store(1, 11).transact()

    def value(key, override):
        data = probe.encode_abi("values", [key])
        call = {"to": probe.address, "data": data}
        return int(rpc("eth_call", call, "latest", {probe.address: override})["result"], 16)

    pretended = {values_slot(w3, 0): word(70)}
    assert [value(key, {"stateDiff": pretended}) for key in (0, 1)] == [70, 11]
    assert [value(key, {"state": pretended}) for key in (0, 1)] == [70, 0]
    assert probe.functions.values(0).call() == 7


def test_a_call_can_pretend_code_balances_and_nonces(run):
    assert run("602a") == 42
    balance = f"73{STRANGER[2:]}31"  # BALANCE(stranger)
    assert run(balance) == 0
    assert run(balance, {STRANGER: {"balance": "0x64", "nonce": "0x5"}}) == 100


@pytest.mark.parametrize(
    ("code", "overrides", "expected"),
    [
        ("43", {"number": "0x1234"}, 0x1234),
        ("42", {"time": hex(2**33)}, 2**33),
        ("45", {"gasLimit": "0x1000000"}, 0x1000000),
        ("41", {"feeRecipient": STRANGER}, int(STRANGER, 16)),
        ("44", {"prevRandao": word(77)}, 77),
        ("48", {"baseFeePerGas": "0x3b9aca00"}, 10**9),
        ("48", {}, 0),
    ],
    ids=["number", "time", "gas-limit", "coinbase", "random", "base-fee", "no-base-fee"],
)
def test_a_call_can_pretend_the_block_around_it(run, code, overrides, expected):
    assert run(code, block=overrides) == expected


def test_an_estimate_can_pretend_too(rpc, node):
    call = {"from": STRANGER, "to": node.accounts[1].address, "value": hex(10**18)}
    error = rpc("eth_estimateGas", call)["error"]
    assert (error["code"], "insufficient funds" in error["message"]) == (-32000, True)
    rich = {STRANGER: {"balance": hex(10**19)}}
    assert rpc("eth_estimateGas", call, "latest", rich)["result"] == hex(21_000)


@pytest.mark.parametrize(
    "overrides",
    [
        5,
        {"0x12": {}},
        {STRANGER: 5},
        {STRANGER: {"balance": "much"}},
        {STRANGER: {"nonce": hex(2**64)}},
        {STRANGER: {"state": {}, "stateDiff": {}}},
        {STRANGER: {"stateDiff": {"0x1": word(1)}}},
    ],
)
def test_impossible_overrides_are_refused(rpc, overrides):
    assert rpc("eth_call", {"to": STRANGER}, "latest", overrides)["error"]["code"] == -32602
    assert rpc("eth_call", {"to": STRANGER}, "latest", {}, {"colour": "0x1"})["error"]["code"] == -32602


def test_an_access_list_names_the_slots_and_using_it_costs_what_it_says(w3, rpc, probe):
    call = {"from": w3.eth.default_account, "to": probe.address, "data": probe.encode_abi("store", [5, 6])}
    answer = rpc("eth_createAccessList", call, "latest")["result"]
    slot = values_slot(w3, 5)
    assert answer["accessList"] == [{"address": probe.address.lower(), "storageKeys": [slot]}]
    sent = w3.eth.send_transaction(call | {"accessList": answer["accessList"], "gas": 200_000})
    assert w3.eth.get_transaction_receipt(sent)["gasUsed"] == int(answer["gasUsed"], 16)


def test_an_access_list_of_a_failing_call_says_why(rpc, probe):
    call = {"to": probe.address, "data": probe.encode_abi("refuse")}
    answer = rpc("eth_createAccessList", call)["result"]
    assert (answer["accessList"], answer["error"]) == ([], "execution reverted: not today")


def test_proofs_lead_from_the_state_root_to_the_account_and_its_slots(w3, rpc, probe):
    slot, empty = values_slot(w3, 0), values_slot(w3, 1)
    proof = rpc("eth_getProof", probe.address, [slot, empty], "latest")["result"]
    root = w3.eth.get_block("latest")["stateRoot"]
    account = verify(root, probe.address, proof["accountProof"], w3)
    nonce, balance, storage_root, code_hash = rlp.decode(account)
    assert ["0x" + storage_root.hex(), "0x" + code_hash.hex()] == [proof["storageHash"], proof["codeHash"]]
    assert [int.from_bytes(nonce), int.from_bytes(balance)] == [int(proof["nonce"], 16), 0]
    present, absent = proof["storageProof"]
    assert rlp.decode(verify(storage_root, slot, present["proof"], w3)) == bytes([7])
    assert (present["key"], present["value"], absent["value"]) == (slot, "0x7", "0x0")
    assert verify(storage_root, empty, absent["proof"], w3) == b""


def test_an_account_that_is_not_there_has_a_proof_of_that(w3, rpc):
    proof = rpc("eth_getProof", STRANGER, [], "latest")["result"]
    assert (proof["balance"], proof["nonce"]) == ("0x0", "0x0")
    root = w3.eth.get_block("latest")["stateRoot"]
    assert verify(root, STRANGER, proof["accountProof"], w3) == b""


def verify(root, key, nodes, w3):
    """The value that the nodes of a proof, and nothing else, lead to from this root."""
    raw = [bytes.fromhex(node[2:]) for node in nodes]
    trie = HexaryTrie({bytes(w3.keccak(node)): node for node in raw}, bytes(root))
    return trie[bytes(w3.keccak(hexstr=key))]
