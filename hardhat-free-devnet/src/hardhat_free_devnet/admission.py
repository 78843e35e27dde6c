"""Which transactions may enter a block. py-evm leaves part of this to its callers, and says the rest tersely.

The messages follow geth's, since client libraries and people search for them.
"""

from __future__ import annotations

from eth.abc import BlockHeaderAPI, SignedTransactionAPI, StateAPI
from eth.exceptions import PyEVMError
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.constants import STANDARD_TOKEN_COST, TOTAL_COST_FLOOR_PER_TOKEN
from eth.vm.forks.shanghai.constants import INITCODE_WORD_COST, MAX_INITCODE_SIZE
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from .chain import DevChain
from .errors import Rejected
from .evm import base_fee
from .pool import MAX_GAP
from .sender import IMPERSONATED, sender_of

BLOB_TYPE = 3
TX_GAS = 21_000
DELEGATION_PREFIX = b"\xef\x01\x00"

# What the decoders below raise on bytes that are no transaction.
UNREADABLE = (PyEVMError, RLPException, ValidationError, BadSignature, ValueError, TypeError, IndexError)


def decode_transaction(raw: bytes) -> SignedTransactionAPI:
    """Read a signed transaction: legacy, or EIP-2718 types 1 (access list), 2 (dynamic fee), 4 (set code).

    Raises:
        Rejected: the bytes are no such transaction, or the signature is not valid.
    """
    if not raw:
        raise Rejected("empty transaction")
    if raw[0] == BLOB_TYPE:
        raise Rejected("transaction type not supported: blob transactions (type 3)")
    try:
        transaction = PragueVM.get_transaction_builder().decode(raw)
        if transaction.s == IMPERSONATED:
            raise Rejected("invalid transaction: invalid signature")
        _ = transaction.sender  # recovered from the signature, which fails unless that is valid; cached
    except UNREADABLE as error:
        raise Rejected(f"invalid transaction: {error}") from error
    return transaction


def check_transaction(chain: DevChain, transaction: SignedTransactionAPI, *, waits: bool) -> int:
    """The next nonce of the sender; raises Rejected unless the transaction may be in a block.

    One that `waits` need not pay the base fee of the next block: fees may fall.
    """
    header = chain.pending_header()
    _check_chain(transaction, chain.chain_id)
    _check_gas(transaction, header)
    _check_fees(transaction, 0 if waits else base_fee(header))
    return _check_sender(transaction, chain.accounts())


def minimum_gas(transaction: SignedTransactionAPI) -> int:
    """The least gas limit the transaction may carry: its intrinsic gas, or the data floor of EIP-7623."""
    zeros = transaction.data.count(b"\x00")
    tokens = zeros + (len(transaction.data) - zeros) * STANDARD_TOKEN_COST
    floor = TX_GAS + TOTAL_COST_FLOOR_PER_TOKEN * tokens
    words = -(-len(transaction.data) // 32) if transaction.to == b"" else 0
    return max(transaction.intrinsic_gas + INITCODE_WORD_COST * words, floor)


def _check_chain(transaction: SignedTransactionAPI, chain_id: int) -> None:
    # Legacy transactions without chain id stay possible: keyless deployments (EIP-1820, for one) need them.
    signed_for = transaction.chain_id
    if signed_for is not None and signed_for != chain_id:
        raise Rejected(f"invalid chain id for signer: have {signed_for} want {chain_id}")


def _check_gas(transaction: SignedTransactionAPI, header: BlockHeaderAPI) -> None:
    needed = minimum_gas(transaction)
    if transaction.gas < needed:
        raise Rejected(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {needed}")
    if transaction.gas > header.gas_limit:
        raise Rejected(f"exceeds block gas limit: gas {transaction.gas}, limit {header.gas_limit}")
    size = len(transaction.data)
    if transaction.to == b"" and size > MAX_INITCODE_SIZE:
        raise Rejected(f"max initcode size exceeded: code size {size} limit {MAX_INITCODE_SIZE}")


def _check_fees(transaction: SignedTransactionAPI, base: int) -> None:
    most, tip = transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas
    if tip > most:
        raise Rejected(f"max priority fee per gas higher than max fee per gas: {tip} > {most}")
    if most < base:
        raise Rejected(f"max fee per gas less than block base fee: maxFeePerGas {most}, baseFee {base}")


def _check_sender(transaction: SignedTransactionAPI, state: StateAPI) -> int:
    sender = sender_of(transaction)
    nonce = state.get_nonce(sender)
    if transaction.nonce < nonce:
        raise Rejected(f"nonce too low: next nonce {nonce}, tx nonce {transaction.nonce}")
    if transaction.nonce > nonce + MAX_GAP:
        raise Rejected(f"nonce too high: next nonce {nonce}, tx nonce {transaction.nonce}")
    cost = transaction.value + transaction.gas * transaction.max_fee_per_gas
    balance = state.get_balance(sender)
    if balance < cost:
        raise Rejected(f"insufficient funds for gas * price + value: balance {balance}, tx cost {cost}")
    code = state.get_code(sender)
    if code and not code.startswith(DELEGATION_PREFIX) and transaction.s != IMPERSONATED:
        raise Rejected("sender not an eoa: it has code")  # EIP-3607, with the exception of EIP-7702
    return nonce
