"""The chain without blocks, on revm, the EVM of Anvil and Reth, so that there is time for many calls.

No block is mined, and gas costs nothing. An account's nonce counts what it deployed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils import encode_hex, to_bytes, to_checksum_address
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types
from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from .chain import RICHES, YEAR_2100, Chain, Contract, Receipt, Reverted, artifact

CHAIN_ID = 31337
PADDING = 33  # zeros that revm puts after a contract's code
BLOCK_GAS = 30_000_000
REVERT = re.compile(r"Revert \{ gas_used: \d+, output: (0x[0-9a-f]*) \}")


class Evm(Chain):
    """`codes` gives contracts another code, by name, as hex: mutants. Transactions are a `second` apart.

    Accounts stay warm from one transaction to the next, so gas is less than it would be: see the fixture `metered`.
    """

    def __init__(self, codes: Mapping[str, str] | None = None, second: int = 1) -> None:
        self._codes, self._second = codes or {}, second
        self._told: list[dict[str, Any]] = []
        self._evm: Any = EVM(Env(cfg=CfgEnv(chain_id=CHAIN_ID)), spec_id="PRAGUE")
        super().__init__()

    def _start(self) -> None:
        self.travel(YEAR_2100)
        for address in self.accounts:
            self._evm.set_balance(address, RICHES)

    def add_key(self, key: LocalAccount) -> None:
        self.keys[key.address] = key

    @property
    def now(self) -> int:
        return int(self._evm.env.block.timestamp)

    def travel(self, timestamp: int) -> None:
        """From now on it is `timestamp`, for calls and transactions."""
        self._evm.set_block_env(BlockEnv(number=1, timestamp=timestamp, gas_limit=BLOCK_GAS))

    def balance(self, address: str) -> int:
        return int(self._evm.get_balance(address))

    def nonce(self, address: str) -> int:
        return int(self._evm.basic(address).nonce)

    def slot(self, address: str, slot: int) -> int:
        """What a contract stores at `slot`."""
        return int(self._evm.storage(address, slot))

    def code(self, address: str) -> bytes:
        return bytes(self._evm.get_code(address) or bytes(PADDING))[:-PADDING]

    def logs(self, address: str) -> list[dict[str, Any]]:
        return [log for log in self._told if log["address"] == address]

    def deploy(self, name: str, *arguments: Any, sender: str | None = None) -> FastContract:
        build = artifact(name)
        for entry in build["abi"]:
            self._remember(entry)
        factory = self.codec.eth.contract(abi=build["abi"], bytecode=self._codes.get(name, build["bytecode"]))
        data = factory.constructor(*arguments).data_in_transaction
        receipt = self.transact(sender or self.accounts[0], None, data, gas=16_000_000)
        return FastContract(self, receipt["contract_address"], build["abi"])

    def transact(self, sender: str, to: str | None, data: Any, value: int = 0, gas: int = 8_000_000) -> Receipt:
        content, created = _bytes(data), None
        self.travel(self.now + self._second)
        with self._as_transaction(keep=True):
            if to is None:
                created = to_checksum_address(self._evm.deploy(sender, content, value, gas))
            else:
                self._evm.message_call(sender, to, content, value, gas)
            result = self._evm.result
        logs = [{**_log(log), "timestamp": self.now} for log in result.logs]
        self._told += logs
        return {"status": 1, "contract_address": created, "gas_used": result.gas_used, "logs": logs}

    def call(self, sender: str, to: str, data: Any, value: int = 0, gas: int = 8_000_000) -> bytes:
        with self._as_transaction(keep=False), self._as_if_without_code(sender):
            return bytes(self._evm.message_call(sender, to, _bytes(data), value, gas))

    @contextmanager
    def undone(self) -> Iterator[None]:
        before, now, told = self._evm.snapshot(), self.now, len(self._told)
        try:
            yield
        finally:
            self._evm.revert(before)
            self.travel(now)
            del self._told[told:]

    @contextmanager
    def _as_if_without_code(self, sender: str) -> Iterator[None]:
        """Lets a test call as a contract would: revm takes no transaction from an account with code."""
        account = self._evm.basic(sender)
        if account.code:
            self._evm.insert_account_info(sender, AccountInfo(nonce=account.nonce, balance=account.balance))  # type: ignore[call-arg]
        try:
            yield
        finally:
            if account.code:
                self._evm.insert_account_info(sender, account)

    @contextmanager
    def _as_transaction(self, keep: bool) -> Iterator[None]:
        """Forgets what was done where it fails or is not to be kept."""
        before, done = self._evm.snapshot(), False
        try:
            yield
            done = keep
        except RuntimeError as failure:
            revert = REVERT.fullmatch(str(failure))
            raise self._reverted(str(to_bytes(hexstr=revert[1])) if revert else str(failure)) from None
        finally:
            if done:
                self._evm.commit()
            else:
                self._evm.revert(before)
            self._evm.reset_transient_storage()


class FastContract(Contract):
    """Encodes without looking through the whole interface each time."""

    @cached_property
    def _functions(self) -> dict[str, tuple[bytes, list[str], list[str]]]:
        entries = [entry for entry in self.codec.abi if entry["type"] == "function"]
        return {
            entry["name"]: (
                function_abi_to_4byte_selector(entry),
                get_abi_input_types(entry),
                get_abi_output_types(entry),
            )
            for entry in entries
        }

    def data(self, name: str, *arguments: Any) -> str:
        selector, types, _ = self._functions[name]
        return encode_hex(selector + self.chain.codec.codec.encode(types, arguments))

    def get(self, name: str, *arguments: Any, sender: str | None = None, value: int = 0) -> Any:
        answer = self.chain.call(sender or self.chain.accounts[0], self.address, self.data(name, *arguments), value)
        values = self.chain.codec.codec.decode(self._functions[name][2], answer)
        return values[0] if len(values) == 1 else values


def _log(log: Any) -> dict[str, Any]:
    return {"address": log.address, "topics": log.topics, "data": encode_hex(log.data[1])}


def _bytes(data: Any) -> bytes:
    return to_bytes(hexstr=data) if isinstance(data, str) else bytes(data)


__all__ = ["Evm", "FastContract", "Reverted"]
