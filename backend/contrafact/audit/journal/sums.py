"""Accounts, bonds and tokens, summed up by the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from contrafact.audit.journal import codec
from contrafact.audit.journal.book import Journal
from contrafact.audit.order_events import Movement
from contrafact.audit.totals import AccountHistory, BondHistory, TokenHistory
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.history import Paid
from contrafact.domain.terms import NATIVE
from contrafact.ports import OrderStatus


@dataclass(frozen=True, slots=True)
class Payouts:
    """What an account paid, read again each time that it is gone through."""

    journal: Journal
    account: str

    def __iter__(self) -> Iterator[Paid]:
        query = "SELECT body FROM events WHERE account = ? AND kind = 'Paid' ORDER BY place"
        return (codec.load(Paid, body) for (body,) in self.journal.rows(query, self.account))


@dataclass(frozen=True, slots=True)
class Movements:
    """All events of an account that was ever held, read again each time that they are gone through."""

    journal: Journal
    account: str

    def __iter__(self) -> Iterator[Movement]:
        held = "SELECT 1 FROM events WHERE account = ? AND kind = 'AccountHeld' LIMIT 1"
        if self.journal.value(held, self.account) is None:
            return
        query = "SELECT kind, body FROM events WHERE account = ?1 OR (kind = 'HeldMoved' AND other = ?1) ORDER BY place"
        for kind, body in self.journal.rows(query, self.account):
            event = codec.load_event(kind, body)
            if isinstance(event, Movement):
                yield event


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over all events of orders and money."""

    journal: Journal

    def splits_of_accounts(self) -> dict[bytes, bytes | None]:
        """Every royalty account that an order or an event names, with its split root where an event told it."""
        rows = self.journal.rows("SELECT account, split_root FROM accounts")
        found: dict[bytes, bytes | None] = {from_hex(account): from_hex(root) for account, root in rows}
        query = (
            "SELECT DISTINCT account FROM events WHERE account IS NOT NULL AND kind <> 'AccountHeld'"
            " UNION SELECT DISTINCT other FROM events WHERE kind = 'HeldMoved'"
        )
        return {from_hex(account): None for (account,) in self.journal.rows(query)} | found

    def places_paid(self) -> set[tuple[bytes, int]]:
        """Accounts and indices of the places that were paid."""
        rows = self.journal.rows("SELECT DISTINCT account, other FROM events WHERE kind = 'Paid'")
        return {(from_hex(account), int(index)) for account, index in rows}

    def account(self, account: bytes, split_root: bytes | None, token: str | None) -> AccountHistory:
        """One account's history; split and `token` are what it is opened for, None where that is not known."""
        name = to_hex(account)
        in_, out = (self._sum(f"kind = 'HeldMoved' AND {column} = ?", name) for column in ("other", "account"))
        rows = self.journal.rows(
            "SELECT other, total_of(amount) FROM events WHERE kind = 'Paid' AND account = ? GROUP BY other", name
        )
        query = "SELECT token FROM events WHERE account = ? AND token IS NOT NULL ORDER BY kind, place LIMIT 1"
        return AccountHistory(
            account=account,
            split_root=split_root,
            credited=self._sum("kind = 'Credited' AND account = ?", name),
            moved=in_ - out,
            got={int(index): int(total) for index, total in rows},
            paid=Payouts(self.journal, name),
            movements=Movements(self.journal, name),
            token=self.journal.value(query, name) or token or NATIVE,
        )

    def operators(self) -> Sequence[tuple[str, str]]:
        """Every operator with each token that it has a bond or an order in."""
        query = "SELECT DISTINCT operator, token FROM events WHERE operator IS NOT NULL ORDER BY operator, token"
        return [(operator, token) for operator, token in self.journal.rows(query)]

    def tokens(self) -> Sequence[str]:
        """Every token that an event names, and the chain's coin, whose balance is there to be read in any case."""
        query = "SELECT DISTINCT token FROM events WHERE token IS NOT NULL AND kind <> 'Fined'"
        return sorted({NATIVE, *(token for (token,) in self.journal.rows(query))})

    def payees(self, token: str) -> Iterator[str]:
        """Whoever may be owed something in a token outside of the accounts, each once."""
        query = (
            "SELECT maker FROM orders WHERE token = ? UNION SELECT operator FROM orders WHERE token = ?"
            " UNION SELECT other FROM events WHERE kind = 'Fined' AND token = ?"
        )
        return (payee for (payee,) in self.journal.rows(query, token, token, token))

    def bond(self, operator: str, token: str) -> BondHistory:
        mine = "operator = ? AND token = ?"
        refunds = (
            "SELECT total_of(e.other) FROM events e JOIN orders o USING (order_id)"
            " WHERE e.kind = 'Refunded' AND o.operator = ? AND o.token = ?"
        )
        open_ = f"SELECT total_of(escrowed) FROM orders WHERE {mine} AND status = ?"
        return BondHistory(
            operator,
            token,
            moved=self._sum(f"kind = 'BondMoved' AND {mine}", operator, token),
            penalties=int(self.journal.value(refunds, operator, token) or 0),
            open=int(self.journal.value(open_, operator, token, OrderStatus.FUNDED.value) or 0),
        )

    def token(self, token: str) -> TokenHistory:
        of_orders = {kind: self._of_orders(kind, token) for kind in ("Raised", "DownstreamPaid", "Committed", "Ruled")}
        open_ = "SELECT total_of(escrowed) FROM orders WHERE token = ? AND status = ?"
        return TokenHistory(
            token,
            funded=self._of("Funded", token),
            raised=of_orders["Raised"],
            downstream=of_orders["DownstreamPaid"],
            settled_out=of_orders["Committed"],
            refunded=self._of_orders("Refunded", token),
            penalties=self._of_orders("Refunded", token, "other"),
            credited=self._of("Credited", token),
            paid=self._of("Paid", token),
            bonds=self._of("BondMoved", token),
            ruled=of_orders["Ruled"],
            fined=self._of("Fined", token),
            open=int(self.journal.value(open_, token, OrderStatus.FUNDED.value) or 0),
            waiting=self._waiting(token),
            pool_fines=self._pool_fines(token),
        )

    def counts(self) -> dict[str, int]:
        """How many events there are of each kind."""
        return dict(self.journal.rows("SELECT kind, COUNT(*) FROM events GROUP BY kind"))

    def payouts(self, accounts: Collection[bytes]) -> int:
        """How many payouts these accounts made."""
        rows = self.journal.rows("SELECT account, COUNT(*) FROM events WHERE kind = 'Paid' GROUP BY account")
        return sum(count for account, count in rows if from_hex(account) in accounts)

    def _waiting(self, token: str) -> int:
        ended = "SELECT order_id FROM events WHERE kind IN ('Committed', 'Refunded')"
        query = f"SELECT total_of(amount) FROM events WHERE kind = 'Funded' AND token = ? AND order_id NOT IN ({ended})"
        return int(self.journal.value(query, token) or 0)

    def _pool_fines(self, token: str) -> int:
        fines = "SELECT order_id FROM events WHERE kind = 'Fined' AND token = ?"
        return self._sum(f"kind = 'Credited' AND token = ? AND order_id IN ({fines})", token, token)

    def _of(self, kind: str, token: str) -> int:
        return self._sum("kind = ? AND token = ?", kind, token)

    def _of_orders(self, kind: str, token: str, column: str = "amount") -> int:
        """The sum of one kind of events of the orders that were funded in the token."""
        query = (
            f"SELECT total_of(e.{column}) FROM events e JOIN orders o USING (order_id) WHERE e.kind = ? AND o.token = ?"
        )
        return int(self.journal.value(query, kind, token) or 0)

    def _sum(self, where: str, *values: object) -> int:
        return int(self.journal.value(f"SELECT total_of(amount) FROM events WHERE {where}", *values) or 0)
