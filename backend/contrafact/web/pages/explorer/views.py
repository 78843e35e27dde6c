"""What pages of the explorer show, beside the API's own documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import QueryParams

from contrafact.domain.digests import to_hex
from contrafact.read_model import OrderRow
from contrafact.web.orders import summary
from contrafact.web.schemas.fields import Money, time
from contrafact.web.schemas.orders import OrderSummary
from contrafact.web.services import Services
from contrafact.web.works import row_of

STATUS = {
    "none": ("", "offered, not paid"),
    "funded": ("warn", "being made"),
    "committed": ("good", "delivered"),
    "refunded": ("bad", "money given back"),
}
"""How the status of an order looks, and what people call it."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a list."""

    order: OrderSummary

    @property
    def titles(self) -> list[str | None]:
        return self.order.titles

    @property
    def chip(self) -> tuple[str, str]:
        return STATUS[self.order.status]


def order_line(row: OrderRow, services: Services) -> OrderLine:
    return OrderLine(summary(row, services))


def money(services: Services, units: int, token: str) -> Money:
    """An amount as the API writes it."""
    return Money(units=str(units), token=token, text=services.currency(token).format(units))


def moneys(services: Services, by_token: Mapping[str, int]) -> list[Money]:
    """One amount a token, without those of nothing."""
    return [money(services, units, token) for token, units in sorted(by_token.items()) if units > 0]


def names(services: Services, ids: list[bytes]) -> dict[bytes, str]:
    """Titles of works and names of models, by id; the beginning of the id where none is published."""
    models = {row.model.model_id: row.name for row in services.read_model.models()}
    found: dict[bytes, str] = {}
    for each in ids:
        work = None if each in models else row_of(services, each)
        found[each] = (models.get(each) or (work.title if work else None)) or f"{to_hex(each)[:10]}…"
    return found


def at(seconds: int) -> datetime:
    return time(seconds)


def filled(asked: QueryParams) -> dict[str, str]:
    """What a form asks for, without the fields that were left empty."""
    return {name: value.strip() for name, value in asked.items() if value.strip()}
