"""JSON-RPC 2.0: from the bytes of a request to the bytes of the answer. Nothing a client sends raises."""

from __future__ import annotations

import json
import logging
import math
from typing import Any

from .errors import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    InvalidParams,
    LimitExceeded,
    RpcError,
)
from .hexes import shown
from .methods import METHODS
from .node import Node
from .sessions import Session

Json = dict[str, Any]

_log = logging.getLogger(__name__)


def answer(node: Node, body: bytes, session: Session | None = None) -> bytes | None:
    """Answer a single request or a batch; None when only notifications came, which get no answer.

    `session` is the connection that subscriptions send to; without one there can be none.
    """
    try:
        message = _parse(body)
        batch = isinstance(message, list)
        reply = _answer_batch(node, message, session) if batch else _answer_one(node, message, session)
    except RpcError as error:
        reply = failure(None, error)
    return None if reply is None else encode(reply)


def encode(reply: object) -> bytes:
    return json.dumps(reply, separators=(",", ":"), allow_nan=False).encode()


def failure(request_id: object, error: RpcError) -> Json:
    """A response object that carries an error."""
    return {"jsonrpc": "2.0", "id": request_id, "error": error.to_json()}


def _parse(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, f"request is not JSON: {error}") from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _answer_batch(node: Node, messages: Any, session: Session | None) -> list[Json] | None:
    if not messages:
        raise RpcError(INVALID_REQUEST, "empty batch")
    if len(messages) > node.limits.batch:
        raise LimitExceeded(f"batch of {len(messages)} requests; the limit is {node.limits.batch}")
    replies = [_answer_one(node, message, session) for message in messages]
    return [reply for reply in replies if reply is not None] or None


def _answer_one(node: Node, message: object, session: Session | None) -> Json | None:
    request_id = _id(message)
    try:
        result = _run(node, message, session)
    except RpcError as error:
        reply = failure(request_id, error)
    except Exception as error:  # the server must outlive any bug below it; the log keeps the traceback
        _log.exception("internal error on %s", shown(message))
        reply = failure(request_id, RpcError(INTERNAL_ERROR, f"internal error: {error!r}"))
    else:
        reply = {"jsonrpc": "2.0", "id": request_id, "result": result}
    return None if _is_notification(message) else reply


def _run(node: Node, message: object, session: Session | None) -> Any:
    if not isinstance(message, dict) or message.get("jsonrpc", "2.0") != "2.0":
        raise RpcError(INVALID_REQUEST, "expected a JSON-RPC 2.0 request object")
    name = message.get("method")
    if not isinstance(name, str) or not _valid_id(message.get("id")):
        raise RpcError(INVALID_REQUEST, "a request needs a method name, and a string or number as id")
    if name not in METHODS:
        raise RpcError(METHOD_NOT_FOUND, f"the method {shown(name)} does not exist or is not available")
    params = message.get("params") or []
    if not isinstance(params, list):
        raise InvalidParams("parameters must be a list; named parameters are not supported")
    return METHODS[name](node, params, session)


def _id(message: object) -> object:
    """The id to answer with: null when it cannot be read."""
    request_id = message.get("id") if isinstance(message, dict) else None
    return request_id if _valid_id(request_id) else None


def _valid_id(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _is_notification(message: object) -> bool:
    return isinstance(message, dict) and "id" not in message and isinstance(message.get("method"), str)
