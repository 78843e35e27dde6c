"""The table of RPC methods. A handler's signature is its parameter list: annotations name the parsers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar, get_args, get_type_hints

from .errors import METHOD_NOT_FOUND, InvalidParams, RpcError
from .node import Node
from .sessions import Session

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Parameter:
    """One positional parameter; `default` is `inspect.Parameter.empty` when it must be given."""

    name: str
    parse: Callable[[object], Any]
    default: Any


@dataclass(frozen=True)
class Method:
    """One RPC method: `handler(node, *arguments)` answers with something JSON can hold.

    One that pushes messages has `session` as its first parameter instead: the connection it was called on.
    """

    name: str
    handler: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    pushes: bool

    def __call__(self, node: Node, params: Sequence[object], session: Session | None = None) -> Any:
        """Parse the parameters and run the handler.

        Raises:
            InvalidParams: one is missing, surplus or malformed.
            RpcError: whatever the handler refuses, and pushing where there is nothing to push to.
        """
        if self.pushes and session is None:
            raise RpcError(METHOD_NOT_FOUND, "notifications not supported: use a WebSocket")
        if len(params) > len(self.parameters):
            raise InvalidParams(f"{self.name} takes {len(self.parameters)} parameters, got {len(params)}")
        pairs = zip_longest(self.parameters, params)
        return self.handler(
            session if self.pushes else node, *(_argument(parameter, value) for parameter, value in pairs)
        )


METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under an RPC name, and under others that mean the same."""

    def register(handler: Handler) -> Handler:
        first, *signature = inspect.signature(handler).parameters.values()
        parameters = _parameters(handler, signature)
        for name in names:
            METHODS[name] = Method(name, handler, parameters, first.name == "session")
        return handler

    return register


def _parameters(handler: Callable[..., Any], signature: list[inspect.Parameter]) -> tuple[Parameter, ...]:
    hints = get_type_hints(handler, include_extras=True)
    return tuple(Parameter(item.name, get_args(hints[item.name])[1], item.default) for item in signature)


def _argument(parameter: Parameter, value: object) -> Any:
    """JSON null stands for a parameter left out."""
    if value is None and parameter.default is not inspect.Parameter.empty:
        return parameter.default
    if value is None:
        raise InvalidParams(f"missing parameter: {parameter.name}")
    try:
        return parameter.parse(value)
    except InvalidParams as error:
        raise InvalidParams(f"{parameter.name}: {error.message}") from None
