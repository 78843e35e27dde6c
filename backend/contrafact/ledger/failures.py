"""One place where what web3 and the network raise becomes an error of this project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from eth_abi.exceptions import DecodingError
from web3.exceptions import (
    BadFunctionCallOutput,
    BadResponseFormat,
    CannotHandleRequest,
    ContractLogicError,
    LogTopicError,
    MismatchedABI,
    ProviderConnectionError,
    TimeExhausted,
    TooManyRequests,
    Web3RPCError,
)

from contrafact.errors import ChainError, ContractError, Payment
from contrafact.ledger.reverts import from_reason, from_revert_data

_UNREACHABLE = (requests.RequestException, ConnectionError, ProviderConnectionError)
_ODD_ANSWERS = (
    json.JSONDecodeError,
    BadResponseFormat,
    CannotHandleRequest,
    DecodingError,
    LogTopicError,
    MismatchedABI,
)


class NoSuchContract(ChainError):
    """There is no contract at an address, or one that does not answer as it should."""


@contextmanager
def chain_failures(place: str) -> Iterator[None]:
    """Raises ContractError for a revert, Payment for an account without funds, and ChainError for the rest.

    `place` names the node; it must not hold a secret, as a node's whole URL may.
    """
    try:
        yield
    except ContractLogicError as error:
        raise from_web3_revert(error) from None
    except BadFunctionCallOutput:
        text = f"A contract is missing on the chain at {place}, or is another than expected."
        raise NoSuchContract(text, "Check that the deployment file and the RPC URL belong to the same chain.") from None
    except TimeExhausted:
        text = f"The transaction was sent to {place}, but no block holds it yet."
        raise ChainError(text, "Wait and look it up before you repeat it.") from None
    except (Web3RPCError, TooManyRequests) as error:
        raise _from_rpc_error(error, place) from None
    except _ODD_ANSWERS:
        raise ChainError(f"{place} does not answer as a chain's node does.", "Check the RPC URL.") from None
    except _UNREACHABLE as error:
        text = f"The chain at {place} cannot be reached ({type(error).__name__})."
        raise ChainError(text, "Check the RPC URL and that the node runs.") from None


def from_web3_revert(error: ContractLogicError) -> ContractError:
    """The typed error of a revert, from its data where the node gives it, otherwise from its text."""
    data = _revert_data(error.data)
    if data is not None:
        return from_revert_data(data)
    reason = str(error.message or "").removeprefix("execution reverted").lstrip(": ")
    return from_reason(reason) if reason else from_revert_data(b"")


def _revert_data(data: Any) -> bytes | None:
    """The return data: nodes give it as hex, as hex after a word, or in an object."""
    if isinstance(data, dict):
        data = data.get("data") or data.get("result")
    if not isinstance(data, str):
        return None
    found = re.search(r"0x([0-9a-fA-F]*)$", data)
    return bytes.fromhex(found[1]) if found and len(found[1]) % 2 == 0 else None


def _from_rpc_error(error: Web3RPCError | TooManyRequests, place: str) -> ChainError | Payment:
    answer = getattr(error, "rpc_response", None) or {}
    detail = answer.get("error") or {}
    message = str((detail.get("message") if isinstance(detail, dict) else detail) or error)
    if "insufficient funds" in message.lower():
        return Payment("The account holds too little of the chain's coin for the transaction.", "Fund the account.")
    return ChainError(f"The node at {place} refused: {message}.", "Correct what it names, or use another node.")
