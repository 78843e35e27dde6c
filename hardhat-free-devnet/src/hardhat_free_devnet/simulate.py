"""Executing without a block: eth_call and eth_estimateGas. Gas is free, as in geth when no price is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from eth.abc import BlockHeaderAPI, SignedTransactionAPI
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
from .chain import DevChain
from .errors import Rejected, Reverted
from .requests import BlockRef, CallRequest

CALL_STIPEND = 2_300
TOLERANCE = 0.015  # relative; geth's estimator stops at the same width
ERROR_STRING = bytes.fromhex("08c379a0")  # Error(string)
PANIC = bytes.fromhex("4e487b71")  # Panic(uint256)


@dataclass(frozen=True)
class Outcome:
    """How an execution ended; `gas_used` is after the refund, as a receipt would state it."""

    output: bytes
    gas_used: int
    gas_refund: int
    error: VMError | None


def call(chain: DevChain, request: CallRequest, ref: BlockRef) -> bytes:
    """Execute on the state after the block, in that block's own context; returns what the code returned.

    Raises:
        Reverted: with the revert data.
        Rejected: out of gas, invalid opcode, or the sender cannot pay `value`.
    """
    header = chain.header_at(ref)
    outcome = execute(chain, request, header, _gas_cap(request, header))
    _raise_failure(outcome)
    return outcome.output


def estimate_gas(chain: DevChain, request: CallRequest, ref: BlockRef) -> int:
    """A gas limit with which the transaction succeeds, at most 1.5 % above the least one (geth's algorithm).

    Raises:
        Reverted, Rejected: it fails even with all the gas allowed.
    """
    header = chain.header_at(ref)
    most = _gas_cap(request, header)
    if _is_plain_transfer(chain, request, header) and most >= TX_GAS:
        _raise_failure(execute(chain, request, header, TX_GAS))
        return TX_GAS
    full = execute(chain, request, header, most)
    _raise_failure(full)
    low, high = full.gas_used - 1, most  # fails at low, succeeds at high
    guess = (full.gas_used + full.gas_refund + CALL_STIPEND) * 64 // 63
    while high - low > 1 and (high - low) / high > TOLERANCE:
        middle = guess if low < guess < high else (low + high) // 2
        guess = -1
        if _succeeds(chain, request, header, middle):
            high = middle
        else:
            low = middle
    return high


def execute(chain: DevChain, request: CallRequest, header: BlockHeaderAPI, gas: int) -> Outcome:
    """Run the request once in the context of `header`, with this gas limit. The chain does not change."""
    vm = chain.vm(header.copy(base_fee_per_gas=0))
    sender = request.sender or ZERO_ADDRESS
    transaction = _transaction(chain, request, sender, vm.state.get_nonce(sender), gas)
    needed = minimum_gas(transaction)
    if gas < needed:
        raise Rejected(f"intrinsic gas too low: gas {gas}, minimum needed {needed}")
    try:
        computation = vm.state.apply_transaction(transaction)
    except ValidationError as error:
        raise Rejected(str(error)) from error
    burnt = gas - computation.get_gas_remaining()
    refund = PragueTransactionExecutor.calculate_gas_refund(computation, burnt)
    floor = PragueTransactionExecutor.calc_data_floor_gas(transaction, burnt, refund)
    failure = computation.error if computation.is_error else None
    return Outcome(computation.output, burnt - refund + floor, refund, failure)


def _transaction(
    chain: DevChain, request: CallRequest, sender: Address, nonce: int, gas: int
) -> SignedTransactionAPI:
    if request.chain_id not in (None, chain.chain_id):
        raise Rejected(f"invalid chain id: have {request.chain_id} want {chain.chain_id}")
    unsigned = PragueTransactionBuilder.new_unsigned_dynamic_fee_transaction(
        chain_id=chain.chain_id,
        nonce=nonce,
        max_priority_fee_per_gas=0,
        max_fee_per_gas=0,
        gas=gas,
        to=request.to or CREATE_CONTRACT_ADDRESS,
        value=request.value,
        data=request.data,
        access_list=request.access_list or (),
    )
    return cast(SignedTransactionAPI, SpoofTransaction(unsigned, from_=sender))


def _gas_cap(request: CallRequest, header: BlockHeaderAPI) -> int:
    """The block gas limit bounds how long one request can keep the node busy."""
    return header.gas_limit if request.gas is None else min(request.gas, header.gas_limit)


def _is_plain_transfer(chain: DevChain, request: CallRequest, header: BlockHeaderAPI) -> bool:
    if request.to is None or request.data or request.access_list:
        return False
    return not chain.vm(header).state.get_code(request.to)


def _succeeds(chain: DevChain, request: CallRequest, header: BlockHeaderAPI, gas: int) -> bool:
    return execute(chain, request, header, gas).error is None


def _raise_failure(outcome: Outcome) -> None:
    if isinstance(outcome.error, Revert):
        raise Reverted(revert_message(outcome.output), outcome.output)
    if outcome.error is not None:
        raise Rejected(f"execution failed: {outcome.error or type(outcome.error).__name__}")


def revert_message(data: bytes) -> str:
    """What geth says for this revert data: the reason, if it is one of Solidity's two built-in errors."""
    selector, body = data[:4], data[4:]
    try:
        if selector == ERROR_STRING:
            return f"execution reverted: {decode(['string'], body)[0]}"
        if selector == PANIC:
            return f"execution reverted: panic code {decode(['uint256'], body)[0]:#x}"
    except (DecodingError, UnicodeDecodeError):
        pass
    return "execution reverted"
