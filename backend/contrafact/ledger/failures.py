"""One place where what web3 and the network raise becomes an error of this project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth_abi.exceptions import DecodingError
from web3.exceptions import (
    BadFunctionCallOutput,
    BadResponseFormat,
    CannotHandleRequest,
    ContractLogicError,
    LogTopicError,
    MismatchedABI,
    TooManyRequests,
    Web3RPCError,
)

from contrafact.errors import ChainError, ContractError, Payment
from contrafact.ledger.failover import EndpointsFailed
from contrafact.ledger.reverts import from_reason, from_revert_data

_ODD_ANSWERS = (
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
    except (Web3RPCError, TooManyRequests) as error:
        raise _from_rpc_error(error, place) from None
    except _ODD_ANSWERS:
        raise _odd(place) from None
    except EndpointsFailed as error:
        raise from_endpoints(error, place) from None


def from_web3_revert(error: ContractLogicError) -> ContractError:
    """The typed error of a revert, from its data where the node gives it, otherwise from its text."""
    data = _revert_data(error.data)
    if data is not None:
        return from_revert_data(data)
    reason = str(error.message or "").removeprefix("execution reverted").lstrip(": ")
    return from_reason(reason) if reason else from_revert_data(b"")


def from_endpoints(error: EndpointsFailed, place: str) -> ChainError:
    """The error of a chain whose endpoints all failed."""
    failures = error.failures.values()
    if all(failure.odd for failure in failures):
        return _odd(place)
    if all(failure.limited for failure in failures):
        text = f"The chain's nodes take no more requests for now: {error}."
        return ChainError(text, "Wait, or name more nodes: CONTRAFACT_RPC_URL takes several, with commas between.")
    return ChainError(
        f"The chain cannot be reached: {error}.", "Check the RPC URL, an API key in it, and that the node runs."
    )


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


def _odd(place: str) -> ChainError:
    return ChainError(f"{place} does not answer as a chain's node does.", "Check the RPC URL.")
