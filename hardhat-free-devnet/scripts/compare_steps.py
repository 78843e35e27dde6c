"""What `compare.py` asks two nodes, in this order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

PROBE = json.loads((Path(__file__).parent.parent / "tests" / "assets" / "Probe.json").read_text())
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
ALICE, BOB = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"
CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3"  # the first that Alice makes
STRANGER, NOTHING = "0x" + "ab" * 20, "0x" + "cd" * 32


def data(signature: str, *arguments: int) -> str:
    types = signature[signature.index("(") + 1 : -1]
    encoded = encode(types.split(","), arguments) if types else b""
    return "0x" + (keccak(text=signature)[:4] + encoded).hex()


def raw(nonce: int, **changes: Any) -> str:
    fields = {
        "to": to_checksum_address(BOB), "value": 1, "gas": 21_000, "nonce": nonce, "chainId": 31337,
        "maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9,
    } | changes  # fmt: skip
    fields = {name: value for name, value in fields.items() if value is not None}
    return "0x" + Account.sign_transaction(fields, KEY).raw_transaction.hex()


def call(what: str, **more: Any) -> dict[str, Any]:
    return {"from": ALICE, "to": CONTRACT, "data": what} | more


SENT = "0x" + keccak(hexstr=raw(1)).hex()
PAID = {"gas": "0x186a0", "gasPrice": "0xb2d05e00"}
DEPLOYMENT = {
    "from": ALICE,
    "data": PROBE["bytecode"] + (7).to_bytes(32).hex(),
    "gas": "0x100000",
    "maxFeePerGas": "0x77359400",
}
TYPED = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}],
        "Mail": [{"name": "text", "type": "string"}],
    },
    "primaryType": "Mail",
    "domain": {"name": "Ether Mail"},
    "message": {"text": "hello"},
}

STEPS: list[tuple[str, list[Any]]] = [
    ("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]),
    ("eth_chainId", []),
    ("net_version", []),
    ("net_listening", []),
    ("net_peerCount", []),
    ("eth_syncing", []),
    ("eth_blockNumber", []),
    ("eth_accounts", []),
    ("eth_coinbase", []),
    ("eth_protocolVersion", []),
    ("eth_mining", []),
    ("rpc_modules", []),
    ("eth_nothing", []),
    ("hardhat_metadata", []),
    ("anvil_metadata", []),
    ("anvil_nodeInfo", []),
    ("eth_getBalance", []),
    ("eth_getBalance", [ALICE]),
    ("eth_getBalance", ["0x12", "latest"]),
    ("eth_getBalance", [ALICE, "0xffff"]),
    ("eth_getBlockByNumber", ["0x0", False]),
    ("eth_getBlockByNumber", ["0xffff", False]),
    ("eth_getBlockByNumber", ["pending", True]),
    ("web3_sha3", ["0x68656c6c6f"]),
    ("eth_sendTransaction", [DEPLOYMENT]),
    ("eth_getBlockByNumber", ["latest", False]),
    ("eth_getBlockByNumber", ["latest", True]),
    ("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x0"]),
    ("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x1"]),
    ("eth_getBlockReceipts", ["latest"]),
    ("eth_getBlockReceipts", ["0xffff"]),
    ("eth_getCode", [CONTRACT, "latest"]),
    ("eth_call", [call(data("values(uint256)", 0)), "latest"]),
    ("eth_call", [call(data("refuse()")), "latest"]),
    ("eth_call", [call(data("divide(uint256,uint256)", 1, 0)), "latest"]),
    ("eth_call", [call(data("atLeast(uint256,uint256)", 1, 5)), "latest"]),
    ("eth_call", [call(data("spin()"), gas="0x186a0"), "latest"]),
    ("eth_call", [call(data("values(uint256)", 0)), "0xffff"]),
    ("eth_call", [{"from": STRANGER, "to": BOB, "value": "0x1"}, "latest"]),
    ("eth_call", [{"to": CONTRACT, "data": "0x12"}, "latest"]),
    (
        "eth_call",
        [
            call(data("values(uint256)", 0)),
            "latest",
            {CONTRACT: {"stateDiff": {"0x" + keccak(bytes(64)).hex(): "0x" + "00" * 31 + "09"}}},
        ],
    ),
    ("eth_estimateGas", [call(data("store(uint256,uint256)", 1, 2))]),
    ("eth_estimateGas", [call(data("refuse()"))]),
    ("eth_estimateGas", [{"from": ALICE, "to": BOB, "value": "0x1"}]),
    ("eth_estimateGas", [{"from": STRANGER, "to": BOB, "value": "0x1"}]),
    ("eth_createAccessList", [call(data("store(uint256,uint256)", 1, 2)), "latest"]),
    ("eth_sendRawTransaction", [raw(1)]),
    ("eth_sendRawTransaction", [raw(1)]),
    ("eth_sendRawTransaction", [raw(0, value=2)]),
    ("eth_sendRawTransaction", [raw(2, gas=20_999)]),
    ("eth_sendRawTransaction", [raw(2, gas=40_000_000)]),
    ("eth_sendRawTransaction", [raw(2, value=10**30)]),
    ("eth_sendRawTransaction", [raw(2, maxFeePerGas=1, maxPriorityFeePerGas=0)]),
    ("eth_sendRawTransaction", [raw(2, maxPriorityFeePerGas=10**11)]),
    ("eth_sendRawTransaction", [raw(2, chainId=5)]),
    ("eth_sendRawTransaction", ["0x1234"]),
    ("eth_getTransactionByHash", [SENT]),
    ("eth_getTransactionReceipt", [SENT]),
    ("eth_getTransactionByHash", [NOTHING]),
    ("eth_getTransactionReceipt", [NOTHING]),
    ("eth_sendRawTransaction", [raw(2, maxFeePerGas=None, maxPriorityFeePerGas=None, gasPrice=3 * 10**9)]),
    ("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x0"]),
    (
        "eth_sendRawTransaction",
        [
            raw(
                3,
                maxFeePerGas=None,
                maxPriorityFeePerGas=None,
                gasPrice=3 * 10**9,
                gas=60_000,
                accessList=[{"address": to_checksum_address(CONTRACT), "storageKeys": [NOTHING]}],
            )
        ],
    ),
    ("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x0"]),
    ("eth_getBlockReceipts", ["latest"]),
    ("eth_sendTransaction", [call(data("store(uint256,uint256)", 1, 2), **PAID)]),
    ("eth_getBlockReceipts", ["latest"]),
    ("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "latest"}]),
    ("eth_getLogs", [{"fromBlock": "0x2", "toBlock": "0x1"}]),
    ("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "0xffff"}]),
    ("eth_getLogs", [{"blockHash": NOTHING}]),
    ("eth_sendTransaction", [call(data("refuse()"), **PAID)]),
    ("eth_getBlockReceipts", ["latest"]),
    ("eth_gasPrice", []),
    ("eth_maxPriorityFeePerGas", []),
    ("eth_blobBaseFee", []),
    ("eth_feeHistory", ["0x3", "latest", [10, 50, 90]]),
    ("eth_feeHistory", ["0x0", "latest", []]),
    ("eth_getStorageAt", [CONTRACT, "0x" + keccak(bytes(64)).hex(), "latest"]),
    ("eth_getStorageAt", [CONTRACT, "0x0", "latest"]),
    ("eth_getProof", [CONTRACT, ["0x" + keccak(bytes(64)).hex()], "latest"]),
    ("eth_getProof", [STRANGER, [], "latest"]),
    ("eth_getUncleCountByBlockNumber", ["latest"]),
    ("eth_getUncleByBlockNumberAndIndex", ["latest", "0x0"]),
    ("eth_getBlockTransactionCountByNumber", ["latest"]),
    ("eth_getBlockTransactionCountByHash", [NOTHING]),
    ("eth_sign", [ALICE, "0x68656c6c6f"]),
    ("personal_sign", ["0x68656c6c6f", ALICE]),
    ("eth_sign", [STRANGER, "0x68656c6c6f"]),
    ("eth_signTypedData_v4", [ALICE, TYPED]),
    (
        "eth_signTransaction",
        [
            {
                "from": ALICE,
                "to": BOB,
                "gas": "0x5208",
                "nonce": "0x9",
                "maxFeePerGas": "0x77359400",
                "maxPriorityFeePerGas": "0x1",
                "value": "0x1",
                "chainId": "0x7a69",
            }
        ],
    ),
    ("eth_sendTransaction", [{"from": STRANGER, "to": BOB}]),
    ("eth_newBlockFilter", []),
    ("eth_getFilterChanges", ["0x1234"]),
    ("eth_uninstallFilter", ["0x1234"]),
    ("evm_setAutomine", [False]),
    ("eth_sendRawTransaction", [raw(6)]),
    ("eth_sendRawTransaction", [raw(6, value=2)]),
    ("eth_sendRawTransaction", [raw(6, value=2, maxFeePerGas=2 * 10**10, maxPriorityFeePerGas=2 * 10**9)]),
    ("eth_sendRawTransaction", [raw(8)]),
    ("txpool_status", []),
    ("txpool_inspect", []),
    ("txpool_content", []),
    ("eth_getTransactionByHash", ["0x" + keccak(hexstr=raw(8)).hex()]),
    ("eth_getTransactionReceipt", ["0x" + keccak(hexstr=raw(8)).hex()]),
    ("eth_getTransactionCount", [ALICE, "pending"]),
    ("eth_getTransactionCount", [ALICE, "latest"]),
    ("eth_getBlockByNumber", ["pending", False]),
    ("eth_getBlockByNumber", ["pending", True]),
    ("eth_getBalance", [BOB, "pending"]),
    ("evm_mine", []),
    ("txpool_status", []),
    ("anvil_dropTransaction", ["0x" + keccak(hexstr=raw(8)).hex()]),
    ("anvil_dropTransaction", [NOTHING]),
    ("evm_setAutomine", [True]),
    ("anvil_setBalance", [STRANGER, "0xde0b6b3a7640000"]),
    ("eth_getBalance", [STRANGER, "latest"]),
    ("anvil_setNonce", [STRANGER, "0x5"]),
    ("anvil_setCode", [BOB, "0x6001"]),
    ("anvil_setStorageAt", [CONTRACT, "0x5", NOTHING]),
    ("eth_getStorageAt", [CONTRACT, "0x5", "latest"]),
    ("anvil_impersonateAccount", [STRANGER]),
    ("eth_sendTransaction", [{"from": STRANGER, "to": ALICE, "value": "0x1", "maxFeePerGas": "0x77359400"}]),
    ("eth_getBlockByNumber", ["latest", True]),
    ("eth_getBlockReceipts", ["latest"]),
    ("anvil_stopImpersonatingAccount", [STRANGER]),
    ("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]),
    ("anvil_setCoinbase", [STRANGER]),
    ("evm_mine", []),
    ("eth_getBlockByNumber", ["latest", True]),
    ("anvil_mine", ["0x3", "0xa"]),
    ("eth_blockNumber", []),
    ("evm_snapshot", []),
    ("evm_increaseTime", [100]),
    ("anvil_increaseTime", [100]),
    ("evm_setNextBlockTimestamp", [2**33]),
    ("evm_mine", [{"blocks": 2}]),
    ("evm_revert", ["0x0"]),
    ("evm_revert", ["0x77"]),
    ("anvil_setBlockTimestampInterval", [10]),
    ("anvil_removeBlockTimestampInterval", []),
    ("anvil_reorg", [1, []]),
    ("anvil_rollback", [1]),
    ("evm_setIntervalMining", [0]),
    ("anvil_getIntervalMining", []),
    ("anvil_getAutomine", []),
    ("evm_setBlockGasLimit", ["0x1c9c380"]),
    ("anvil_reset", []),
    ("eth_blockNumber", []),
]
