"""What eth_call may pretend: other accounts, and another block around it. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from eth.abc import StateAPI, VirtualMachineAPI
from eth_typing import Address

from .chain import Moment
from .errors import InvalidParams
from .hexes import parse_address, parse_data, parse_hash, parse_quantity
from .requests import parse_member, parse_object

BLOCK_MEMBERS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "number": ("block_number", parse_quantity),
    "time": ("timestamp", parse_quantity),
    "gasLimit": ("gas_limit", parse_quantity),
    "baseFeePerGas": ("base_fee_per_gas", parse_quantity),
    "baseFee": ("base_fee_per_gas", parse_quantity),
    "feeRecipient": ("coinbase", parse_address),
    "coinbase": ("coinbase", parse_address),
    "prevRandao": ("mix_hash", parse_hash),
    "random": ("mix_hash", parse_hash),
}
UINT64 = 2**64 - 1


@dataclass(frozen=True)
class AccountOverride:
    """What to pretend of one account; None leaves it as it is. `replace` empties its storage before."""

    address: Address
    balance: int | None
    nonce: int | None
    code: bytes | None
    slots: dict[int, int]
    replace: bool

    def apply(self, state: StateAPI) -> None:
        if self.balance is not None:
            state.set_balance(self.address, self.balance)
        if self.nonce is not None:
            state.set_nonce(self.address, self.nonce)
        if self.code is not None:
            state.set_code(self.address, self.code)
        if self.replace:
            state.delete_storage(self.address)
        for slot, value in self.slots.items():
            state.set_storage(self.address, slot, value)


def parse_state_overrides(value: object) -> tuple[AccountOverride, ...]:
    """The third parameter of eth_call: `balance`, `nonce`, `code`, `state` or `stateDiff` by address."""
    accounts = parse_object(value, "state overrides by address")
    return tuple(_account(parse_address(address), item) for address, item in accounts.items())


def parse_block_overrides(value: object) -> dict[str, Any]:
    """The fourth parameter of eth_call, as fields of a header."""
    members = parse_object(value, "block overrides")
    unknown = members.keys() - BLOCK_MEMBERS.keys()
    if unknown:
        raise InvalidParams(f"cannot override {', '.join(sorted(unknown))[:80]} of a block")
    fields = {name: parse_member(members, name, BLOCK_MEMBERS[name][1]) for name in members}
    return {BLOCK_MEMBERS[name][0]: given for name, given in fields.items() if given is not None}


@dataclass(frozen=True)
class Overrides:
    """Accounts, and fields of the header, as a call shall see them."""

    accounts: tuple[AccountOverride, ...] = ()
    block: Mapping[str, Any] = field(default_factory=dict)

    @property
    def base_fee(self) -> int:
        """Wei per gas in the call. Without override it is 0: gas is free then, as in geth."""
        return int(self.block.get("base_fee_per_gas", 0))

    def vm(self, moment: Moment) -> VirtualMachineAPI:
        """A machine in this context, with everything overridden."""
        vm = moment.vm(moment.header.copy(**{"base_fee_per_gas": 0, **self.block}))
        for account in self.accounts:
            account.apply(vm.state)
        return vm


def _account(address: Address, value: object) -> AccountOverride:
    members = parse_object(value, "an account override")
    whole = parse_member(members, "state", _slots)
    difference = parse_member(members, "stateDiff", _slots)
    if whole is not None and difference is not None:
        raise InvalidParams("an account override has either state or stateDiff")
    nonce = parse_member(members, "nonce", parse_quantity)
    if nonce is not None and nonce > UINT64:
        raise InvalidParams("nonce: must be below 2^64")
    return AccountOverride(
        address=address,
        balance=parse_member(members, "balance", parse_quantity),
        nonce=nonce,
        code=parse_member(members, "code", parse_data),
        slots=whole or difference or {},
        replace=whole is not None,
    )


def _slots(value: object) -> dict[int, int]:
    pairs = parse_object(value, "storage slots").items()
    return {int.from_bytes(parse_hash(slot)): int.from_bytes(parse_hash(word)) for slot, word in pairs}


StateOverrides = Annotated[tuple[AccountOverride, ...], parse_state_overrides]
BlockOverrides = Annotated[dict[str, Any], parse_block_overrides]
