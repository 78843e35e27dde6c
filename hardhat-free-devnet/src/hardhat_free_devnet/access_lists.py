"""eth_createAccessList: which accounts and slots an execution touches (EIP-2930)."""

from __future__ import annotations

from dataclasses import replace

from eth.abc import StateAPI
from eth.constants import ZERO_ADDRESS
from eth_typing import Address

from .chain import Moment
from .overrides import Overrides
from .requests import AccessList, CallRequest
from .simulate import Outcome, execute

MAX_ROUNDS = 16  # a list can change the path taken, through the gas that is left; it settles after one or two


def create_access_list(
    moment: Moment, request: CallRequest, overrides: Overrides
) -> tuple[AccessList, Outcome]:
    """The list with which the execution touches nothing else, and how the execution ends with it."""
    gas = moment.header.gas_limit if request.gas is None else min(request.gas, moment.header.gas_limit)
    listed: AccessList = request.access_list or ()
    for _ in range(MAX_ROUNDS):
        touched = _Touched()
        outcome = execute(moment, replace(request, access_list=listed), gas, overrides, touched.watch)
        found = touched.beyond(_warm_anyway(outcome, request))
        if found == listed:
            break
        listed = found
    return listed, outcome


class _Touched:
    """Notes what py-evm marks as warm, in calls that fail as well."""

    def __init__(self) -> None:
        self._slots: dict[Address, set[int]] = {}

    def watch(self, state: StateAPI) -> None:
        """Listen to this state from now on."""
        accounts = state._account_db  # type: ignore[attr-defined]
        mark_address, mark_storage = accounts.mark_address_warm, accounts.mark_storage_warm

        def address_warm(address: Address) -> None:
            self._slots.setdefault(address, set())
            mark_address(address)

        def storage_warm(address: Address, slot: int) -> None:
            self._slots.setdefault(address, set()).add(slot)
            mark_storage(address, slot)

        accounts.mark_address_warm, accounts.mark_storage_warm = address_warm, storage_warm

    def beyond(self, free: set[bytes]) -> AccessList:
        """All of it, without accounts of which nothing but their being warm matters, and that are `free`."""
        pairs = ((account, tuple(sorted(slots))) for account, slots in sorted(self._slots.items()))
        return tuple((account, slots) for account, slots in pairs if slots or account not in free)


def _warm_anyway(outcome: Outcome, request: CallRequest) -> set[bytes]:
    computation = outcome.computation
    target, coinbase = computation.msg.storage_address, computation.state.coinbase
    return {request.sender or ZERO_ADDRESS, target, coinbase, *computation.get_precompiles()}
