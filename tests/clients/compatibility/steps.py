"""What every client asks both nodes, in this order: the steps of the nodes' comparison, and what else there is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_DEVNET = Path(__file__).parents[3] / "hardhat-free-devnet"
sys.path.insert(0, str(_DEVNET / "scripts"))

from compare_answers import differences as differences  # noqa: E402
from compare_steps import ALICE, BOB, CONTRACT, DEPLOYMENT, NOTHING, PAID, STEPS, STRANGER, call, data, raw  # noqa: E402

Step = dict[str, Any]
PROBE = json.loads((_DEVNET / "tests/assets/Probe.json").read_text())
STORE = call(data("store(uint256,uint256)", 1, 2), **PAID)
COIN = hex(10**18)

# Members that start with $ stand for what an earlier step saved: an id, or a block's hash.
_AFTER_RESET: list[tuple[str, list[Any], str]] = [
    ("anvil_setAutomine", [True], ""),
    ("hardhat_setNextBlockBaseFeePerGas", ["0x3b9aca00"], ""),
    ("web3_clientVersion", [], ""),
    ("eth_requestAccounts", [], ""),
    ("eth_newFilter", [{"fromBlock": "0x0"}], "$logs"),
    ("eth_newBlockFilter", [], "$blocks"),
    ("eth_newPendingTransactionFilter", [], "$waiting"),
    ("eth_sendTransaction", [DEPLOYMENT], ""),
    ("eth_sendTransaction", [STORE], "$sent"),
    ("eth_getFilterChanges", ["$logs"], ""),
    ("eth_getFilterChanges", ["$logs"], ""),
    ("eth_getFilterLogs", ["$logs"], ""),
    ("eth_getFilterChanges", ["$blocks"], ""),
    ("eth_getFilterLogs", ["$blocks"], ""),
    ("eth_getFilterChanges", ["$waiting"], ""),
    ("eth_uninstallFilter", ["$logs"], ""),
    ("eth_getFilterChanges", ["$logs"], ""),
    ("eth_getBlockByNumber", ["0x2", False], "$block"),
    ("eth_getBlockByHash", ["$block", True], ""),
    ("eth_getBlockByHash", [NOTHING, True], ""),
    ("eth_getTransactionByBlockHashAndIndex", ["$block", "0x0"], ""),
    ("eth_getUncleCountByBlockHash", ["$block"], ""),
    ("eth_getUncleByBlockHashAndIndex", ["$block", "0x0"], ""),
    ("eth_getBlockTransactionCountByHash", ["$block"], ""),
    ("eth_getBalance", [ALICE, {"blockHash": "$block"}], ""),
    ("eth_getRawTransactionByHash", [NOTHING], ""),
    ("eth_getRawTransactionByHash", ["$sent"], ""),
    ("eth_sendRawTransactionSync", [raw(2)], ""),
    ("eth_sendRawTransactionSync", [raw(2)], ""),
    ("eth_signTypedData", [ALICE, {}], ""),
    ("eth_subscribe", ["newHeads"], ""),
    ("eth_unsubscribe", ["0x1"], ""),
    ("evm_snapshot", [], "$snapshot"),
    ("hardhat_setBalance", [STRANGER, COIN], ""),
    ("hardhat_setNonce", [STRANGER, "0x7"], ""),
    ("hardhat_setCode", [STRANGER, "0x6001"], ""),
    ("hardhat_setStorageAt", [CONTRACT, "0x5", NOTHING], ""),
    ("eth_getStorageAt", [CONTRACT, "0x5", "latest"], ""),
    ("hardhat_mine", ["0x2"], ""),
    ("eth_blockNumber", [], ""),
    ("evm_revert", ["$snapshot"], ""),
    ("eth_blockNumber", [], ""),
    ("eth_getTransactionCount", [STRANGER, "latest"], ""),
    ("anvil_snapshot", [], "$snapshot"),
    ("anvil_revert", ["$snapshot"], ""),
    ("evm_setAccountBalance", [STRANGER, COIN], ""),
    ("evm_setAccountNonce", [STRANGER, "0x9"], ""),
    ("evm_setAccountCode", [STRANGER, "0x"], ""),
    ("evm_setAccountStorageAt", [CONTRACT, "0x6", NOTHING], ""),
    ("hardhat_impersonateAccount", [STRANGER], ""),
    ("hardhat_stopImpersonatingAccount", [STRANGER], ""),
    ("anvil_autoImpersonateAccount", [True], ""),
    ("anvil_autoImpersonateAccount", [False], ""),
    ("hardhat_setCoinbase", [BOB], ""),
    ("hardhat_setPrevRandao", [NOTHING], ""),
    ("hardhat_setBlockTimestampInterval", [5], ""),
    ("hardhat_removeBlockTimestampInterval", [], ""),
    ("hardhat_getAutomine", [], ""),
    ("anvil_setAutomine", [False], ""),
    ("eth_sendRawTransaction", [raw(3)], "$waits"),
    ("txpool_contentFrom", [ALICE], ""),
    ("hardhat_dropTransaction", ["$waits"], ""),
    ("eth_sendRawTransaction", [raw(3)], ""),
    ("anvil_removePoolTransactions", [ALICE], ""),
    ("eth_sendRawTransaction", [raw(3)], ""),
    ("anvil_dropAllTransactions", [], ""),
    ("txpool_status", [], ""),
    ("anvil_setAutomine", [True], ""),
    ("anvil_setBlockGasLimit", [30_000_000], ""),
    ("evm_setTime", [2**33 + 100], ""),
    ("anvil_setTime", [2**33 + 200], ""),
    ("anvil_setNextBlockTimestamp", [2**33 + 300], ""),
    ("anvil_setIntervalMining", [0], ""),
    ("hardhat_reset", [], ""),
    ("anvil_setAutomine", [True], ""),
]


def steps() -> list[Step]:
    """A step has method, params, and the name under which what it answers is saved, if it is."""
    first = [{"method": method, "params": params} for method, params in STEPS]
    return first + [
        {"method": method, "params": params, **({"save": save} if save else {})}
        for method, params, save in _AFTER_RESET
    ]
