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
    """The money of these orders, one by one; tokens in the order in which they first appear."""
    sums: dict[str, list[int]] = {}
    for order in orders:
        so_far = sums.get(order.token, [0] * 8)
        sums[order.token] = [a + b for a, b in zip(so_far, _of(order), strict=True)]
    return tuple(TokenMoney(token, *amounts) for token, amounts in sums.items())


def _of(order: OrderSummary) -> tuple[int, ...]:
    """The amounts of one order, in the order of `TokenMoney`."""
    lost = order.status is OrderStatus.REFUNDED
    return (
        1,
        order.escrowed,
        max(0, order.returned - order.escrowed) if lost else 0,
        sum(payment.amount for payment in order.payments if payment.kind == "work"),
        sum(payment.amount for payment in order.payments if payment.kind == "base"),
        order.operator_fee,
        order.returned,
        order.waiting,
    )
