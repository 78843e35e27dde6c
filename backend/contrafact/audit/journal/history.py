"""Events into the journal, range by range, and out of it, order by order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contrafact.audit.journal import codec
from contrafact.audit.journal.book import Journal
from contrafact.audit.journal.rows import digests_of, row_of
from contrafact.audit.order_events import OrderEvent, OrderEvents, Repeated
from contrafact.domain.digests import from_hex, sha256, to_hex
from contrafact.domain.history import Committed, Credited, Funded
from contrafact.domain.orders import Quote
from contrafact.domain.splits import account_id

_REPEATS_SHOWN = 4
_OF_NO_FINE = "order_id NOT IN (SELECT order_id FROM events WHERE kind = 'Fined')"
_account = lru_cache(maxsize=65_536)(account_id)


@dataclass(frozen=True, slots=True)
class History:
    """What the chain said of orders and money."""

    journal: Journal

    @property
    def read_to(self) -> int | None:
        """The last block whose events are here."""
        found = self.journal.note("read to")
        return None if found is None else int(found)

    def add(self, events: Sequence[OrderEvent], last: int, salt: bytes) -> None:
        """Takes in the events of a range that ends with the block `last`; `salt` is the audited block's hash."""
        with self.journal.transaction():
            for event in events:
                self._add(event, salt)
            self.journal.keep_notes({"read to": str(last)})

    def quote_of(self, order_id: bytes) -> Quote | None:
        """The quote of an order that was funded."""
        query = "SELECT body FROM events WHERE order_id = ? AND kind = 'Funded' ORDER BY place LIMIT 1"
        body = self.journal.value(query, to_hex(order_id))
        return None if body is None else codec.load(Funded, body).quote

    def order(self, order_id: str) -> OrderEvents:
        """The events of one order, with what it shares with orders before it."""
        query = "SELECT kind, body FROM events WHERE order_id = ? ORDER BY place"
        events = [codec.load_event(kind, body) for kind, body in self.journal.rows(query, order_id)]
        return OrderEvents.of(from_hex(order_id), events, tuple(self._repeated(order_id)))

    def ordered(self) -> frozenset[bytes]:
        """Ids of the works and models that any order names."""
        return frozenset(from_hex(thing) for (thing,) in self.journal.rows("SELECT DISTINCT thing FROM named"))

    def orders(self) -> int:
        """How many orders there are."""
        return int(self.journal.value(f"SELECT COUNT(*) FROM orders WHERE {_OF_NO_FINE}"))

    def _add(self, event: OrderEvent, salt: bytes) -> None:
        row = row_of(event)
        columns = (row.kind, event.block, row.order, row.account, row.other, row.operator, row.token, str(row.amount))
        found = self.journal.database.execute(
            "INSERT INTO events (kind, block, order_id, account, other, operator, token, amount, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*columns, codec.dump(type(event), event)),
        )
        if row.order is not None and row.kind not in ("Fined", "BondMoved"):
            self._add_order(row.order, salt)
        if isinstance(event, Funded):
            self._add_funded(event)
        if isinstance(event, Committed):
            self._add_digests(event, found.lastrowid or 0)
        if isinstance(event, Credited):
            self._add_accounts([(event.account, event.split_root)])

    def _add_order(self, order: str, salt: bytes) -> None:
        rank = to_hex(sha256(salt + from_hex(order)))
        self.journal.database.execute("INSERT OR IGNORE INTO orders (order_id, rank) VALUES (?, ?)", (order, rank))

    def _add_funded(self, event: Funded) -> None:
        quote, order = event.quote, to_hex(event.order_id)
        values = (quote.maker, quote.operator, quote.token, str(event.escrowed), event.block)
        self.journal.database.execute(
            "UPDATE orders SET maker = ?, operator = ?, token = ?, escrowed = ?, block = ?"
            " WHERE order_id = ? AND block IS NULL",
            (*values, order),
        )
        owners = [(source.work_id, source.split_root) for source in quote.sources]
        owners.append((quote.model_id, quote.pool_root))
        self.journal.database.executemany(
            "INSERT OR IGNORE INTO named SELECT ?, number FROM orders WHERE order_id = ?",
            [(to_hex(owner), order) for owner, _ in owners],
        )
        self._add_accounts([(_account(owner, root, quote.token), root) for owner, root in owners])
        self._add_digest("commitment to the operator's secret", quote.seed_commitment, 0, order)

    def _add_digests(self, event: Committed, place: int) -> None:
        order = to_hex(event.commit.order_id)
        self.journal.database.execute("UPDATE orders SET committed = 1 WHERE order_id = ?", (order,))
        for what, digest in digests_of(event):
            self._add_digest(what, digest, place, order)

    def _add_digest(self, what: str, digest: bytes, place: int, order: str) -> None:
        row = (to_hex(digest), what, place, order)
        self.journal.database.execute("INSERT OR IGNORE INTO digests VALUES (?, ?, ?, ?)", row)

    def _add_accounts(self, accounts: Sequence[tuple[bytes, bytes]]) -> None:
        rows = [(to_hex(account), to_hex(root)) for account, root in accounts]
        self.journal.database.executemany("INSERT OR IGNORE INTO accounts VALUES (?, ?)", rows)

    def _repeated(self, order: str) -> Iterator[Repeated]:
        """What the order has in common with orders that had it first."""
        query = """
            SELECT mine.what, mine.digest, other.order_id FROM digests mine JOIN digests other
              ON other.digest = mine.digest AND other.what = mine.what AND other.order_id <> mine.order_id
            JOIN orders this ON this.order_id = mine.order_id JOIN orders that ON that.order_id = other.order_id
            WHERE mine.order_id = ? AND (other.place, that.number) < (mine.place, this.number)
            ORDER BY other.place, that.number LIMIT ?"""
        found: dict[tuple[str, str], list[bytes]] = {}
        for what, digest, other in self.journal.rows(query, order, _REPEATS_SHOWN):
            found.setdefault((what, digest), []).append(from_hex(other))
        for (what, digest), others in found.items():
            yield Repeated(what, from_hex(digest), tuple(others))
