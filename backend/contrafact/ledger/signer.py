"""Signers: whatever holds an account's key. Here the protocol, and a signer that is a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from eth_account import Account
from eth_account.messages import SignableMessage
from eth_utils.address import to_checksum_address
from hexbytes import HexBytes

from contrafact.domain.typed_data import TypedData
from contrafact.domain.wallet_json import wallet_json
from contrafact.errors import ChainError
from contrafact.ledger.endpoints import EndpointFailure, HttpEndpoint
from contrafact.ledger.transactions import says_the_same

SIGNER_SECONDS = 180.0  # a person may have to say yes
NO_SUCH_METHOD = -32601


class RawTransaction(Protocol):
    @property
    def raw_transaction(self) -> bytes: ...


class Signature(Protocol):
    @property
    def signature(self) -> bytes: ...


class Signer(Protocol):
    """Signs for one account. A key in memory is one (eth_account's LocalAccount); so is `ExternalSigner`."""

    @property
    def address(self) -> str: ...

    def sign_transaction(self, transaction: dict[str, Any], /) -> RawTransaction: ...

    def sign_message(self, message: SignableMessage, /) -> Signature: ...


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signer gave: the bytes of a transaction, or a signature."""

    raw_transaction: bytes = b""
    signature: bytes = b""


class ExternalSigner:
    """A signer at a URL, which shows what it signs and may ask somebody: Clef, web3signer, or a node.

    Methods `eth_signTransaction` and `eth_signTypedData_v4`; where they are unknown, those of Clef (`account_…`) and
    web3signer's. What it returns is checked: other fields, or another key, raise ChainError, as a refusal does.
    """

    def __init__(self, url: str, address: str, seconds: float = SIGNER_SECONDS) -> None:
        self.address: str = to_checksum_address(address)
        self._endpoint = HttpEndpoint(url, seconds)

    def __repr__(self) -> str:
        return f"ExternalSigner({self.address} at {self._endpoint.place})"

    def sign_transaction(self, transaction: dict[str, Any], /) -> Signed:
        """`transaction` has all its fields, `from` included."""
        request = [_request(transaction)]
        answer = self._ask([("eth_signTransaction", request), ("account_signTransaction", request)])
        raw = bytes(_bytes(answer["raw"] if isinstance(answer, Mapping) and "raw" in answer else answer))
        if not says_the_same(raw, transaction):  # type: ignore[arg-type]
            raise self._wrong("signed another transaction than it was given, or with another key")
        return Signed(raw_transaction=raw)

    def sign_message(self, message: SignableMessage, /) -> Signed:
        """Typed data only. Raises ChainError."""
        if not isinstance(message, TypedData):
            raise self._wrong("is asked for typed data only")
        document = wallet_json(message)
        calls = [(name, [self.address, document]) for name in ("eth_signTypedData_v4", "account_signTypedData")]
        signature = _bytes(self._ask([*calls, ("eth_signTypedData", [self.address, json.dumps(document)])]))
        if not _is_by(self.address, message, signature):
            raise self._wrong("signed something else than it was given, or with another key")
        return Signed(signature=signature)

    def _ask(self, calls: Sequence[tuple[str, list[Any]]]) -> Any:
        """The result of the first method that the signer knows."""
        error: Any = {}
        for method, parameters in calls:
            answer = self._post({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
            error = answer.get("error")
            if not error:
                return answer.get("result")
            if not isinstance(error, dict) or error.get("code") != NO_SUCH_METHOD:
                break
        said = error.get("message") if isinstance(error, dict) else error
        raise ChainError(f"The signer at {self._endpoint.place} refused: {said}.", "Approve it there, or see its log.")

    def _post(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = json.loads(self._endpoint.post(json.dumps(request).encode()))
        except EndpointFailure as failure:
            text = f"The signer at {self._endpoint.place} cannot be reached ({failure.reason})."
            raise ChainError(text, "Check that it runs, and the URL in the key file.") from None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._wrong("does not answer as a signer does")
        return answer

    def _wrong(self, what: str) -> ChainError:
        return ChainError(f"The signer at {self._endpoint.place} {what}.", "Use another signer for this account.")


def _request(transaction: Mapping[str, Any]) -> dict[str, Any]:
    """A transaction as JSON-RPC has it: numbers in hex, no target where a contract is created."""
    given = {name: value for name, value in transaction.items() if name != "to" or value}
    return {name: _hex(value) for name, value in given.items()}


def _hex(value: Any) -> Any:
    if isinstance(value, int):
        return hex(value)
    return "0x" + value.hex() if isinstance(value, bytes) else value


def _bytes(answer: Any) -> bytes:
    try:
        return bytes(HexBytes(answer))
    except (TypeError, ValueError):
        return b""


def _is_by(address: str, message: SignableMessage, signature: bytes) -> bool:
    try:
        return bool(Account.recover_message(message, signature=signature) == address)
    except Exception:  # whatever a foreign signer may have returned
        return False
