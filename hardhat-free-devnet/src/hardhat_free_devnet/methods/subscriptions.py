"""Subscriptions: messages that a WebSocket gets without asking again."""

from __future__ import annotations

from typing import Annotated, Any

from ..errors import InvalidParams
from ..registry import method
from ..requests import Text, parse_filter
from ..sessions import Session
from ..watchers import HeadWatcher, LogWatcher, PendingWatcher

Argument = Annotated[Any, lambda value: value]


@method("eth_subscribe")
def subscribe(session: Session, kind: Text, argument: Argument = None) -> str:
    if kind == "newHeads":
        return session.subscribe(HeadWatcher)
    if kind == "newPendingTransactions":
        return session.subscribe(lambda emit: PendingWatcher(emit, full=argument is True))
    if kind == "logs":
        wanted = parse_filter(argument or {})
        return session.subscribe(lambda emit: LogWatcher(emit, wanted))
    raise InvalidParams(f"no subscription to {kind[:40]!r}: newHeads, logs and newPendingTransactions exist")


@method("eth_unsubscribe")
def unsubscribe(session: Session, name: Text) -> bool:
    return session.unsubscribe(name)
