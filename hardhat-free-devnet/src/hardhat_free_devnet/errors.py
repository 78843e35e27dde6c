"""Errors as JSON-RPC 2.0 objects, and the errors of starting a node.

Codes: https://www.jsonrpc.org/specification#error_object, EIP-1474 for the -32000 range; code 3 with the
revert data in `data` is what geth answers when a call reverts, and what client libraries look for.
"""

from __future__ import annotations

from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_ERROR = -32000
LIMIT_EXCEEDED = -32005
EXECUTION_REVERTED = 3


class DevnetError(Exception):
    """The node cannot be started, or cannot go on; the message says what to do."""


class RpcError(Exception):
    """An error that is sent to the client."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_json(self) -> dict[str, Any]:
        """The JSON-RPC error object `{code, message[, data]}`."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.data is None else body | {"data": self.data}


class InvalidParams(RpcError):
    """A parameter is missing, surplus or malformed."""

    def __init__(self, message: str) -> None:
        super().__init__(INVALID_PARAMS, message)


class Rejected(RpcError):
    """A well-formed request that this chain, in its present state, refuses."""

    def __init__(self, message: str) -> None:
        super().__init__(SERVER_ERROR, message)


class LimitExceeded(RpcError):
    """More than the node is set to allow; the message names the limit."""

    def __init__(self, message: str) -> None:
        super().__init__(LIMIT_EXCEEDED, f"limit exceeded: {message}")


class Reverted(RpcError):
    """Execution reverted; `data` is the revert data as the contract returned it."""

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(EXECUTION_REVERTED, message, "0x" + data.hex())
