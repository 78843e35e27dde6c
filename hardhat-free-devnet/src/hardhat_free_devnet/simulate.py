"""Executing without a block: eth_call and eth_estimateGas. Gas is free, as in geth when no price is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from eth.abc import ComputationAPI, SignedTransactionAPI, StateAPI
from eth.constants import CREATE_CONTRACT_ADDRESS, ZERO_ADDRESS
from eth.exceptions import Revert, VMError
from eth.vm.forks.prague.state import PragueTransactionExecutor
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_typing import Address
from eth_utils.exceptions import ValidationError

from .admission import TX_GAS, minimum_gas
from .chain import Moment
from .errors import Rejected, Reverted
from .hexes import data
from .overrides import Overrides
from .requests import CallRequest

CALL_STIPEND = 2_300
TOLERANCE = 0.015  # relative; geth's estimator stops at the same width
ERROR_STRING = bytes.fromhex("08c379a0")  # Error(string)
NOTHING = Overrides()
PANIC = bytes.fromhex("4e487b71")  # Panic(uint256)


@dataclass(frozen=True)
class Outcome:
    """How an execution ended; `gas_used` is after the refund, as a receipt would state it."""

    output: bytes
    gas_used: int
    gas_refund: int
    error: VMError | None
    computation: ComputationAPI


def call(moment: Moment, request: CallRequest, overrides: Overrides = NOTHING) -> bytes:
    """Execute on the state after the block, in that block's own context; returns what the code returned.

    Raises:
        Reverted: with the revert data.
        Rejected: out of gas, invalid opcode, or the sender cannot pay `value`.
    """
    outcome = execute(moment, request, _gas_cap(moment, request), overrides)
    _raise_failure(outcome)
    return outcome.output


def estimate_gas(moment: Moment, request: CallRequest, overrides: Overrides = NOTHING) -> int:
    """A gas limit with which the transaction succeeds, at most 1.5 % above the least one (geth's algorithm).

    Raises:
        Reverted, Rejected: it fails even with all the gas allowed.
    """
    most = _gas_cap(moment, request)
    if _is_plain_transfer(moment, request, overrides) and most >= TX_GAS:
        _raise_failure(execute(moment, request, TX_GAS, overrides))
        return TX_GAS
    full = execute(moment, request, most, overrides)
    _raise_failure(full)
    low, high = full.gas_used - 1, most  # fails at low, succeeds at high
    guess = (full.gas_used + full.gas_refund + CALL_STIPEND) * 64 // 63
    while high - low > 1 and (high - low) / high > TOLERANCE:
        middle = guess if low < guess < high else (low + high) // 2
        guess = -1
        if execute(moment, request, middle, overrides).error is None:
            high = middle
        else:
            low = middle
    return high


def execute(
    moment: Moment,
    request: CallRequest,
    gas: int,
    overrides: Overrides = NOTHING,
    watch: Callable[[StateAPI], None] = lambda state: None,
) -> Outcome:
    """Run the request once in this context, with this gas limit, on a state that `watch` gets to see before.

    The chain does not change.
    """
    state = overrides.vm(moment).state
    sender = request.sender or ZERO_ADDRESS
    price = overrides.base_fee
    transaction = _transaction(moment.chain.chain_id, request, sender, state.get_nonce(sender), gas, price)
    needed = minimum_gas(transaction)
    if gas < needed:
        raise Rejected(f"intrinsic gas too low: gas {gas}, minimum needed {needed}")
    if state.get_balance(sender) < request.value:
        raise Rejected(f"insufficient funds for transfer: address {data(sender)}")
    watch(state)
    state.delta_balance(sender, gas * price)  # which buying the gas takes away again
    try:
        computation = state.apply_transaction(transaction)
    except ValidationError as error:
        raise Rejected(str(error)) from error
    burnt = gas - computation.get_gas_remaining()
    refund = PragueTransactionExecutor.calculate_gas_refund(computation, burnt)
    floor = PragueTransactionExecutor.calc_data_floor_gas(transaction, burnt, refund)
    failure = computation.error if computation.is_error else None
    return Outcome(computation.output, burnt - refund + floor, refund, failure, computation)


def _transaction(
    chain_id: int, request: CallRequest, sender: Address, nonce: int, gas: int, price: int
) -> SignedTransactionAPI:
    if request.chain_id not in (None, chain_id):
        raise Rejected(f"invalid chain id: have {request.chain_id} want {chain_id}")
    unsigned = PragueTransactionBuilder.new_unsigned_dynamic_fee_transaction(
        chain_id=chain_id,
        nonce=nonce,
        max_priority_fee_per_gas=0,
        max_fee_per_gas=price,
        gas=gas,
        to=request.to or CREATE_CONTRACT_ADDRESS,
        value=request.value,
        data=request.data,
        access_list=request.access_list or (),
    )
    return cast(SignedTransactionAPI, SpoofTransaction(unsigned, from_=sender))


def _gas_cap(moment: Moment, request: CallRequest) -> int:
    """The block gas limit bounds how long one request can keep the node busy."""
    limit = moment.header.gas_limit
    return limit if request.gas is None else min(request.gas, limit)


def _is_plain_transfer(moment: Moment, request: CallRequest, overrides: Overrides) -> bool:
    if request.to is None or request.data or request.access_list:
        return False
    return not overrides.vm(moment).state.get_code(request.to)


def failure_message(outcome: Outcome) -> str:
    """Why an execution failed."""
    if isinstance(outcome.error, Revert):
        return revert_message(outcome.output)
    return f"execution failed: {outcome.error or type(outcome.error).__name__}"


def _raise_failure(outcome: Outcome) -> None:
    if isinstance(outcome.error, Revert):
        raise Reverted(failure_message(outcome), outcome.output)
    if outcome.error is not None:
        raise Rejected(failure_message(outcome))


def revert_message(output: bytes) -> str:
    """What geth says for this revert data: the reason, if it is one of Solidity's two built-in errors."""
    selector, body = output[:4], output[4:]
    try:
        if selector == ERROR_STRING:
            return f"execution reverted: {decode(['string'], body)[0]}"
        if selector == PANIC:
            return f"execution reverted: panic code {decode(['uint256'], body)[0]:#x}"
    except (DecodingError, UnicodeDecodeError):
        pass
    return "execution reverted"
