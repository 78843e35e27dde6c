"""Signatures and transactions of the accounts whose keys the node holds, or that are impersonated."""

from __future__ import annotations

from typing import Any

from eth.abc import SignedTransactionAPI
from eth.constants import CREATE_CONTRACT_ADDRESS
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth_account import Account
from eth_account.messages import SignableMessage, encode_defunct, encode_typed_data

from .accounts import DevAccount
from .admission import decode_transaction
from .errors import InvalidParams, Rejected
from .evm import base_fee
from .fees import SUGGESTED_TIP
from .hexes import data
from .node import Node
from .requests import CallRequest
from .sender import IMPERSONATED
from .simulate import estimate_gas
from .views import access_list_view


def unlocked(node: Node, address: bytes) -> DevAccount:
    """The account with this address. Raises Rejected when the node has no key of it."""
    account = node.account(address)
    if account is None:
        raise Rejected(f"unknown account {data(address)}: the node has no key of it")
    return account


def sign_text(node: Node, address: bytes, message: bytes) -> str:
    """A signature of the message under Ethereum's prefix (EIP-191)."""
    return _signature(unlocked(node, address), encode_defunct(message))


def sign_typed_data(node: Node, address: bytes, typed: dict[str, Any]) -> str:
    """A signature of structured data (EIP-712). Raises InvalidParams when it is not well-formed."""
    account = unlocked(node, address)
    try:
        message = encode_typed_data(full_message=typed)
    except Exception as error:  # the library raises what it happens to stumble over
        raise InvalidParams(f"no EIP-712 typed data: {error}") from error
    return _signature(account, message)


def signed_transaction(node: Node, request: CallRequest) -> SignedTransactionAPI:
    """The transaction that the request describes; what it leaves out is chosen for the next block.

    Raises:
        Rejected: the account is neither unlocked nor impersonated, or the execution fails.
        InvalidParams: members are missing, or contradict each other.
    """
    if request.sender is None:
        raise InvalidParams("the transaction needs `from`")
    account = node.account(request.sender)
    if account is None and not node.may_impersonate(request.sender):
        who = data(request.sender)
        raise Rejected(f"unknown account {who}: sign the transaction and send it raw, or impersonate it")
    fields = _filled(node, request)
    if account is None:
        return _impersonated(request, fields)
    try:
        signed = Account.sign_transaction(fields, account.key)
    except (TypeError, ValueError) as error:
        raise InvalidParams(f"cannot be signed: {error}") from error
    return decode_transaction(bytes(signed.raw_transaction))


def _signature(account: DevAccount, message: SignableMessage) -> str:
    return data(bytes(Account.sign_message(message, account.key).signature))


def _filled(node: Node, request: CallRequest) -> dict[str, Any]:
    assert request.sender is not None
    gas = estimate_gas(node.moment("pending"), request) if request.gas is None else request.gas
    fields: dict[str, Any] = {
        "chainId": node.chain.chain_id if request.chain_id is None else request.chain_id,
        "nonce": node.miner.next_nonce(request.sender) if request.nonce is None else request.nonce,
        "gas": gas,
        "value": request.value,
        "data": request.data,
    }
    if request.to is not None:
        fields["to"] = request.to
    if request.access_list is not None:
        fields["accessList"] = access_list_view(request.access_list)
    return fields | _fee_fields(node, request)


def _fee_fields(node: Node, request: CallRequest) -> dict[str, int]:
    most, tip = request.max_fee_per_gas, request.max_priority_fee_per_gas
    if request.gas_price is not None and (most is not None or tip is not None):
        raise InvalidParams("gasPrice and maxFeePerGas or maxPriorityFeePerGas exclude each other")
    if request.gas_price is not None:
        return {"gasPrice": request.gas_price}
    if tip is None:
        tip = SUGGESTED_TIP if most is None else min(SUGGESTED_TIP, most)
    if most is None:
        most = tip + 2 * base_fee(node.chain.pending_header())
    return {"maxFeePerGas": most, "maxPriorityFeePerGas": tip}


def _impersonated(request: CallRequest, fields: dict[str, Any]) -> SignedTransactionAPI:
    """A dynamic-fee transaction with the signature that marks its sender; see `sender`."""
    price = fields.get("gasPrice", 0)
    builder = PragueTransactionBuilder
    transaction = builder.new_dynamic_fee_transaction(
        fields["chainId"],
        fields["nonce"],
        fields.get("maxPriorityFeePerGas", price),
        fields.get("maxFeePerGas", price),
        fields["gas"],
        request.to or CREATE_CONTRACT_ADDRESS,
        request.value,
        request.data,
        request.access_list or (),
        0,
        int.from_bytes(request.sender or b""),
        IMPERSONATED,
    )
    return builder.decode(transaction.encode())  # which makes one of Prague's class; the other is London's
