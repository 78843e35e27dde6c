"""The money of all orders of a report, by token: what came in, where it went, and what is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contrafact.audit.summary import OrderSummary
from contrafact.ports import OrderStatus


@dataclass(frozen=True, slots=True)
class TokenMoney:
    """Amounts in units of `token`.

    `penalties` came from operators' bonds, `later` after the commit: wider uses, later revenue, rulings. `missing` is
    what came in and went nowhere; in a history that holds it is 0.
    """

    token: str
    orders: int
    escrowed: int
    penalties: int
    to_holders: int
    to_pools: int
    to_operators: int
    to_makers: int
    held: int

    @property
    def came_in(self) -> int:
        return self.escrowed + self.penalties

    @property
    def went_out(self) -> int:
        return self.to_holders + self.to_pools + self.to_operators + self.to_makers

    @property
    def later(self) -> int:
        return max(0, self.went_out + self.held - self.came_in)

    @property
    def missing(self) -> int:
        return max(0, self.came_in - self.went_out - self.held)


def money_by_token(orders: Iterable[OrderSummary]) -> tuple[TokenMoney, ...]:
    """The money of these orders, tokens in the order in which they first appear."""
    by_token: dict[str, list[OrderSummary]] = {}
    for order in orders:
        by_token.setdefault(order.token, []).append(order)
    return tuple(_money(token, mine) for token, mine in by_token.items())


def _money(token: str, orders: list[OrderSummary]) -> TokenMoney:
    payments = [payment for order in orders for payment in order.payments]
    lost = [order for order in orders if order.status is OrderStatus.REFUNDED]
    return TokenMoney(
        token,
        len(orders),
        escrowed=sum(order.escrowed for order in orders),
        penalties=sum(max(0, order.returned - order.escrowed) for order in lost),
        to_holders=sum(payment.amount for payment in payments if payment.kind == "work"),
        to_pools=sum(payment.amount for payment in payments if payment.kind == "base"),
        to_operators=sum(order.operator_fee for order in orders),
        to_makers=sum(order.returned for order in orders),
        held=sum(order.waiting for order in orders),
    )
