"""Values as JSON and back, by their types. Nothing in a file is ever run: what does not fit a type is refused."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from contrafact.audit.order_events import OrderEvent
from contrafact.errors import InvalidInput

T = TypeVar("T")

_CONFIG = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex", ser_json_inf_nan="constants")
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(OrderEvent)}


def dump(kind: type[T], value: T) -> str:
    """`value` as JSON; bytes in hex."""
    return _adapter(_key(kind)).dump_json((value,)).decode()


def load(kind: type[T], text: str) -> T:
    """The inverse of `dump`. Raises InvalidInput for anything else."""
    try:
        (value,) = _adapter(_key(kind)).validate_json(text)
    except ValidationError as error:
        raise InvalidInput(
            f"The journal holds something that is no {kind.__name__}: {error.error_count()} errors.",
            "It was changed since an audit wrote it; start again with a new file.",
        ) from None
    found: T = value
    return found


def load_event(kind: str, text: str) -> OrderEvent:
    """An event by the name of its class. Raises InvalidInput."""
    if kind not in _KINDS:
        raise InvalidInput(f"The journal holds an event {kind!r}, which there is none.", "Start again with a new file.")
    found: OrderEvent = load(_KINDS[kind], text)
    return found


def _key(kind: Any) -> Hashable:
    return kind  # type: ignore[no-any-return]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(tuple[kind], config=_CONFIG)
