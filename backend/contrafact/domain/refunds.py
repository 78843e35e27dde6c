"""What a maker gets back of an order that was not delivered: when, by whom, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.settlement import refund_penalty


@dataclass(frozen=True, slots=True)
class RefundRight:
    """From the second `since` of the chain's time on, anybody may send the refund; the maker gets all of it.

    `escrowed` is what the maker paid in, `penalty` comes on top from the operator's bond, in the order's token.
    """

    order_id: bytes
    maker: str
    token: str
    since: int
    escrowed: int
    penalty: int

    @property
    def amount(self) -> int:
        """All that the maker gets."""
        return self.escrowed + self.penalty

    def is_due(self, now: int) -> bool:
        """`now` is the time of a block of the chain, never that of a machine."""
        return now >= self.since


def refund_right(order_id: bytes, maker: str, token: str, escrowed: int, deadline: int) -> RefundRight:
    """Of an order that is funded and not committed. The deadline's own second still belongs to the operator."""
    return RefundRight(order_id, maker, token, deadline + 1, escrowed, refund_penalty(escrowed))
