"""A chain in this process, driven below web3 for speed: sends, calls, decodes reverts and events."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.backends.pyevm.main import get_account_keys_from_mnemonic
from eth_tester.exceptions import TransactionFailed
from eth_utils import event_abi_to_log_topic, to_bytes
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_output_types
from web3 import Web3
from web3._utils.events import get_event_data

CONTRACTS = Path(__file__).parents[2] / "contracts"
NATIVE = "0x" + "00" * 20
TX_GAS = 16_777_216  # the most that one transaction may use
YEAR_2100 = 4_102_444_800
MNEMONIC, ACCOUNTS = "test " * 11 + "junk", 10
RICHES = 10**24  # of each account at first

Receipt = dict[str, Any]


class Reverted(Exception):
    """A transaction or call failed; `name` is the custom error, or what the machine said."""

    def __init__(self, name: str, arguments: tuple[Any, ...] = ()) -> None:
        super().__init__(f"{name}{arguments}")
        self.name = name
        self.arguments = arguments


def artifact(name: str) -> dict[str, Any]:
    """The committed artifact of a contract or of a test double."""
    folders = (CONTRACTS / "artifacts", CONTRACTS / "doubles" / "artifacts")
    path = next(folder / f"{name}.json" for folder in folders if (folder / f"{name}.json").exists())
    result: dict[str, Any] = json.loads(path.read_text())
    return result


@dataclass(frozen=True)
class Event:
    name: str
    args: dict[str, Any]
    address: str


@lru_cache
def _keys() -> dict[str, LocalAccount]:
    """The accounts with coin, by address."""
    secrets = get_account_keys_from_mnemonic(MNEMONIC, ACCOUNTS)
    accounts = [Account.from_key(secret.to_bytes()) for secret in secrets]
    return {account.address: account for account in accounts}


class Chain:
    def __init__(self) -> None:
        self.codec = Web3()
        self.keys = dict(_keys())
        self.accounts = list(self.keys)
        self._abis: dict[str, dict[str, Any]] = {}
        self._start()

    def _start(self) -> None:
        self.tester = EthereumTester(PyEVMBackend.from_mnemonic(MNEMONIC, num_accounts=ACCOUNTS))
        self.travel(YEAR_2100)  # ahead of the clock on the wall, so that each block comes one second after the last

    def add_key(self, key: LocalAccount) -> None:
        """From now on transactions can come from this key's account, which has no coin yet."""
        self.tester.add_account(key.key.hex())
        self.keys[key.address] = key

    @property
    def now(self) -> int:
        return int(self.tester.get_block_by_number("latest")["timestamp"])

    def travel(self, timestamp: int) -> None:
        """Mines a block at `timestamp`: calls see that time, the next transaction comes one second later."""
        self.tester.time_travel(timestamp + 1)

    def balance(self, address: str) -> int:
        return int(self.tester.get_balance(address))

    def nonce(self, address: str) -> int:
        return int(self.tester.get_nonce(address))

    def code(self, address: str) -> bytes:
        return to_bytes(hexstr=self.tester.get_code(address))

    def logs(self, address: str) -> list[dict[str, Any]]:
        """All that the contract has told, oldest first, each with the `timestamp` of its block."""
        logs = self.tester.get_logs(from_block=0, address=address)
        return [{**log, "timestamp": self.tester.get_block_by_number(log["block_number"])["timestamp"]} for log in logs]

    def deploy(self, name: str, *arguments: Any, sender: str | None = None) -> Contract:
        build = artifact(name)
        for entry in build["abi"]:
            self._remember(entry)
        factory = self.codec.eth.contract(abi=build["abi"], bytecode=build["bytecode"])
        data = factory.constructor(*arguments).data_in_transaction
        receipt = self.transact(sender or self.accounts[0], None, data)
        return Contract(self, receipt["contract_address"], build["abi"])

    def transact(self, sender: str, to: str | None, data: Any, value: int = 0, gas: int = 8_000_000) -> Receipt:
        transaction = {"from": sender, "data": _hex(data), "value": value, "gas": gas, "gas_price": 10**9}
        if to:
            transaction["to"] = to
        receipt: Receipt = self.tester.get_transaction_receipt(self.tester.send_transaction(transaction))
        if not receipt["status"]:
            self.call(sender, to or "", data, value, gas)  # says why
            raise Reverted("reverted in its block only")
        return receipt

    def call(self, sender: str, to: str, data: Any, value: int = 0, gas: int = 8_000_000) -> bytes:
        transaction = {"from": sender, "to": to, "data": _hex(data), "value": value, "gas": gas, "gas_price": 10**9}
        try:
            return to_bytes(hexstr=self.tester.call(transaction))
        except TransactionFailed as failure:
            raise self._reverted(str(failure.args[0])) from None

    def events(self, receipt: Receipt, name: str | None = None) -> list[Event]:
        """Decoded events of the contracts deployed so far, all or those called `name`."""
        decoded = [self._decode(log) for log in receipt["logs"]]
        return [event for event in decoded if event and name in (None, event.name)]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is undone."""
        snapshot = self.tester.take_snapshot()
        try:
            yield
        finally:
            self.tester.revert_to_snapshot(snapshot)

    def _remember(self, entry: dict[str, Any]) -> None:
        if entry["type"] == "error":
            self._abis[function_abi_to_4byte_selector(entry).hex()] = entry  # type: ignore[arg-type]
        elif entry["type"] == "event":
            self._abis[event_abi_to_log_topic(entry).hex()] = entry  # type: ignore[arg-type]

    def _decode(self, log: dict[str, Any]) -> Event | None:
        entry = self._abis.get(log["topics"][0].removeprefix("0x"))
        if entry is None:
            return None
        raw = {
            **dict.fromkeys(("blockHash", "blockNumber", "transactionHash", "transactionIndex", "logIndex")),
            "address": log["address"],
            "data": to_bytes(hexstr=log["data"]),
            "topics": [to_bytes(hexstr=topic) for topic in log["topics"]],
        }
        return Event(entry["name"], dict(get_event_data(self.codec.codec, entry, raw)["args"]), log["address"])

    def _reverted(self, message: str) -> Reverted:
        if not message.startswith(("b'", 'b"')):
            return Reverted(message)
        data: bytes = ast.literal_eval(message)
        entry = self._abis.get(data[:4].hex())
        if entry is None:
            return Reverted(data.hex())
        types = [_type(item) for item in entry["inputs"]]
        return Reverted(entry["name"], tuple(self.codec.codec.decode(types, data[4:])))


class Contract:
    """A deployed contract: `send` for transactions, `get` for values."""

    def __init__(self, chain: Chain, address: str, abi: list[dict[str, Any]]) -> None:
        self.chain = chain
        self.address = address
        self.codec: Any = chain.codec.eth.contract(abi=abi)

    def data(self, name: str, *arguments: Any) -> str:
        return str(self.codec.encode_abi(name, args=list(arguments)))

    def send(self, sender: str, name: str, *arguments: Any, value: int = 0, gas: int = 8_000_000) -> Receipt:
        return self.chain.transact(sender, self.address, self.data(name, *arguments), value, gas)

    def get(self, name: str, *arguments: Any, sender: str | None = None, value: int = 0) -> Any:
        """What a call returns; several values as a tuple."""
        data = self.data(name, *arguments)
        answer = self.chain.call(sender or self.chain.accounts[0], self.address, data, value)
        types = get_abi_output_types(self.codec.get_function_by_name(name).abi)
        values = self.chain.codec.codec.decode(types, answer)
        return values[0] if len(values) == 1 else values


@contextmanager
def reverts(name: str, *arguments: Any) -> Iterator[None]:
    """Expects the custom error `name`; its arguments are compared when any are given."""
    with pytest.raises(Reverted) as caught:
        yield
    assert caught.value.name == name, f"expected {name}, got {caught.value}"
    if arguments:
        assert tuple(_plain(value) for value in caught.value.arguments) == tuple(_plain(value) for value in arguments)


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _type(item: dict[str, Any]) -> str:
    return str(item["type"])


def _hex(data: Any) -> str:
    return data if isinstance(data, str) else "0x" + bytes(data).hex()
