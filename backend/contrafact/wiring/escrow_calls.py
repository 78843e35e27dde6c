"""The calldata of transactions that called the escrow itself, as the audit's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector
from web3.contract import Contract
from web3.exceptions import TransactionNotFound

from contrafact.audit.calls import CommitCall, FundingCall
from contrafact.domain.addresses import checksummed
from contrafact.domain.grants import Grant
from contrafact.domain.orders import Commit, Quote
from contrafact.errors import InvalidInput
from contrafact.ledger.connection import Connection

Call = tuple[str, str, Sequence[Any]]
"""Sender, name of the function, arguments: structs as tuples of their fields."""


def funding(connection: Connection, escrow: Contract, transaction: str) -> FundingCall | None:
    """How an order was funded; None where another contract was called, or the escrow was told something else."""
    found = _read(connection, escrow, transaction)
    if found is None or found[1] not in ("fund", "fundFor", "fundWithAuthorization"):
        return None
    sender, name, (quote, _, grants, salt, signature, *rest) = found
    try:
        given = Quote.from_abi(quote)
    except InvalidInput:
        return None
    by_maker = rest[0] if name == "fundFor" else None
    return FundingCall(
        sender, given, salt, tuple(map(_grant, grants)), signature, by_maker, name == "fundWithAuthorization"
    )


def commit(connection: Connection, escrow: Contract, transaction: str, order_id: bytes) -> CommitCall | None:
    """How an order was committed; None as in `funding`."""
    found = _read(connection, escrow, transaction)
    if found is None or found[1] != "commit":
        return None
    sender, _, (quote, salt, said, signature) = found
    try:
        given = Quote.from_abi(quote)
        return CommitCall(sender, given, salt, Commit.from_abi(said, order_id, len(given.inference_set)), signature)
    except InvalidInput:
        return None


def _read(connection: Connection, escrow: Contract, transaction: str) -> Call | None:
    """What a transaction said to the escrow; None where there is no such transaction. Raises ChainError."""
    with connection.failures():
        try:
            sent: Mapping[str, Any] = connection.web3.eth.get_transaction(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            return None
    if str(sent.get("to") or "").lower() != escrow.address.lower():
        return None
    said = _decoded(escrow, bytes(sent["input"]))
    return (checksummed(sent["from"]), *said) if said else None


def _decoded(escrow: Contract, data: bytes) -> tuple[str, Sequence[Any]] | None:
    """By hand, for web3 gives arguments by their names, and those that are only passed on have none."""
    for entry in escrow.abi:
        if entry["type"] == "function" and function_abi_to_4byte_selector(entry) == data[:4]:
            try:
                return entry["name"], decode([collapse_if_tuple(item) for item in entry["inputs"]], data[4:])
            except DecodingError:
                return None
    return None


def _grant(row: Sequence[Any]) -> Grant:
    operator, model, approval = row
    return Grant(tuple(operator), tuple(model), approval)
