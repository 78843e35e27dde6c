"""Events as rows, and back: nothing of an event is lost, so that everything derived can be made from the rows again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from contrafact.chain_feed import ChainEvent
from contrafact.store.tables import events

CHUNK = 500  # subjects asked for at once


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as the domain's decoders take it (`domain.decoding.Event`)."""

    contract: str
    name: str
    arguments: Mapping[str, Any]
    block: int
    index: int
    transaction: str

    @property
    def at(self) -> tuple[int, int]:
        return self.block, self.index


def row(event: ChainEvent) -> dict[str, Any]:
    return {
        "block": event.block,
        "log_index": event.index,
        "contract": event.contract,
        "name": event.name,
        "subject": subject(event.arguments),
        "transaction_hash": event.transaction,
        "arguments": json.dumps({name: _written(value) for name, value in event.arguments.items()}),
    }


def fact(found: Any) -> Fact:
    """The inverse of `row`."""
    arguments = {name: _read(value) for name, value in json.loads(found.arguments).items()}
    return Fact(found.contract, found.name, arguments, found.block, found.log_index, found.transaction_hash)


def subject(arguments: Mapping[str, Any]) -> bytes:
    """What an event is about: its first argument where that is an id, else nothing."""
    first = next(iter(arguments.values()), None)
    return first if isinstance(first, bytes) and len(first) == 32 else b""


def facts_of(session: Session, subjects: Iterable[bytes], names: Iterable[str]) -> dict[bytes, list[Fact]]:
    """The events with these names of each subject, in the chain's order; subjects without any are left out."""
    wanted, names = list(dict.fromkeys(subjects)), list(names)
    found: dict[bytes, list[Fact]] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(events).where(events.c.subject.in_(wanted[start : start + CHUNK]), events.c.name.in_(names))
        for each in session.execute(query.order_by(events.c.block, events.c.log_index)):
            found.setdefault(bytes(each.subject), []).append(fact(each))
    return found


def replace(session: Session, table: Table, key: str, ids: Sequence[bytes], rows: Sequence[Mapping[str, Any]]) -> None:
    """Takes the rows of these ids away, and puts others in their place."""
    for start in range(0, len(ids), CHUNK):
        session.execute(delete(table).where(table.c[key].in_(ids[start : start + CHUNK])))
    if rows:
        session.execute(insert(table), list(rows))


def _written(value: Any) -> Any:
    """Bytes and texts are told apart by their first letter; tuples become lists."""
    if isinstance(value, bytes):
        return f"x{value.hex()}"
    if isinstance(value, str):
        return f"s{value}"
    return [_written(item) for item in value] if isinstance(value, tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return bytes.fromhex(value[1:]) if value[0] == "x" else value[1:]
    return tuple(_read(item) for item in value) if isinstance(value, list) else value
