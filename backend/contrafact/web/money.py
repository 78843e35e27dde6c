"""Amounts as documents write them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from contrafact.domain.money import Currency
from contrafact.web.schemas.fields import Money


class Purse:
    """Writes amounts of one token."""

    def __init__(self, token: str, currency: Callable[[str], Currency]) -> None:
        self._token, self._currency = token, currency(token)

    def __call__(self, units: int) -> Money:
        return Money(units=str(units), token=self._token, text=self._currency.format(units))


def remembered(currency: Callable[[str], Currency]) -> Callable[[str], Currency]:
    """The same, asking the chain once for a token; a page of works names few of them often."""
    return lru_cache(maxsize=1024)(currency)
