"""Which orders are judged, and which of them are generated again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contrafact.audit.journal.book import Journal, listed
from contrafact.audit.scope import Replays, Scope
from contrafact.domain.history import Fined

_OF_NO_FINE = f"order_id NOT IN (SELECT order_id FROM events WHERE kind = '{Fined.__name__}')"
_IN = "IN (SELECT value FROM json_each(?))"
_NAMES = f"number IN (SELECT number FROM named WHERE thing {_IN})"


@dataclass(frozen=True, slots=True)
class Selection:
    """The orders of a scope. `works` are those that its holders have a share of."""

    journal: Journal
    scope: Scope
    works: Sequence[str] = ()

    def orders(self) -> Iterator[str]:
        """Ids of the orders, in the order of their first event. None is missed where others are judged meanwhile."""
        where, values = self._where()
        number, query = (
            0,
            f"SELECT number, order_id FROM orders WHERE {where} AND number > ? ORDER BY number LIMIT 1000",
        )
        while rows := list(self.journal.rows(query, *values, number)):
            yield from (order for _, order in rows)
            number = rows[-1][0]

    def count(self, condition: str = "1") -> int:
        """How many there are, with a condition on the table of orders."""
        where, values = self._where()
        return int(self.journal.value(f"SELECT COUNT(*) FROM orders WHERE {where} AND {condition}", *values))

    def count_events(self, kind: str) -> int:
        where, values = self._where()
        query = f"SELECT COUNT(*) FROM events JOIN orders USING (order_id) WHERE events.kind = ? AND {where}"
        return int(self.journal.value(query, kind, *values))

    def things(self) -> set[str]:
        """Works and models that the orders name."""
        where, values = self._where()
        rows = self.journal.rows(f"SELECT DISTINCT thing FROM named JOIN orders USING (number) WHERE {where}", *values)
        return {thing for (thing,) in rows}

    def highest_rank(self, replays: Replays) -> str:
        """The rank up to which delivered orders are generated again; empty where none is."""
        count = replays.of(self.count("committed"))
        where, values = self._where()
        query = f"SELECT rank FROM orders WHERE {where} AND committed ORDER BY rank LIMIT 1 OFFSET ?"
        return str(self.journal.value(query, *values, count - 1)) if count else ""

    def rank(self, order: str) -> str:
        return str(self.journal.value("SELECT rank FROM orders WHERE order_id = ?", order))

    def unknown_orders(self) -> list[str]:
        query = f"SELECT 1 FROM orders WHERE order_id = ? AND {_OF_NO_FINE}"
        return [order for order in self.scope.orders if self.journal.value(query, order) is None]

    def unknown_operators(self) -> list[str]:
        query = "SELECT 1 FROM events WHERE operator = ? LIMIT 1"
        return [name for name in self.scope.operators if self.journal.value(query, name) is None]

    def _where(self) -> tuple[str, list[object]]:
        """Conditions on the table of orders, and their values."""
        scope = self.scope
        conditions: list[tuple[str, object]] = []
        conditions += [(_NAMES, listed(things)) for things in (scope.works, scope.models) if things]
        conditions += [(_NAMES, listed(self.works))] if scope.holders else []
        conditions += [(f"orders.order_id {_IN}", listed(scope.orders))] if scope.orders else []
        conditions += [(f"orders.operator {_IN}", listed(scope.operators))] if scope.operators else []
        conditions += [("orders.block >= ?", scope.first_block)] if scope.first_block is not None else []
        conditions += [("orders.block <= ?", scope.last_block)] if scope.last_block is not None else []
        return " AND ".join([_OF_NO_FINE, *(text for text, _ in conditions)]), [value for _, value in conditions]
