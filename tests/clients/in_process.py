"""A chain in this process, without any JSON-RPC between: eth-tester on py-evm, under the accounts of the others."""

from __future__ import annotations

import ast
from threading import RLock
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from eth_utils import ValidationError
from web3 import EthereumTesterProvider, Web3
from web3.types import RPCEndpoint, RPCResponse

from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy

from .anvil import MNEMONIC


class InProcess(EthereumTesterProvider):
    """web3's own provider for eth-tester, which says why a call reverts, and moves time, as development nodes do.

    Threads take turns: eth-tester knows nothing of them.
    """

    def __init__(self, tester: EthereumTester) -> None:
        super().__init__(tester)
        self._turn = RLock()

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        with self._turn:
            return self._answer(method, params)

    def _answer(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        if method == "evm_increaseTime":
            now = int(self.ethereum_tester.get_block_by_number("latest")["timestamp"])
            seconds = int(params[0], 0) if isinstance(params[0], str) else params[0]
            self.ethereum_tester.time_travel(now + seconds)
            return {"jsonrpc": "2.0", "id": 1, "result": params[0]}
        try:
            return super().make_request(method, params)
        except TransactionFailed as failure:
            error: Any = {"code": 3, "message": "execution reverted", "data": _data(failure)}
            return {"jsonrpc": "2.0", "id": 1, "error": error}
        except ValidationError as failure:
            if "cannot afford" not in str(failure):
                raise
            poor: Any = {"code": -32000, "message": "insufficient funds for gas * price + value"}
            return {"jsonrpc": "2.0", "id": 1, "error": poor}


def open_in_process(accounts: int = 20) -> Connection:
    """A connection to a new chain. Its accounts have the keys of Hardhat's and Anvil's."""
    backend = PyEVMBackend.from_mnemonic(MNEMONIC, num_accounts=accounts, hd_path="m/44'/60'/0'/0")
    tester = EthereumTester(backend)
    tester.mine_block()  # it tells no history of fees before there is a block
    return Connection(Web3(InProcess(tester)), "eth-tester", Policy(confirmations=1, poll_seconds=0.01))


def keys_in_process(accounts: int = 20) -> list[LocalAccount]:
    """The keys of such a chain's accounts."""
    return [Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{i}") for i in range(accounts)]


def _data(failure: TransactionFailed) -> str:
    """The revert data, which comes wrapped: as bytes, or as the text of a bytes literal."""
    found = str(failure).removeprefix("execution reverted: ")
    try:
        data = ast.literal_eval(found)
    except (SyntaxError, ValueError):
        data = b""
    return "0x" + data.hex() if isinstance(data, bytes) else "0x"
