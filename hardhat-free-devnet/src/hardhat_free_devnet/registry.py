"""The table of RPC methods. A handler's signature is its parameter list: annotations name the parsers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar, get_args, get_type_hints

from .errors import InvalidParams
from .node import Node

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Parameter:
    """One positional parameter; `default` is `inspect.Parameter.empty` when it must be given."""

    name: str
    parse: Callable[[object], Any]
    default: Any


@dataclass(frozen=True)
class Method:
    """One RPC method: `handler(node, *arguments)` answers with something JSON can hold."""

    name: str
    handler: Callable[..., Any]
    parameters: tuple[Parameter, ...]

    def __call__(self, node: Node, params: Sequence[object]) -> Any:
        """Parse the parameters and run the handler.

        Raises:
            InvalidParams: one is missing, surplus or malformed.
            RpcError: whatever the handler refuses.
        """
        if len(params) > len(self.parameters):
            raise InvalidParams(f"{self.name} takes {len(self.parameters)} parameters, got {len(params)}")
        pairs = zip_longest(self.parameters, params)
        return self.handler(node, *(_argument(parameter, value) for parameter, value in pairs))


METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under an RPC name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, _parameters(handler))
        return handler

    return register


def _parameters(handler: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(handler, include_extras=True)
    signature = list(inspect.signature(handler).parameters.values())[1:]
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
