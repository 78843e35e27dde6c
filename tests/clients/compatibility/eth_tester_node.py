"""eth-tester in the process, through web3.py's typed calls, beside the development chain, whose EVM is the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from eth_tester import EthereumTester, PyEVMBackend
from web3 import EthereumTesterProvider, Web3

from .asking import ACCOUNT
from .steps import BOB, CONTRACT, NOTHING, differences
from .web3_client import CONTRACT_TASKS

STRANGER = Web3.to_checksum_address(BOB)
PLACE = Web3.to_checksum_address(CONTRACT)
CHAIN_ID = 131277322940537
CHANCE = {"r", "s", "v"}
_MEMBER = r"\.(\w+)(?:\[\d+\])*"
_KINDS = {
    "other values:": _MEMBER + ": ",
    "only devnet:": _MEMBER + " only ours",
    "only eth-tester:": _MEMBER + " only theirs",
}
HEAD = """## eth-tester, by web3.py's typed calls
Raw requests do not reach eth-tester as they are (it takes no hex amounts), so this compares what web3.py's typed calls
return, on fresh chains with the same accounts. eth-tester sends for a fixed price of 1 gwei and with another gas limit,
holds 1,000,000 ether in each account, and names some members in its own way; gas used and storage are the
same. `result` stands for an answer that is a single value.

| call | |
| --- | --- |""".splitlines()
_READS: dict[str, Callable[[Web3], Any]] = {
    "accounts": lambda w3: w3.eth.accounts,
    "block_number": lambda w3: w3.eth.block_number,
    "chain_id": lambda w3: w3.eth.chain_id,
    "syncing": lambda w3: w3.eth.syncing,
    "gas_price": lambda w3: w3.eth.gas_price,
    "max_priority_fee": lambda w3: w3.eth.max_priority_fee,
    "fee_history": lambda w3: w3.eth.fee_history(2, "latest", []),
    "get_balance": lambda w3: w3.eth.get_balance(STRANGER),
    "get_transaction_count": lambda w3: w3.eth.get_transaction_count(ACCOUNT),
    "get_code": lambda w3: w3.eth.get_code(PLACE),
    "get_storage_at": lambda w3: w3.eth.get_storage_at(PLACE, 0),
    "get_block": lambda w3: w3.eth.get_block(1, True),
    "get_block of the future": lambda w3: w3.eth.get_block(99),
    "get_block_transaction_count": lambda w3: w3.eth.get_block_transaction_count(1),
    "get_transaction": lambda w3: w3.eth.get_transaction(_first(w3)),
    "get_transaction of nobody": lambda w3: w3.eth.get_transaction(NOTHING),
    "get_transaction_receipt": lambda w3: w3.eth.get_transaction_receipt(_first(w3)),
    "get_logs": lambda w3: w3.eth.get_logs({"fromBlock": 0, "toBlock": "latest"}),
    "estimate_gas": lambda w3: w3.eth.estimate_gas({"from": ACCOUNT, "to": STRANGER, "value": 1}),
    "call": lambda w3: w3.eth.call({"from": ACCOUNT, "to": STRANGER, "value": 1}),
    "send_transaction": lambda w3: w3.eth.wait_for_transaction_receipt(
        w3.eth.send_transaction({"from": ACCOUNT, "to": STRANGER, "value": 1})
    ),
    "sign": lambda w3: w3.eth.sign(ACCOUNT, text="hello"),
    "get_proof": lambda w3: w3.eth.get_proof(PLACE, [0], "latest"),
    "create_access_list": lambda w3: w3.eth.create_access_list({"from": ACCOUNT, "to": PLACE}),
    "filter": lambda w3: w3.eth.filter("latest").get_new_entries(),
}


def _first(w3: Web3) -> Any:
    return w3.eth.get_block(1)["transactions"][0]


def eth_tester() -> Web3:
    """A fresh chain with the accounts of the development chain."""
    backend = PyEVMBackend.from_mnemonic("test " * 11 + "junk", num_accounts=10, hd_path="m/44'/60'/0'/0")
    return Web3(EthereumTesterProvider(EthereumTester(backend)))


def section(devnet: Web3) -> list[str]:
    """The lines of the page. `devnet` serves eth-tester's chain id, which cannot be chosen."""
    other = eth_tester()
    calls = CONTRACT_TASKS | _READS
    rows = [f"| {name} | {_said(_outcome(call, devnet), _outcome(call, other))} |" for name, call in calls.items()]
    return [*HEAD, *rows, ""]


def _outcome(call: Callable[[Web3], Any], w3: Web3) -> Any:
    try:
        return {"result": json.loads(Web3.to_json(call(w3)))}
    except Exception as error:  # whatever a node that does not know a method leads to
        return {"error": type(error).__name__}


def _said(ours: Any, theirs: Any) -> str:
    """Which members differ, and which only one of them has."""
    if "error" in theirs and "result" in ours:
        return f"eth-tester: `{theirs['error']}`"
    lines = list(differences(ours, theirs))
    parts = [
        (what, sorted({match[1] for line in lines if (match := re.search(pattern, line))} - CHANCE))
        for what, pattern in _KINDS.items()
    ]
    return "; ".join(f"{what} {', '.join(f'`{name}`' for name in names)}" for what, names in parts if names) or "="
