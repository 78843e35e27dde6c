"""What there is to show: the members of a function's parameters or of a message, as ERC-7730 names and finds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contrafact.domain.typed_data import TYPES

Parameter = Mapping[str, Any]
_UNNAMED = {"bytes32[][]": "terms", "tuple[]": "grants", "bytes32[]": "manifestProof", "tuple": "evidence"}
"""What escrow and desk pass on unread has no name in their ABI."""


def signature(function: Parameter) -> str:
    """The function with the names of its parameters, `claim((…) claim_)`: its key in a descriptor."""
    return f"{function['name']}({', '.join(_declared(one) for one in function['inputs'])})"


def leaves(parameters: Sequence[Parameter], before: str = "") -> Iterator[str]:
    """The path of each elementary value: `claim_.proof.[].hash`."""
    for one in parameters:
        path = before + name_of(one) + ".[]" * one["type"].count("[")
        if "components" in one:
            yield from leaves(one["components"], path + ".")
        else:
            yield path


def parameters(kind: str) -> list[Parameter]:
    """The members of an EIP-712 type in the form that an ABI has."""
    return [_member(name, type_) for name, type_ in TYPES[kind]]


def _member(name: str, type_: str) -> Parameter:
    base, bracket, rest = type_.partition("[")
    if base not in TYPES:
        return {"name": name, "type": type_}
    return {"name": name, "type": "tuple" + bracket + rest, "components": parameters(base)}


def name_of(parameter: Parameter) -> str:
    """The parameter's name; those that have none are called by their type."""
    return str(parameter["name"] or _UNNAMED[parameter["type"]])


def _declared(parameter: Parameter) -> str:
    kind = str(parameter["type"])
    if "components" in parameter:
        inner = ", ".join(_declared(one) for one in parameter["components"])
        kind = f"({inner}){kind.removeprefix('tuple')}"
    return f"{kind} {name_of(parameter)}"
