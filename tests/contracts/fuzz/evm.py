"""The chain of the other tests without blocks, so that a fuzzer has time for many calls.

Calls run on py-evm's state directly, as eth-tester would run them, but no block is mined and no trie hashed in between,
which is what most of the time of a test goes to. Time stands still unless it is told to go on; gas costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from eth._utils.address import generate_contract_address
from eth.vm.message import Message
from eth_utils import encode_hex, to_bytes, to_canonical_address, to_checksum_address
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types

from ..chain import Chain, Contract, Receipt, Reverted, artifact

GAS_PRICE = 10**9


class Evm(Chain):
    """`codes` gives contracts another code, by name, as hex: mutants."""

    def __init__(self, codes: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._codes = codes or {}
        self._database = self.tester.backend.chain.chaindb.db
        self._state = self.tester.backend.chain.get_vm().state
        self._context = self._state.execution_context

    @property
    def now(self) -> int:
        return int(self._context.timestamp)

    def travel(self, timestamp: int) -> None:
        """From now on it is `timestamp`, for calls and transactions."""
        if hasattr(self, "_context"):
            self._context._timestamp = timestamp
        else:
            super().travel(timestamp)

    def balance(self, address: str) -> int:
        return int(self._state.get_balance(to_canonical_address(address)))

    def nonce(self, address: str) -> int:
        return int(self._state.get_nonce(to_canonical_address(address)))

    def slot(self, address: str, slot: int) -> int:
        """What a contract stores at `slot`."""
        return int(self._state.get_storage(to_canonical_address(address), slot))

    def deploy(self, name: str, *arguments: Any, sender: str | None = None) -> FastContract:
        build = artifact(name)
        for entry in build["abi"]:
            self._remember(entry)
        factory = self.codec.eth.contract(abi=build["abi"], bytecode=self._codes.get(name, build["bytecode"]))
        data = factory.constructor(*arguments).data_in_transaction
        receipt = self.transact(sender or self.accounts[0], None, data)
        return FastContract(self, receipt["contract_address"], build["abi"])

    def transact(self, sender: str, to: str | None, data: Any, value: int = 0, gas: int = 8_000_000) -> Receipt:
        computation = self._run(sender, to, data, value, gas, keep=True)
        created = to_checksum_address(computation.msg.storage_address) if to is None else None
        logs = [_log(*entry) for entry in computation.get_log_entries()]
        return {"status": 1, "contract_address": created, "logs": logs}

    def call(self, sender: str, to: str, data: Any, value: int = 0, gas: int = 8_000_000) -> bytes:
        return bytes(self._run(sender, to, data, value, gas, keep=False).output)

    @contextmanager
    def undone(self) -> Iterator[None]:
        self._state.persist()
        root, now = self._state.state_root, self.now
        try:
            yield
        finally:
            self._state = type(self._state)(self._database, self._context, root)
            self.travel(now)

    def _run(self, sender: str, to: str | None, data: Any, value: int, gas: int, keep: bool) -> Any:
        """Runs a message, and forgets what it did where it fails or is not to be kept."""
        state, origin = self._state, to_canonical_address(sender)
        accounts = state._account_db
        checkpoint = accounts.record()
        message = self._message(origin, to, data, value, gas)
        context = state.get_transaction_context_class()(gas_price=GAS_PRICE, origin=origin)
        run = state.computation_class.apply_create_message if to is None else state.computation_class.apply_message
        try:
            computation = run(state, message, context)
        except Exception:
            accounts.discard(checkpoint)
            raise
        state.clear_transient_storage()
        if keep and computation.is_success:
            accounts.commit(checkpoint)
            accounts.lock_changes()
        else:
            accounts.discard(checkpoint)
        if computation.is_error:
            raise self._reverted(str(bytes(computation.output)) if computation.output else repr(computation.error))
        return computation

    def _message(self, origin: bytes, to: str | None, data: Any, value: int, gas: int) -> Message:
        content = to_bytes(hexstr=data) if isinstance(data, str) else bytes(data)
        nonce = self._state.get_nonce(origin)
        self._state.increment_nonce(origin)
        if to is None:
            place = generate_contract_address(origin, nonce)
            return Message(gas * 2, b"", origin, value, b"", content, create_address=place)
        target = to_canonical_address(to)
        return Message(gas, target, origin, value, content, self._state.get_code(target))


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


def _log(address: bytes, topics: list[int], data: bytes) -> dict[str, Any]:
    return {
        "address": to_checksum_address(address),
        "topics": [encode_hex(topic.to_bytes(32, "big")) for topic in topics],
        "data": encode_hex(data),
    }


__all__ = ["Evm", "FastContract", "Reverted"]
