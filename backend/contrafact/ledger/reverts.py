"""Reverts as typed errors: revert data → the contract's custom error → a kind, a message, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contrafact.domain.shares import percent
from contrafact.domain.terms import Use
from contrafact.errors import ContractError
from contrafact.ledger.artifacts import CONTRACTS, load
from contrafact.ledger.revert_messages import MEANINGS
from contrafact.ports import OrderStatus

_ERROR, _PANIC = bytes.fromhex("08c379a0"), bytes.fromhex("4e487b71")
_PANICS = {
    0x01: "an assertion failed",
    0x11: "an amount is too large or below zero",
    0x12: "division by zero",
    0x21: "a number is not one of the permitted values",
    0x32: "an index is out of range",
    0x41: "too much memory was asked for",
}


class _Parameter(NamedTuple):
    name: str
    abi_type: str
    solidity_type: str


class _Custom(NamedTuple):
    name: str
    parameters: tuple[_Parameter, ...]


def from_revert_data(data: bytes) -> ContractError:
    """The error that `data`, the return data of a reverted call, stands for. Never raises."""
    selector, body = data[:4], data[4:]
    try:
        if selector == _ERROR:
            return from_reason(decode(["string"], body)[0])
        if selector == _PANIC:
            return _panic(decode(["uint256"], body)[0])
        if selector in _known():
            return _custom(_known()[selector], body)
    except (DecodingError, UnicodeDecodeError):
        pass
    text = f"A contract reverted with unknown data 0x{data.hex()}." if data else "A contract reverted without a reason."
    return ContractError("", (), text, "Check that the addresses are those of a Contrafact deployment.")


def from_reason(reason: str) -> ContractError:
    """The error for a revert with a plain string."""
    return ContractError("Error", (reason,), f"A contract refused: {reason}.", "Correct what it names and try again.")


def _panic(code: int) -> ContractError:
    meaning = _PANICS.get(code, f"panic code {code:#04x}")
    hint = "Check the amounts and the number of entries."
    return ContractError("Panic", (code,), f"A contract stopped: {meaning}.", hint)


def _custom(error: _Custom, body: bytes) -> ContractError:
    values = decode([parameter.abi_type for parameter in error.parameters], body)
    texts = {p.name: _readable(p, value) for p, value in zip(error.parameters, values, strict=True)}
    meaning = MEANINGS.get(error.name)
    if meaning is None:
        return ContractError(error.name, values, f"A contract reverted with {error.name}{values}.")
    return meaning.kind(error.name, values, meaning.message.format_map(texts), meaning.hint.format_map(texts))


@cache
def _known() -> Mapping[bytes, _Custom]:
    """Selector → custom error, over the ABIs of all contracts: an error may come from a contract further down."""
    entries = [entry for name in CONTRACTS for entry in load(name).abi if entry["type"] == "error"]
    return dict(map(_parse, entries))


def _parse(entry: Mapping[str, Any]) -> tuple[bytes, _Custom]:
    parameters = tuple(
        _Parameter(item["name"], collapse_if_tuple(item), item.get("internalType", "")) for item in entry["inputs"]
    )
    signature = f"{entry['name']}({','.join(parameter.abi_type for parameter in parameters)})"
    return keccak(text=signature)[:4], _Custom(entry["name"], parameters)


def _readable(parameter: _Parameter, value: Any) -> str:
    by_name = _BY_NAME.get(parameter.name)
    if by_name is not None:
        return by_name(value)
    kind = parameter.solidity_type.rpartition(".")[2].removeprefix("enum ")
    return _BY_TYPE.get(kind, str)(value)


def _time(seconds: int) -> str:
    if seconds == 0:
        return "any time"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} seconds after 1970"


_TIMES = (
    *("validFrom", "validUntil", "validAfter", "validBefore"),
    *("deadline", "earliest", "latest", "timestamp", "readyAt", "sunset"),
    *("rulingUntil", "until", "openUntil"),
)
_SHARES = ("weight", "maxWeight", "share", "minShare", "baseShare", "maxBaseShare")
_BY_NAME: dict[str, Callable[[int], str]] = dict.fromkeys(_TIMES, _time) | dict.fromkeys(_SHARES, percent)
_BY_TYPE: dict[str, Callable[[Any], str]] = {
    "bytes32": lambda value: f"0x{value.hex()[:8]}…",
    "bytes4": lambda value: f"0x{value.hex()}",
    "address": to_checksum_address,
    "Use": lambda value: Use(value).name.lower(),
    "Status": lambda value: list(OrderStatus)[value].value,
}
